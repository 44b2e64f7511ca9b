#include "qupel/compile/simplify.h"

#include <algorithm>
#include <optional>

#include "qupel/compile/angles.h"
#include "qupel/compile/weyl.h"

namespace qupel {
namespace {

// How far back a step looks for one to join.
constexpr int farthest = 60;

class Simplifier {
 public:
  Simplifier(int qubits, Parities parities) : wires_(static_cast<std::size_t>(qubits)), parities_(parities) {}

  void add(CompileStep step) {
    switch (step.kind) {
      case CompileStep::Kind::one:
        add_one(std::move(step));
        break;
      case CompileStep::Kind::turn:
        add_turn(std::move(step));
        break;
      case CompileStep::Kind::two:
        add_two(std::move(step));
        break;
      case CompileStep::Kind::parity:
        add_parity(std::move(step));
        break;
      case CompileStep::Kind::other:
        append(std::move(step));
        break;
    }
  }

  // @param joined set if any step joined another one
  std::vector<CompileStep> result(bool& joined) {
    std::vector<CompileStep> kept;
    for (std::size_t k = 0; k < steps_.size(); ++k)
      if (!gone_[k]) kept.push_back(std::move(steps_[k]));
    joined = joined_;
    return kept;
  }

 private:
  using Wire = std::vector<std::size_t>;  // numbers of the steps on a qubit, in order

  Wire& wire(int qubit) { return wires_[static_cast<std::size_t>(qubit)]; }

  void append(CompileStep step) {
    for (const int qubit : step.qubits) wire(qubit).push_back(steps_.size());
    steps_.push_back(std::move(step));
    gone_.push_back(false);
  }

  void remove(std::size_t number) {
    gone_[number] = true;
    for (const int qubit : steps_[number].qubits) {
      Wire& on = wire(qubit);
      const auto at = std::find(on.rbegin(), on.rend(), number);  // near its end
      if (at != on.rend()) on.erase(std::next(at).base());
    }
    joined_ = true;
  }

  // The last step on the qubit that does not commute with `step`, or that `wanted` says yes to.
  template <typename Wanted>
  std::optional<std::size_t> last(const CompileStep& step, int qubit, Wanted wanted) {
    const Wire& on = wire(qubit);
    int looked = 0;
    for (auto at = on.size(); at-- > 0 && looked++ < farthest;) {
      const CompileStep& before = steps_[on[at]];
      if (wanted(before)) return on[at];
      if ((before.axes_on(qubit) & step.axes_on(qubit)) == 0) return std::nullopt;
    }
    return std::nullopt;
  }

  void add_one(CompileStep step) {
    if (same_gate<Matrix2>(step.one, Matrix2::Identity(), 1e-12)) {
      joined_ = true;
      return;
    }
    const int qubit = step.qubits[0];
    const auto found =
        last(step, qubit, [](const CompileStep& s) { return s.kind == CompileStep::Kind::one; });
    if (!found) return append(std::move(step));
    joined_ = true;
    const Matrix2 both = step.one * steps_[*found].one;
    if (same_gate<Matrix2>(both, Matrix2::Identity(), 1e-12))
      remove(*found);
    else
      steps_[*found] = one_step(qubit, both);
  }

  void add_turn(CompileStep step) {
    const int qubit = step.qubits[0];
    const auto found = last(step, qubit, [&](const CompileStep& s) {
      return s.kind == CompileStep::Kind::turn && s.axis == step.axis && sum(s.angle, step.angle);
    });
    if (!found) return append(std::move(step));
    joined_ = true;
    steps_[*found] = turn_step(qubit, step.axis, *sum(steps_[*found].angle, step.angle));
  }

  void add_parity(CompileStep step) {
    const auto joins = [&](const CompileStep& s) {
      return s.kind == CompileStep::Kind::parity && same_pair(s, step) && sum(s.angle, step.angle);
    };
    const auto found = last(step, step.qubits[0], joins), other = last(step, step.qubits[1], joins);
    if (!found || found != other) return append(std::move(step));
    joined_ = true;
    steps_[*found] = parity_step(step.qubits[0], step.qubits[1], *sum(steps_[*found].angle, step.angle));
  }

  static bool same_pair(const CompileStep& a, const CompileStep& b) {
    return a.qubits.size() == 2 && b.qubits.size() == 2 &&
           ((a.qubits[0] == b.qubits[0] && a.qubits[1] == b.qubits[1]) ||
            (a.qubits[0] == b.qubits[1] && a.qubits[1] == b.qubits[0]));
  }

  // A gate on two qubits moves back over what it commutes with, takes gates on single qubits with it, and
  // joins an earlier one on the same qubits.
  void add_two(CompileStep step) {
    if (parities_ == Parities::found && make_parity(step)) return;
    CompileStep moving = step;
    std::vector<std::size_t> taken;
    std::size_t left[2] = {wire(step.qubits[0]).size(), wire(step.qubits[1]).size()};
    for (int looked = 0; looked < farthest; ++looked) {
      bool moved = false;
      for (std::size_t side = 0; side < 2 && !moved; ++side) {
        if (left[side] == 0) continue;
        const auto number = wire(step.qubits[side])[left[side] - 1];
        const CompileStep& before = steps_[number];
        if (same_pair(before, step)) {
          const std::size_t other = 1 - side;
          if (left[other] == 0 || wire(step.qubits[other])[left[other] - 1] != number) continue;
          if (before.kind == CompileStep::Kind::two) return join(number, moving, taken);
          const bool passes = before.kind == CompileStep::Kind::parity && (moving.axes[0] & 4U) != 0 &&
                              (moving.axes[1] & 4U) != 0;
          if (!passes) break;
          --left[0], --left[1];
          moved = true;
        } else if ((before.axes_on(step.qubits[side]) & moving.axes[side]) != 0) {
          --left[side];
          moved = true;
        } else if (before.kind == CompileStep::Kind::one) {
          LocalPair pair = {Matrix2::Identity(), Matrix2::Identity()};
          pair[side] = before.one;
          moving = two_step(step.qubits[0], step.qubits[1], moving.two * local(pair));
          taken.push_back(number);
          --left[side];
          moved = true;
        }
      }
      if (!moved) break;
    }
    append(std::move(step));
  }

  void join(std::size_t number, const CompileStep& moved, const std::vector<std::size_t>& taken) {
    for (const auto each : taken) remove(each);
    const int first = moved.qubits[0], second = moved.qubits[1];
    steps_[number] = two_step(first, second, moved.two * gate_on(steps_[number], first));
    joined_ = true;
  }

  // E, a rotation with a slot about P on one of its qubits, and `step` = K E^dagger with gates K on single
  // qubits: if E^dagger P E is a product of two Pauli matrices, this is one rotation about that product.
  bool make_parity(const CompileStep& step) {
    const int first = step.qubits[0], second = step.qubits[1];
    for (const int turned : {first, second}) {
      const Wire& on = wire(turned);
      const Wire& other = wire(turned == first ? second : first);
      if (on.size() < 2 || other.empty() || on[on.size() - 2] != other.back()) continue;
      const auto rotation_number = on.back(), gate_number = other.back();
      const CompileStep turn = steps_[rotation_number], before = steps_[gate_number];
      if (turn.kind != CompileStep::Kind::turn || before.kind != CompileStep::Kind::two) continue;
      const Matrix4 gate = gate_on(before, first);
      const auto rest = weyl(step.two * gate);
      if (!rest.at(0, 0, 0)) continue;
      LocalPair axis = {Matrix2::Identity(), Matrix2::Identity()};
      axis[turned == first ? 0 : 1] = pauli(turn.axis);
      const Matrix4 product = gate.adjoint() * local(axis) * gate;
      for (int p = 0; p < 3; ++p) {
        for (int q = 0; q < 3; ++q) {
          const Matrix4 pauli_pair = local({pauli(p), pauli(q)});
          const bool plus = (product - pauli_pair).cwiseAbs().maxCoeff() < 1e-10;
          const bool minus = (product + pauli_pair).cwiseAbs().maxCoeff() < 1e-10;
          if (!plus && !minus) continue;
          remove(rotation_number);
          remove(gate_number);
          add(one_step(first, axis_change(p, 2)));
          add(one_step(second, axis_change(q, 2)));
          add(parity_step(first, second, plus ? turn.angle : negative(turn.angle)));
          add(one_step(first, rest.left[0] * rest.right[0] * axis_change(2, p)));
          add(one_step(second, rest.left[1] * rest.right[1] * axis_change(2, q)));
          return true;
        }
      }
    }
    return false;
  }

  std::vector<CompileStep> steps_;
  std::vector<bool> gone_;
  std::vector<Wire> wires_;
  Parities parities_;
  bool joined_ = false;
};

// A gate on two qubits that is one on each becomes two steps.
std::vector<CompileStep> split(std::vector<CompileStep> steps) {
  std::vector<CompileStep> result;
  for (auto& step : steps) {
    if (step.kind == CompileStep::Kind::two) {
      const auto parts = weyl(step.two);
      if (parts.at(0, 0, 0)) {
        for (std::size_t side = 0; side < 2; ++side)
          result.push_back(one_step(step.qubits[side], parts.left[side] * parts.right[side]));
        continue;
      }
    }
    result.push_back(std::move(step));
  }
  return result;
}

}  // namespace

std::vector<CompileStep> simplified(std::vector<CompileStep> steps, int qubits, Parities parities) {
  constexpr int most_passes = 5;
  for (int pass = 0; pass < most_passes; ++pass) {
    Simplifier simplifier(qubits, parities);
    for (auto& step : split(std::move(steps))) simplifier.add(std::move(step));
    bool joined = false;
    steps = simplifier.result(joined);
    if (!joined) break;
  }
  return steps;
}

}  // namespace qupel
