#include "qupel/circuit/qasm/control.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "qupel/circuit/decomposition.h"
#include "qupel/circuit/qasm/unitary.h"

namespace qupel::qasm {
namespace {

// Whether `controlled` is `spec` with one more control, decided by their matrices.
bool is_controlled_form(const OpSpec& controlled, const OpSpec& spec) {
  if (spec.matrix == nullptr || controlled.matrix == nullptr || controlled.controls != spec.controls + 1 ||
      controlled.qubits != spec.qubits + 1 || controlled.angles != spec.angles) {
    return false;
  }
  std::vector<double> probe;
  for (int k = 0; k < spec.angles; ++k) probe.push_back(0.3 + k);
  return controlled.matrix(probe) == spec.matrix(probe);
}

struct Family {
  const OpSpec* controlled = nullptr;  ///< one more control
  const OpSpec* base = nullptr;        ///< one less
};

const Family& family(const OpSpec& spec) {
  static const auto all = [] {
    std::map<const OpSpec*, Family> found;
    for (const auto* each : operations()) {
      for (const auto* other : operations()) {
        if (is_controlled_form(*other, *each)) found[each].controlled = other;
        if (is_controlled_form(*each, *other)) found[each].base = other;
      }
    }
    return found;
  }();
  static const Family none;
  const auto found = all.find(&spec);
  return found == all.end() ? none : found->second;
}

bool constant(const Operation& operation) {
  return std::ranges::all_of(operation.angles,
                             [](const Angle& a) { return a.slot.kind == Slot::Kind::none; });
}

// Controls one operation that has no controls of its own any more.
class Controller {
 public:
  Controller(std::span<const int> controls, std::span<const int> idle, Sequence& to)
      : controls_(controls), idle_(idle), to_(to) {}

  void add(const Operation& step) {
    if (step.spec == nullptr) return append_phase(step.angles[0], controls_, idle_, to_);
    if (add_registered(step)) return;
    static const OpSpec &x = operation("x"), &p = operation("p"), &u = operation("u");
    if (step.spec == &x) return append_flip(controls_, step.qubits[0], idle_, to_);
    if (step.spec == &p) return phase(step.angles[0], step.qubits[0]);
    if (step.spec == &u) return add_u(step);
    if (step.spec->structure == Structure::pauli_rotation && step.qubits.size() == 1)
      return add_rotation(step);
    if (step.qubits.size() == 1 && constant(step)) {
      return append_controlled(step.spec->matrix(constants(step)), step.qubits[0], controls_, idle_, to_);
    }
    add_decomposition(step);
  }

 private:
  static std::vector<double> constants(const Operation& step) {
    std::vector<double> angles;
    for (const Angle& angle : step.angles) angles.push_back(angle.offset);
    return angles;
  }

  // The registry's own controlled form, if it has one with enough controls.
  bool add_registered(const Operation& step) {
    Operation controlled = step;
    for (const int control : controls_) {
      controlled.spec = family(*controlled.spec).controlled;
      if (controlled.spec == nullptr) return false;
      controlled.qubits.insert(controlled.qubits.begin(), control);
    }
    to_.add(std::move(controlled));
    return true;
  }

  void phase(const Angle& angle, int target) {
    std::vector<int> qubits(controls_.begin(), controls_.end());
    qubits.push_back(target);
    append_phase(angle, qubits, idle_, to_);
  }

  // A rotation about Z is the phase `angle` on 1 and -angle/2 on both; the others are turned into it.
  void add_rotation(const Operation& step) {
    static const OpSpec &h = operation("h"), &rx = operation("rx");
    const int target = step.qubits[0];
    const char letter = step.letters()[0];
    const auto change = [&](double turn) {
      if (letter == 'X') to_.add(h, {target});
      if (letter == 'Y') to_.add(rx, {target}, {turn});
    };
    change(std::numbers::pi / 2);
    phase(step.angles[0], target);
    append_phase(times(step.angles[0], -0.5), controls_, idle_, to_);
    change(-std::numbers::pi / 2);
  }

  // u(theta, phi, lambda) = exp(i theta/2) p(phi) ry(theta) p(lambda)
  void add_u(const Operation& step) {
    static const OpSpec& ry = operation("ry");
    const int target = step.qubits[0];
    phase(step.angles[2], target);
    add({&ry, {target}, {step.angles[0]}, {}});
    phase(step.angles[1], target);
    append_phase(times(step.angles[0], 0.5), controls_, idle_, to_);
  }

  void add_decomposition(const Operation& step) {
    Sequence parts(to_.budget());
    const auto circuit = decomposition(step);
    for (const Operation& part : circuit.operations()) parts.add(placed(part, step));
    if (step.spec->structure != Structure::pauli_rotation)
      parts.add_phase(std::arg(decomposition_overlap(circuit, *step.spec, constants(step))));
    append_controlled(parts.operations(), controls_, idle_, to_);
  }

  std::span<const int> controls_, idle_;
  Sequence& to_;
};

}  // namespace

Uncontrolled without_controls(const Operation& operation) {
  Uncontrolled result{operation, {}};
  while (result.base.spec != nullptr && family(*result.base.spec).base != nullptr) {
    result.base.spec = family(*result.base.spec).base;
    result.controls.push_back(result.base.qubits.front());
    result.base.qubits.erase(result.base.qubits.begin());
  }
  return result;
}

void append_controlled(std::span<const Operation> operations, std::span<const int> controls,
                       std::span<const int> idle, Sequence& to) {
  const auto around = conjugated_by(operations);
  for (const auto& step : operations.first(around)) to.add(step);
  for (const auto& step : operations.subspan(around, operations.size() - 2 * around)) {
    auto [base, all] = without_controls(step);
    all.insert(all.end(), controls.begin(), controls.end());
    Controller(all, idle, to).add(base);
  }
  for (const auto& step : operations.last(around)) to.add(step);
}

void append_controlled(const Matrix<Complex>& unitary, int target, std::span<const int> controls,
                       std::span<const int> idle, Sequence& to) {
  static const OpSpec& u = operation("u");
  const bool diagonal = std::abs(unitary(0, 1)) + std::abs(unitary(1, 0)) == 0;
  const auto [vectors, phases] =
      diagonal ? Diagonalised{unitary, {std::arg(unitary(0, 0)), std::arg(unitary(1, 1))}}
               : diagonalised(unitary);
  const double theta = 2 * std::atan2(std::abs(vectors(1, 0)), std::abs(vectors(0, 0)));
  const double phi = std::arg(vectors(1, 0)) - std::arg(vectors(0, 0));
  std::vector<int> qubits(controls.begin(), controls.end());
  qubits.push_back(target);
  if (!diagonal) to.add(u, {target}, {-theta, 0, -phi});
  append_phase(phases[1] - phases[0], qubits, idle, to);
  append_phase(phases[0], controls, idle, to);
  if (!diagonal) to.add(u, {target}, {theta, phi, 0});
}

}  // namespace qupel::qasm
