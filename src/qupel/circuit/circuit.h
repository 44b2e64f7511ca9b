#pragma once
#include <cstddef>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "qupel/circuit/classical.h"
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
  bool is_feature() const { return slot.kind == Slot::Kind::feature; }
  /// @throws InputError if the slot's index is beyond the values given
  double value(std::span<const double> features, std::span<const double> parameters) const;
  friend bool operator==(const Angle&, const Angle&) = default;
};

/// A gate that several operations carry out: one gate for whoever disturbs or counts gates.
struct CompositeGate {
  std::string name;         ///< as a program calls it
  std::vector<int> qubits;  ///< controls first; left out if they are those of its one part
  std::size_t parts = 1;
};

/// Which part of a composite gate an operation is. It is no part of what the operation does, so that all
/// compare equal.
struct GatePart {
  std::shared_ptr<const CompositeGate> gate;  ///< null: the operation is a gate of its own
  std::size_t index = 0;                      ///< parts follow each other from 0 on
  friend bool operator==(const GatePart&, const GatePart&) { return true; }
};

struct Operation {
  const OpSpec* spec = nullptr;
  std::vector<int> qubits;  ///< controls first
  std::vector<Angle> angles;
  std::string pauli;           ///< letters for an operation on any number of qubits; else spec->pauli
  std::vector<int> bits = {};  ///< classical ones that it writes
  std::vector<Condition> conditions = {};  ///< it happens where all of them hold
  Duration duration = {};                  ///< of a delay
  GatePart part = {};

  /// The Pauli letters of a pauli_rotation, one a qubit of this operation.
  std::string_view letters() const { return pauli.empty() ? spec->pauli : std::string_view(pauli); }
  friend bool operator==(const Operation&, const Operation&) = default;
};

/// The operation that undoes it. @throws InputError for a measurement, a reset, and what writes or reads bits
Operation inverse(const Operation& operation);

/// What a circuit asks of a device.
struct CircuitCost {
  int qubits = 0;
  std::map<std::string, long> gates;  ///< by operation name; what is no gate counts apart
  long one_qubit = 0, two_qubit = 0, larger = 0;
  /// Layers of gates on disjoint qubits. A barrier aligns its qubits, and a gate with conditions follows the
  /// gates before what wrote their bits.
  long depth = 0;
  long two_qubit_depth = 0;  ///< the same, counting gates on two or more qubits only
  long measurements = 0, resets = 0;
  long conditioned = 0;  ///< gates with conditions
};

/// Operations over qubits, applied in order to |0...0>, and classical bits, 0 at first. Qubit 0 is the lowest
/// bit of a basis state's index and the last character of a bit string; bits likewise.
class Circuit {
 public:
  explicit Circuit(int qubits);  ///< @throws InputError below one qubit

  /// Appends an operation. @throws InputError for a wrong number of qubits or
  /// angles, a qubit out of range or twice
  Circuit& add(const OpSpec& spec, std::vector<int> qubits, std::vector<Angle> angles = {});
  Circuit& add(std::string_view name, std::vector<int> qubits, std::vector<Angle> angles = {});
  /// exp(-i angle/2 P), a letter I, X, Y or Z a qubit; qubits with an I are left out.
  /// @throws InputError as add(), for another letter, or if every letter is I
  Circuit& add_pauli_rotation(std::string_view letters, std::vector<int> qubits, Angle angle);
  /// Appends any operation. @throws InputError as above, and for bits that the circuit lacks, conditions
  /// without bits or on too many, or a delay that is no length of time
  Circuit& add(Operation added);

  /// Appends classical bits, under a name or none, and returns the number of the first.
  /// @throws InputError for less than one bit, or a name that is taken
  int add_bits(std::string_view name, int size);
  Circuit& measure(int qubit, int bit);
  Circuit& reset(int qubit);
  Circuit& barrier(std::vector<int> qubits);
  Circuit& delay(int qubit, Duration duration);
  Circuit& write(int bit, bool value);
  /// Appends a gate that happens where the condition holds.
  Circuit& add_if(Condition condition, std::string_view name, std::vector<int> qubits,
                  std::vector<Angle> angles = {});

  /// Appends another circuit on the same qubits; its slots keep their indices plus the given
  /// shifts. Bits keep their numbers; those that this circuit lacks are added. @throws
  /// InputError if qubits or registers differ
  Circuit& append(const Circuit& other, int feature_shift = 0, int parameter_shift = 0);

  int qubits() const { return qubits_; }
  int features() const { return features_; }      ///< 1 + the highest feature slot used
  int parameters() const { return parameters_; }  ///< 1 + the highest parameter slot used
  std::span<const Operation> operations() const { return operations_; }
  int bits() const { return bits_; }
  std::span<const BitRegister> registers() const { return registers_; }  ///< hold all bits, in order
  bool measures() const;                                                 ///< into a bit that has a name
  /// Gates without conditions only, beside barriers and delays: the state at the end is pure.
  bool unitary() const;
  /// @throws InputError naming the first operation that is not unitary
  void require_unitary() const;

  /// @throws InputError naming the first slot, unless every angle is a number
  void require_bound() const;

  Circuit without_operations() const;  ///< its qubits and classical bits
  Circuit inverse() const;             ///< @throws InputError if an operation cannot be undone
  /// The same circuit with every slot replaced by its value. @throws InputError if values are missing
  Circuit bind(std::span<const double> features, std::span<const double> parameters) const;
  /// Gates on more than one qubit replaced by nothing (entanglers removed): the separable twin. Measurements
  /// and what they decide stay: they correlate qubits, and entangle none.
  Circuit separable() const;
  CircuitCost cost() const;

  friend bool operator==(const Circuit&, const Circuit&) = default;

 private:
  int qubits_, features_ = 0, parameters_ = 0, bits_ = 0;
  std::vector<BitRegister> registers_;
  std::vector<Operation> operations_;
};

/// OpenQASM 3; unbound slots become `input float[64]` parameters x0.. and theta0.., operations that
/// stdgates.inc lacks become gate definitions (equal up to a global phase).
std::string to_qasm(const Circuit& circuit);

/// A text drawing with Unicode lines, wrapped to `width` columns, one qubit a line.
std::string draw(const Circuit& circuit, int width = 100);

/// The definition: the final state of |0...0> by dense matrices, 2^qubits
/// amplitudes. Slow and obviously correct.
/// @throws InputError above 20 qubits, if slot values are missing, or if the circuit is not unitary
std::vector<Complex> dense_state(const Circuit& circuit, std::span<const double> features = {},
                                 std::span<const double> parameters = {});

}  // namespace qupel
