#pragma once
#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "qupel/circuit/op_spec.h"

namespace qupel {

/// Where the variable part of an angle comes from: a feature of the sample or a trainable parameter.
struct Slot {
  enum class Kind { none, feature, parameter };
  Kind kind = Kind::none;
  int index = 0;
  friend bool operator==(const Slot&, const Slot&) = default;
};

/// angle = scale * value(slot) + offset, in radians.
struct Angle {
  double scale = 0;
  Slot slot{};
  double offset = 0;

  Angle() = default;
  Angle(double constant) : offset(constant) {}  // NOLINT(google-explicit-constructor): a number is an angle
  Angle(double factor, Slot from, double shift = 0) : scale(factor), slot(from), offset(shift) {}
  static Angle feature(int index, double scale = 1, double offset = 0) {
    return {scale, {Slot::Kind::feature, index}, offset};
  }
  static Angle parameter(int index, double scale = 1, double offset = 0) {
    return {scale, {Slot::Kind::parameter, index}, offset};
  }
  /// @throws InputError if the slot's index is beyond the values given
  double value(std::span<const double> features, std::span<const double> parameters) const;
  friend bool operator==(const Angle&, const Angle&) = default;
};

struct Operation {
  const OpSpec* spec = nullptr;
  std::vector<int> qubits;  ///< controls first
  std::vector<Angle> angles;
  std::string pauli;  ///< letters for an operation on any number of qubits; else spec->pauli

  /// The Pauli letters of a pauli_rotation, one a qubit of this operation.
  std::string_view letters() const { return pauli.empty() ? spec->pauli : std::string_view(pauli); }
  friend bool operator==(const Operation&, const Operation&) = default;
};

/// The operation that undoes it.
Operation inverse(const Operation& operation);

/// What a circuit asks of a device.
struct CircuitCost {
  int qubits = 0;
  std::map<std::string, long> gates;  ///< by operation name
  long one_qubit = 0, two_qubit = 0, larger = 0;
  long depth = 0;            ///< layers of operations on disjoint qubits
  long two_qubit_depth = 0;  ///< the same, counting operations on two or more qubits only
};

/// Gates over qubits, applied in order to |0...0>. Qubit 0 is the lowest bit of a basis state's index and the
/// last character of a bit string.
class Circuit {
 public:
  explicit Circuit(int qubits);  ///< @throws InputError below one qubit

  /// Appends an operation. @throws InputError for a wrong number of qubits or angles, a qubit out of range or
  /// twice
  Circuit& add(const OpSpec& spec, std::vector<int> qubits, std::vector<Angle> angles = {});
  Circuit& add(std::string_view name, std::vector<int> qubits, std::vector<Angle> angles = {});
  /// exp(-i angle/2 P), a letter I, X, Y or Z a qubit; qubits with an I are left out.
  /// @throws InputError as add(), for another letter, or if every letter is I
  Circuit& add_pauli_rotation(std::string_view letters, std::vector<int> qubits, Angle angle);
  /// Appends another circuit on the same qubits; its slots keep their indices plus the given shifts.
  Circuit& append(const Circuit& other, int feature_shift = 0, int parameter_shift = 0);

  int qubits() const { return qubits_; }
  int features() const { return features_; }      ///< 1 + the highest feature slot used
  int parameters() const { return parameters_; }  ///< 1 + the highest parameter slot used
  std::span<const Operation> operations() const { return operations_; }

  /// @throws InputError naming the first slot, unless every angle is a number
  void require_bound() const;

  Circuit inverse() const;
  /// The same circuit with every slot replaced by its value. @throws InputError if values are missing
  Circuit bind(std::span<const double> features, std::span<const double> parameters) const;
  /// Operations on more than one qubit replaced by nothing (entanglers removed): the separable twin.
  Circuit separable() const;
  CircuitCost cost() const;

  friend bool operator==(const Circuit&, const Circuit&) = default;

 private:
  Circuit& add(Operation added);

  int qubits_, features_ = 0, parameters_ = 0;
  std::vector<Operation> operations_;
};

/// OpenQASM 3; unbound slots become `input float[64]` parameters x0.. and theta0.., operations that
/// stdgates.inc lacks become gate definitions (equal up to a global phase). There is no measurement: a reader
/// adds what it needs.
std::string to_qasm(const Circuit& circuit);

/// A text drawing with Unicode lines, wrapped to `width` columns, one qubit a line.
std::string draw(const Circuit& circuit, int width = 100);

/// The definition: the final state of |0...0> by dense matrices, 2^qubits amplitudes. Slow and obviously
/// correct.
/// @throws InputError above 20 qubits or if slot values are missing
std::vector<Complex> dense_state(const Circuit& circuit, std::span<const double> features = {},
                                 std::span<const double> parameters = {});

}  // namespace qupel
