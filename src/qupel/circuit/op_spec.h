#pragma once
#include <complex>
#include <numbers>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "qupel/base/matrix.h"

// One record an operation; parsers, writers, engines, drawings, listings
// and documentation are derived from it.
namespace qupel {

using Complex = std::complex<double>;

/// What a consumer may dispatch on. Names never decide anything. The first
/// four are gates; the others have no matrix.
enum class Structure {
  diagonal,        ///< diagonal in the computational basis, and not a Pauli rotation (z, s, cz, p, cp, crz)
  permutation,     ///< a permutation of basis states without phases (x, cx, swap, ccx, cswap)
  pauli_rotation,  ///< exp(-i angle/2 P) for the Pauli string OpSpec::pauli (rx, rz, rzz, ...)
  dense,           ///< any other gate
  measure,         ///< projects a qubit on |0> or |1> and writes which into a classical bit
  reset,           ///< makes a qubit |0>
  barrier,         ///< keeps the order of what is before and after it
  delay,           ///< lets time pass
  set,             ///< writes 1 into a classical bit
  clear,           ///< writes 0 into a classical bit
};

/// One operation. The full matrix is the controlled matrix(angles): the first `controls` qubits of an
/// operation are controls (on |1>), the remaining ones are the targets. The first target is the lowest bit of
/// the matrix's index.
struct OpSpec {
  std::string_view name;
  std::string_view summary;  ///< one line of help, with the formula
  int qubits = 1;  ///< controls included; 0: any number (pauli_rotation, barrier), or none (set, clear)
  int controls = 0;
  int angles = 0;
  int bits = 0;                          ///< classical bits that it writes
  double period = 4 * std::numbers::pi;  ///< of the full matrix in each angle
  Structure structure = Structure::dense;
  std::string_view pauli = {};  ///< for pauli_rotation: a letter a target, first target first ("ZX")
  /// The matrix on the targets, 2^(qubits-controls) square; entries are trigonometric polynomials of each
  /// angle with frequencies in {0, 1/2, 1} (so that derivative() is exact). Null for an operation on any
  /// number of qubits.
  Matrix<Complex> (*matrix)(std::span<const double> angles) = nullptr;
  /// Frequencies of an expectation value in its angles, all that any of them has: {1} for Pauli rotations,
  /// {1/2, 1} for controlled ones.
  std::vector<double> spectrum = {};
  /// Name of the inverse operation; "": the same operation with `inverse_angles`.
  std::string_view inverse = {};
  /// Angles of the inverse; null: every angle negated (self-inverse if it has none).
  std::vector<double> (*inverse_angles)(std::span<const double> angles) = nullptr;
  /// The same unitary up to a global phase from {cx, rx, ry, rz, h, ...} as text in OpenQASM syntax with
  /// qubits q0, q1,
  /// ... and angles a0, a1, ...: "cx q0, q1; rz(a0) q1; cx q0, q1". "" for elementary operations.
  std::string_view decomposition = {};
  /// Built-in or in stdgates.inc of OpenQASM 3; "" if written as its decomposition.
  std::string_view qasm = {};
  std::string_view label = {};  ///< drawn on each target; "" = the name; a lone symbol is drawn without a box

  bool gate() const { return structure < Structure::measure; }
  /// Does nothing to a state, without noise.
  bool idle() const { return structure == Structure::barrier || structure == Structure::delay; }
  /// Acts on classical bits alone.
  bool classical() const { return structure == Structure::set || structure == Structure::clear; }
};

/// All operations, in the order of the documentation. Adding one: a record in its group in circuit/ops/ (a
/// new group is also a line in registry.cc).
std::span<const OpSpec* const> operations();
/// Those that are gates.
std::span<const OpSpec* const> gates();

/// @throws InputError naming the nearest operation
const OpSpec& operation(std::string_view name);

/// d matrix / d angle[k] on the targets, exact: the four-term shift rule for frequencies {1/2, 1} applied to
/// the entries of `matrix` (Wierichs et al., "General parameter-shift rules for quantum gradients", Quantum
/// 6, 677, 2022).
Matrix<Complex> derivative(const OpSpec& spec, std::span<const double> angles, int k);

/// The full matrix with controls on spec.qubits qubits (first qubit = lowest bit): the
/// definition every engine is tested against. @throws InputError for an operation on any
/// number of qubits (see pauli_rotation_matrix)
Matrix<Complex> full_matrix(const OpSpec& spec, std::span<const double> angles);

/// exp(-i angle/2 P) for letters I, X, Y, Z (first letter = lowest qubit), dense. @throws InputError for
/// other letters
Matrix<Complex> pauli_rotation_matrix(std::string_view letters, double angle);

}  // namespace qupel
