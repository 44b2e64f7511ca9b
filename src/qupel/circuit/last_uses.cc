#include "qupel/circuit/last_uses.h"

#include <algorithm>

namespace qupel {

std::vector<std::vector<int>> last_uses(const Circuit& circuit, std::vector<bool> matters) {
  const auto operations = circuit.operations();
  std::vector<std::vector<int>> all(operations.size());
  for (std::size_t s = operations.size(); s-- > 0;) {
    const auto& bits = operations[s].bits;
    const auto& conditions = operations[s].conditions;
    const auto add_if_last = [&](int bit) {
      if (!matters[static_cast<std::size_t>(bit)] && std::ranges::find(all[s], bit) == all[s].end())
        all[s].push_back(bit);
    };
    std::ranges::for_each(bits, add_if_last);
    for (const auto& condition : conditions) std::ranges::for_each(condition.bits, add_if_last);
    for (const int bit : bits)
      if (conditions.empty()) matters[static_cast<std::size_t>(bit)] = false;
    for (const auto& condition : conditions)
      for (const int bit : condition.bits) matters[static_cast<std::size_t>(bit)] = true;
  }
  return all;
}

}  // namespace qupel
