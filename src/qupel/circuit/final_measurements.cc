#include "qupel/circuit/final_measurements.h"

#include <algorithm>
#include <optional>

namespace qupel {
namespace {

using From = FinalBit::From;

// Goes through a circuit from its end, and knows what comes later.
class Backwards {
 public:
  Backwards(const Circuit& circuit, bool repeatable)
      : repeatable_(repeatable),
        acted_on_(static_cast<std::size_t>(circuit.qubits())),
        read_(static_cast<std::size_t>(circuit.bits())),
        known_(static_cast<std::size_t>(circuit.bits())) {}

  // Takes the operation if it only says what a bit is at the end; else it belongs to the body.
  bool takes(const Operation& operation) {
    if (operation.spec->structure == Structure::barrier)  // it says nothing where nothing follows
      return std::ranges::none_of(operation.qubits, [&](int q) { return acted_on_[index(q)]; });
    const bool measured = operation.spec->structure == Structure::measure;
    const bool writes = measured || operation.spec->classical();
    const bool seen = std::ranges::any_of(operation.bits, [&](int b) { return read_[index(b)]; }) ||
                      std::ranges::any_of(operation.qubits, [&](int q) { return acted_on_[index(q)]; });
    if (writes && !seen && operation.conditions.empty()) {
      FinalBit made{.from = From::constant, .value = operation.spec->structure == Structure::set};
      if (measured) made = {.from = From::qubit, .qubit = operation.qubits[0]};
      if (measured && !repeatable_) acted_on_[index(operation.qubits[0])] = true;
      auto& bit = known_[index(operation.bits[0])];
      if (!bit) bit = made;  // else it is overwritten later
      return true;
    }
    for (const int q : operation.qubits) acted_on_[index(q)] = true;
    for (const auto& condition : operation.conditions)
      for (const int b : condition.bits) read_[index(b)] = true;
    for (const int b : operation.bits) {
      if (!operation.conditions.empty()) read_[index(b)] = true;  // it may keep what it had
      if (auto& bit = known_[index(b)]; !bit) bit = FinalBit{};
    }
    return false;
  }
  std::vector<FinalBit> bits() const {
    std::vector<FinalBit> all;
    for (const auto& bit : known_) all.push_back(bit.value_or(FinalBit{.from = From::constant}));
    return all;
  }

 private:
  static std::size_t index(int k) { return static_cast<std::size_t>(k); }

  bool repeatable_;
  std::vector<bool> acted_on_, read_;
  std::vector<std::optional<FinalBit>> known_;
};

}  // namespace

FinalMeasurements split_final_measurements(const Circuit& circuit, bool repeatable) {
  Backwards later(circuit, repeatable);
  std::vector<const Operation*> kept;
  const auto operations = circuit.operations();
  for (auto k = operations.size(); k-- > 0;) {
    if (!later.takes(operations[k])) kept.push_back(&operations[k]);
  }
  FinalMeasurements result{circuit.without_operations(), later.bits()};
  for (auto next = kept.rbegin(); next != kept.rend(); ++next) result.body.add(**next);
  return result;
}

}  // namespace qupel
