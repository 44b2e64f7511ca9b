#include "qupel/circuit/live_bits.h"

namespace qupel {

std::vector<std::vector<bool>> live_bits(const Circuit& circuit, std::vector<bool> live) {
  const auto operations = circuit.operations();
  std::vector<std::vector<bool>> all(operations.size());
  for (std::size_t s = operations.size(); s-- > 0;) {
    all[s] = live;
    const auto& conditions = operations[s].conditions;
    for (const int bit : operations[s].bits)
      if (conditions.empty()) live[static_cast<std::size_t>(bit)] = false;
    for (const auto& condition : conditions)
      for (const int bit : condition.bits) live[static_cast<std::size_t>(bit)] = true;
  }
  return all;
}

}  // namespace qupel
