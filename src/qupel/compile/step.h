#pragma once
#include <array>
#include <vector>

#include "qupel/circuit/circuit.h"
#include "qupel/compile/matrices.h"

// What the compiler works on between the circuit that it reads and the one that it writes.
namespace qupel {

/// A gate by what it does, whatever it was called, or an operation that stays as it is.
struct CompileStep {
  enum class Kind {
    one,     ///< a gate on one qubit without slots
    turn,    ///< exp(-i angle/2 P) on one qubit, with a slot
    two,     ///< a gate on two qubits without slots
    parity,  ///< exp(-i angle/2 ZZ), with a slot
    other    ///< no gate, or a gate with conditions
  };
  Kind kind = Kind::other;
  std::vector<int> qubits = {};
  Matrix2 one = Matrix2::Identity();
  Matrix4 two = Matrix4::Identity();
  int axis = 2;  ///< of a turn: X, Y or Z by 0, 1 or 2
  Angle angle = {};
  Operation operation = {};  ///< where `kind` is other; its qubits equal `qubits`
  /// Bit k: it commutes with Pauli matrix k on its first or second qubit. Two steps commute if on each qubit
  /// that they share both commute with one and the same.
  std::array<unsigned, 2> axes = {0, 0};

  bool couples() const {  ///< whether its two qubits must be neighbours
    return qubits.size() == 2 && (kind != Kind::other || operation.spec->gate());
  }
  /// `axes` on one of its qubits.
  unsigned axes_on(int qubit) const { return axes[qubit == qubits[0] ? 0 : 1]; }
};

CompileStep one_step(int qubit, const Matrix2& gate);
CompileStep turn_step(int qubit, int axis, const Angle& angle);  ///< without a slot: of kind `one`
CompileStep two_step(int first, int second, const Matrix4& gate);
CompileStep parity_step(int first, int second, const Angle& angle);  ///< without a slot: of kind `two`
CompileStep other_step(Operation operation);
/// The gate of two qubits with this one of them as the first.
Matrix4 gate_on(const CompileStep& step, int first);

/// A circuit in gates on one and two qubits.
std::vector<CompileStep> steps_of(const Circuit& circuit);

}  // namespace qupel
