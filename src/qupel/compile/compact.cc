#include <algorithm>

#include "qupel/compile/compile.h"

namespace qupel {

Compact compact(const Circuit& circuit, std::vector<int> keep) {
  for (const auto& operation : circuit.operations())
    if (operation.spec->structure != Structure::barrier)
      keep.insert(keep.end(), operation.qubits.begin(), operation.qubits.end());
  if (keep.empty()) keep.push_back(0);
  std::ranges::sort(keep);
  const auto last = std::unique(keep.begin(), keep.end());
  keep.erase(last, keep.end());

  Compact made{Circuit(static_cast<int>(keep.size())), std::move(keep)};
  for (const auto& bits : circuit.registers()) made.circuit.add_bits(bits.name, bits.size);
  for (Operation operation : circuit.operations()) {
    std::vector<int> places;
    for (const int q : operation.qubits) {
      const auto found = std::ranges::lower_bound(made.physical, q);
      if (found != made.physical.end() && *found == q)
        places.push_back(static_cast<int>(found - made.physical.begin()));
    }
    if (places.empty() && operation.spec->structure == Structure::barrier) continue;
    operation.qubits = std::move(places);
    made.circuit.add(std::move(operation));
  }
  return made;
}

}  // namespace qupel
