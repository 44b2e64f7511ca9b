#include "qupel/circuit/measured_part.h"

#include <algorithm>

namespace qupel {
namespace {

// Goes through a circuit from its end, and knows which qubits and bits matter later.
class Dependence {
 public:
  explicit Dependence(const Circuit& circuit)
      : qubits_(static_cast<std::size_t>(circuit.qubits())),
        bits_(static_cast<std::size_t>(circuit.bits()), true) {}

  bool matters(const Operation& operation) const {
    return any(operation.qubits, qubits_) || any(operation.bits, bits_);
  }

  void add(const Operation& operation) {
    const bool always = operation.conditions.empty();
    const bool fresh = always && operation.spec->structure == Structure::reset;
    if (always) mark(operation.bits, bits_, false);
    mark(operation.qubits, qubits_, !fresh);
    for (const auto& condition : operation.conditions) mark(condition.bits, bits_, true);
  }

 private:
  static bool any(std::span<const int> numbers, const std::vector<bool>& marks) {
    return std::ranges::any_of(numbers, [&](int k) { return marks[static_cast<std::size_t>(k)]; });
  }
  static void mark(std::span<const int> numbers, std::vector<bool>& marks, bool value) {
    for (const int k : numbers) marks[static_cast<std::size_t>(k)] = value;
  }

  std::vector<bool> qubits_, bits_;
};

}  // namespace

Circuit measured_part(const Circuit& circuit) {
  Dependence later(circuit);
  std::vector<const Operation*> kept;
  const auto operations = circuit.operations();
  for (auto k = operations.size(); k-- > 0;) {
    const auto& operation = operations[k];
    if (operation.spec->idle() || !later.matters(operation)) continue;
    later.add(operation);
    kept.push_back(&operation);
  }
  Circuit part = circuit.without_operations();
  for (auto next = kept.rbegin(); next != kept.rend(); ++next) part.add(**next);
  return part;
}

}  // namespace qupel
