#include "qupel/compile/step.h"

#include <algorithm>
#include <string_view>

#include "qupel/circuit/decomposition.h"
#include "qupel/circuit/dense.h"
#include "qupel/compile/angles.h"

namespace qupel {
namespace {

template <typename Fixed>
bool commute(const Fixed& a, const Fixed& b) {
  return (a * b - b * a).cwiseAbs().maxCoeff() < 1e-10;
}

LocalPair on_side(std::size_t side, const Matrix2& gate) {
  LocalPair pair = {Matrix2::Identity(), Matrix2::Identity()};
  pair[side] = gate;
  return pair;
}

bool has_slots(const Operation& operation) { return !std::ranges::all_of(operation.angles, is_number); }

int axis_of(char letter) { return static_cast<int>(std::string_view("XYZ").find(letter)); }

class StepBuilder {
 public:
  void add(const Operation& operation) {
    const auto& spec = *operation.spec;
    const auto qubits = operation.qubits.size();
    if (!spec.gate() || (!operation.conditions.empty() && qubits <= 2)) {
      steps.push_back(other_step(operation));
    } else if (qubits > 2) {
      add_parts(operation);
    } else if (!has_slots(operation)) {
      add_numbers(operation);
    } else if (spec.structure == Structure::pauli_rotation) {
      add_rotation(operation);
    } else {
      add_parts(operation);
    }
  }

  std::vector<CompileStep> steps;

 private:
  void add_numbers(const Operation& operation) {
    const auto matrix = dense_matrix(operation);
    if (operation.qubits.size() == 1)
      steps.push_back(one_step(operation.qubits[0], fixed2(matrix)));
    else
      steps.push_back(two_step(operation.qubits[0], operation.qubits[1], fixed4(matrix)));
  }

  void add_rotation(const Operation& operation) {
    const auto letters = operation.letters();
    if (letters.size() == 1) {
      steps.push_back(turn_step(operation.qubits[0], axis_of(letters[0]), operation.angles[0]));
      return;
    }
    const auto add_changes = [&] {  // each is its own inverse
      for (std::size_t k = 0; k < 2; ++k)
        if (letters[k] != 'Z')
          steps.push_back(one_step(operation.qubits[k], axis_change(axis_of(letters[k]), 2)));
    };
    add_changes();
    steps.push_back(parity_step(operation.qubits[0], operation.qubits[1], operation.angles[0]));
    add_changes();
  }

  void add_parts(const Operation& whole) {
    if (decomposition_text(whole).empty()) {  // p: a rotation about Z up to a phase
      steps.push_back(turn_step(whole.qubits[0], 2, whole.angles[0]));
      return;
    }
    for (Operation& part : decomposed_in_place(whole)) {
      part.conditions = whole.conditions;
      add(part);
    }
  }
};

}  // namespace

CompileStep one_step(int qubit, const Matrix2& gate) {
  CompileStep step{CompileStep::Kind::one, {qubit}};
  step.one = gate;
  for (int axis = 0; axis < 3; ++axis)
    if (commute<Matrix2>(gate, pauli(axis))) step.axes[0] |= 1U << axis;
  return step;
}

CompileStep turn_step(int qubit, int axis, const Angle& angle) {
  if (is_number(angle)) return one_step(qubit, rotation(axis, angle.offset));
  CompileStep step{CompileStep::Kind::turn, {qubit}};
  step.axis = axis;
  step.angle = angle;
  step.axes[0] = 1U << axis;
  return step;
}

CompileStep two_step(int first, int second, const Matrix4& gate) {
  CompileStep step{CompileStep::Kind::two, {first, second}};
  step.two = gate;
  for (std::size_t side = 0; side < 2; ++side)
    for (int axis = 0; axis < 3; ++axis)
      if (commute<Matrix4>(gate, local(on_side(side, pauli(axis))))) step.axes[side] |= 1U << axis;
  return step;
}

CompileStep parity_step(int first, int second, const Angle& angle) {
  if (is_number(angle)) return two_step(first, second, canonical_gate(0, 0, -angle.offset / 2));
  CompileStep step{CompileStep::Kind::parity, {first, second}};
  step.angle = angle;
  step.axes = {1U << 2, 1U << 2};
  return step;
}

CompileStep other_step(Operation operation) {
  CompileStep step{CompileStep::Kind::other, operation.qubits};
  step.operation = std::move(operation);
  step.operation.part = {};
  return step;
}

Matrix4 gate_on(const CompileStep& step, int first) {
  return step.qubits[0] == first ? step.two : exchanged(step.two);
}

std::vector<CompileStep> steps_of(const Circuit& circuit) {
  StepBuilder builder;
  for (const Operation& operation : circuit.operations()) builder.add(operation);
  return std::move(builder.steps);
}

}  // namespace qupel
