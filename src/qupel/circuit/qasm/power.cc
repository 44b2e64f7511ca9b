#include "qupel/circuit/qasm/power.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "qupel/circuit/qasm/control.h"
#include "qupel/circuit/qasm/unitary.h"

namespace qupel::qasm {
namespace {

constexpr std::size_t most_power_qubits = 5;

// Operations whose powers are multiples of their one angle.
bool scales(const Operation& step) {
  static const OpSpec& p = operation("p");
  if (step.spec == nullptr) return true;
  const auto base = without_controls(step).base;
  return base.spec->structure == Structure::pauli_rotation || base.spec == &p;
}

Sequence whole_power(const Sequence& sequence, double exponent) {
  const auto operations = sequence.operations();
  Sequence result(sequence.budget());
  if (operations.size() == 1 && scales(operations[0])) {
    Operation scaled = operations[0];
    scaled.angles[0] = times(scaled.angles[0], exponent);
    result.add(std::move(scaled));
    return result;
  }
  const auto repeated = exponent < 0 ? inverse(sequence) : sequence;
  for (double k = 0; k < std::abs(exponent) && !operations.empty(); ++k) result.append(repeated);
  return result;
}

std::vector<int> qubits_of(std::span<const Operation> operations) {
  std::vector<int> all;
  for (const auto& operation : operations)
    all.insert(all.end(), operation.qubits.begin(), operation.qubits.end());
  std::ranges::sort(all);
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

Matrix<Complex> principal_power(const Matrix<Complex>& unitary, double exponent) {
  const auto [vectors, phases] = diagonalised(unitary);
  const std::size_t size = unitary.rows();
  Matrix<Complex> result(size, size);
  for (std::size_t k = 0; k < size; ++k) {
    const auto factor = std::polar(1.0, std::remainder(exponent * phases[k], 2 * std::numbers::pi));
    for (std::size_t row = 0; row < size; ++row) {
      for (std::size_t column = 0; column < size; ++column) {
        result(row, column) += vectors(row, k) * factor * std::conj(vectors(column, k));
      }
    }
  }
  return result;
}

// Writes a unitary as operations: rotations of two basis states each clear it below the diagonal, column by
// column (Reck et al., Phys. Rev. Lett. 73, 58 (1994)); phases of the basis states are left.
class UnitaryWriter {
 public:
  UnitaryWriter(Matrix<Complex> unitary, std::span<const int> qubits, std::span<const int> idle, Sequence& to)
      : rest_(std::move(unitary)), qubits_(qubits), idle_(idle), to_(to) {}

  void write() {
    if (qubits_.empty()) return to_.add_phase(std::arg(rest_(0, 0)));
    if (qubits_.size() == 1) return append_controlled(rest_, qubits_[0], {}, idle_, to_);
    Sequence cleared(to_.budget());
    for (std::size_t column = 0; column + 1 < rest_.rows(); ++column) {
      for (std::size_t row = rest_.rows() - 1; row > column; --row) clear(row, column, cleared);
    }
    for (std::size_t state = 0; state < rest_.rows(); ++state) {
      Matrix<Complex> phase(2, 2);
      phase(0, 0) = 1;
      phase(1, 1) = rest_(state, state);
      const bool one = (state & 1) != 0;
      if (!one) std::swap(phase(0, 0), phase(1, 1));
      on_pair(state & ~std::size_t{1}, state | 1, phase, to_);
    }
    to_.append(inverse(cleared));
  }

 private:
  // Turns rows `column` and `row` so that rest_(row, column) is 0.
  void clear(std::size_t row, std::size_t column, Sequence& cleared) {
    const Complex a = rest_(column, column), b = rest_(row, column);
    constexpr double rounding = 1e-15;
    if (std::abs(b) < rounding) return;
    const double length = std::hypot(std::abs(a), std::abs(b));
    Matrix<Complex> turn(2, 2);
    turn(0, 0) = std::conj(a) / length;
    turn(0, 1) = std::conj(b) / length;
    turn(1, 0) = -b / length;
    turn(1, 1) = a / length;
    for (std::size_t k = 0; k < rest_.columns(); ++k) {
      const Complex upper = rest_(column, k), lower = rest_(row, k);
      rest_(column, k) = turn(0, 0) * upper + turn(0, 1) * lower;
      rest_(row, k) = turn(1, 0) * upper + turn(1, 1) * lower;
    }
    on_pair(column, row, turn, cleared);
  }

  // A unitary on the basis states `first` and `second` only: flips bring them next to each other and all
  // other qubits to 1, where a controlled operation acts.
  void on_pair(std::size_t first, std::size_t second, const Matrix<Complex>& unitary, Sequence& to) const {
    const auto target = static_cast<std::size_t>(std::countr_zero(first ^ second));
    const bool swapped = ((first >> target) & 1) != 0;
    Sequence around(to.budget());
    for (std::size_t k = 0; k < qubits_.size(); ++k) {
      if (k != target && (((first ^ second) >> k) & 1) != 0)
        around.add(operation("cx"), {qubits_[target], qubits_[k]});
    }
    const std::size_t zero = swapped ? second : first;  // the state that the flips leave with target 0
    std::vector<int> controls;
    for (std::size_t k = 0; k < qubits_.size(); ++k) {
      if (k == target) continue;
      controls.push_back(qubits_[k]);
      if (((zero >> k) & 1) == 0) around.add(operation("x"), {qubits_[k]});
    }
    Matrix<Complex> ordered = unitary;
    if (swapped) {
      std::swap(ordered(0, 0), ordered(1, 1));
      std::swap(ordered(0, 1), ordered(1, 0));
    }
    to.append(around);
    append_controlled(ordered, qubits_[target], controls, idle_, to);
    to.append(inverse(around));
  }

  Matrix<Complex> rest_;
  std::span<const int> qubits_, idle_;
  Sequence& to_;
};

void append_principal_power(std::span<const Operation> operations, double exponent, std::span<const int> idle,
                            Location at, Sequence& to) {
  const auto qubits = qubits_of(operations);
  if (qubits.size() > most_power_qubits) {
    fail(at, fmt::format(
                 "pow({}) of a gate on {} qubits: powers that are not whole are supported up to {} qubits",
                 exponent, qubits.size(), most_power_qubits));
  }
  for (const auto& each : operations) {
    for (const Angle& angle : each.angles) {
      if (angle.slot.kind != Slot::Kind::none) {
        fail(at, fmt::format("pow({}) of an input: only whole powers of inputs are supported", exponent));
      }
    }
  }
  append_unitary(principal_power(unitary_of(operations, qubits), exponent), qubits, idle, to);
}

// The same of one operation: its controls stay controls.
void append_principal_power(const Operation& step, double exponent, std::span<const int> idle, Location at,
                            Sequence& to) {
  const auto [base, controls] = without_controls(step);
  Sequence inner(to.budget());
  append_principal_power(std::span(&base, 1), exponent, idle, at, inner);
  append_controlled(inner.operations(), controls, idle, to);
}

}  // namespace

void append_unitary(Matrix<Complex> unitary, std::span<const int> qubits, std::span<const int> idle,
                    Sequence& to) {
  UnitaryWriter(std::move(unitary), qubits, idle, to).write();
}

Sequence power(const Sequence& sequence, double exponent, std::span<const int> idle, Location at) {
  const auto operations = sequence.operations();
  const auto around = conjugated_by(operations);
  Sequence middle(sequence.budget()), result(sequence.budget());
  for (const auto& each : operations.subspan(around, operations.size() - 2 * around)) middle.add(each);
  for (const auto& each : operations.first(around)) result.add(each);
  if (exponent == std::trunc(exponent)) {
    result.append(whole_power(middle, exponent));
  } else if (middle.operations().size() == 1) {
    append_principal_power(middle.operations()[0], exponent, idle, at, result);
  } else {
    append_principal_power(middle.operations(), exponent, idle, at, result);
  }
  for (const auto& each : operations.last(around)) result.add(each);
  return result;
}

}  // namespace qupel::qasm
