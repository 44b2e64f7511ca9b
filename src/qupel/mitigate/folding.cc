#include "qupel/mitigate/folding.h"

#include <cmath>
#include <numbers>

namespace qupel::mitigate {
namespace {

/// Gate parts are pieces of one gate: only operations that are gates of their own, or end one, count.
bool foldable(const Operation& operation, std::size_t least_qubits) {
  return operation.spec->gate() && operation.conditions.empty() && operation.qubits.size() >= least_qubits;
}

std::size_t count(const Circuit& circuit, std::size_t least_qubits) {
  std::size_t gates = 0;
  for (const auto& operation : circuit.operations()) gates += foldable(operation, least_qubits) ? 1 : 0;
  return gates;
}

void add_inverse(const Operation& operation, Circuit& circuit) {
  auto undone = inverse(operation);
  if (undone.spec == operation.spec) {
    circuit.add(std::move(undone));
    return;
  }
  // sx, iswap and their kin: exp(i a X) or exp(i a (XX + YY)), whose sign Z on one qubit turns.
  circuit.add("rz", {operation.qubits.front()}, {Angle(std::numbers::pi)});
  circuit.add(operation);
  circuit.add("rz", {operation.qubits.front()}, {Angle(std::numbers::pi)});
}

}  // namespace

Folded folded(const Circuit& circuit, double scale) {
  const std::size_t least = count(circuit, 2) > 0 ? 2 : 1;
  const auto gates = count(circuit, least);
  Folded result{circuit.without_operations(), 1};
  // Folds in all: each adds two gates. They are dealt evenly: gate g has folds from floor(g f) to (g+1) f.
  const auto folds =
      static_cast<std::size_t>(std::llround(static_cast<double>(gates) * std::max(0.0, scale - 1) / 2));
  std::size_t seen = 0;
  for (const auto& operation : circuit.operations()) {
    result.circuit.add(operation);
    if (!foldable(operation, least)) continue;
    const auto times = (seen + 1) * folds / gates - seen * folds / gates;
    ++seen;
    for (std::size_t i = 0; i < times; ++i) {
      add_inverse(operation, result.circuit);
      result.circuit.add(operation);
    }
  }
  if (gates > 0) result.scale = 1 + 2 * static_cast<double>(folds) / static_cast<double>(gates);
  return result;
}

}  // namespace qupel::mitigate
