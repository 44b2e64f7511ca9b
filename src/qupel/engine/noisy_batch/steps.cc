#include "qupel/engine/noisy_batch/steps.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <map>
#include <numbers>
#include <tuple>

#include "qupel/circuit/decomposition.h"
#include "qupel/circuit/dense.h"

namespace qupel::noisy_batch {
namespace {

using std::numbers::pi;

// A constant matrix on one qubit joins a step on two qubits if that costs no more entries than this: to apply
// it alone would read and write all coefficients once more.
constexpr std::size_t most_added_entries = 16;

Matrix<double> transfer(const Operation& operation) {
  const Matrix<Complex> unitary[] = {dense_matrix(operation)};
  return cleaned(transfer_matrix(unitary));
}

bool has_slot(const Angle& angle) { return angle.slot.kind != Slot::Kind::none; }

bool bound(const Operation& operation) {
  return std::ranges::all_of(operation.angles, [](const Angle& angle) { return !has_slot(angle); });
}

Matrix<double> combination(double a, const Matrix<double>& x, double b, const Matrix<double>& y) {
  Matrix<double> sum(x.rows(), x.columns());
  for (std::size_t i = 0; i < sum.values().size(); ++i)
    sum.values()[i] = a * x.values()[i] + b * y.values()[i];
  return cleaned(sum);
}

/// Puts a constant matrix behind a factor.
void follow_by(const Matrix<double>& matrix, OpenFactor& factor) {
  for (auto* part : {&factor.constant, &factor.cosine, &factor.sine})
    if (!part->empty()) *part = product(matrix, *part);
}

/// Puts a constant matrix before a factor.
void precede_by(const Matrix<double>& matrix, OpenFactor& factor) {
  for (auto* part : {&factor.constant, &factor.cosine, &factor.sine})
    if (!part->empty()) *part = product(*part, matrix);
}

bool alike(const Matrix<double>& x, const Matrix<double>& y) {
  constexpr double rounding = 1e-14;
  return std::ranges::equal(x.values(), y.values(),
                            [](double a, double b) { return std::abs(a - b) <= rounding; });
}

bool alike_factors(const OpenFactor& a, const OpenFactor& b) {
  return a.angle == b.angle && alike(a.constant, b.constant) && alike(a.cosine, b.cosine) &&
         alike(a.sine, b.sine);
}

/// A turn by the slot by which the factor turns already: together they turn by the sum of their angles, if
/// the factor ends with a turn about the same axis and what lets it pass, as relaxation and depolarizing do.
/// With the turn c + a cos + b sin and the factor C + A cos + B sin, that is c C = C, a A = A, a B = B, b A =
/// B, b B = -A, and all other products are 0.
/// @returns whether the factor took the turn up
bool take_up(const OpenFactor& turn, OpenFactor& factor) {
  if (factor.fixed() || factor.angle.slot != turn.angle.slot) return false;
  const Matrix<double> zero(4, 4);
  const auto minus_cosine = combination(-1, factor.cosine, 0, zero);
  const auto gives = [](const Matrix<double>& of_turn, const Matrix<double>& of_factor,
                        const Matrix<double>& wanted) { return alike(product(of_turn, of_factor), wanted); };
  if (!gives(turn.constant, factor.constant, factor.constant) || !gives(turn.constant, factor.cosine, zero) ||
      !gives(turn.constant, factor.sine, zero) || !gives(turn.cosine, factor.constant, zero) ||
      !gives(turn.cosine, factor.cosine, factor.cosine) || !gives(turn.cosine, factor.sine, factor.sine) ||
      !gives(turn.sine, factor.constant, zero) || !gives(turn.sine, factor.cosine, factor.sine) ||
      !gives(turn.sine, factor.sine, minus_cosine))
    return false;
  const double offset = factor.angle.offset + turn.angle.offset;
  factor.angle = {factor.angle.scale + turn.angle.scale, turn.angle.slot, offset};
  if (factor.angle.scale != 0) return true;
  factor = {combination(1, factor.constant, 1,
                        combination(std::cos(offset), factor.cosine, std::sin(offset), factor.sine))};
  return true;
}

std::size_t entries(const Matrix<double>& matrix) {
  return matrix.values().size() - static_cast<std::size_t>(std::ranges::count(matrix.values(), 0.0));
}

/// The same matrix with its two digits exchanged.
Matrix<double> exchanged(const Matrix<double>& matrix) {
  const auto other = [](std::size_t index) { return index / 4 + 4 * (index % 4); };
  Matrix<double> result(16, 16);
  for (std::size_t row = 0; row < 16; ++row)
    for (std::size_t column = 0; column < 16; ++column)
      result(other(row), other(column)) = matrix(row, column);
  return result;
}

/// The matrix on one digit of two, the lower one or the higher.
Matrix<double> widened(const Matrix<double>& matrix, bool lower) {
  Matrix<double> result(16, 16);
  for (std::size_t row = 0; row < 4; ++row)
    for (std::size_t column = 0; column < 4; ++column)
      for (std::size_t other = 0; other < 4; ++other)
        (lower ? result(row + 4 * other, column + 4 * other) : result(other + 4 * row, other + 4 * column)) =
            matrix(row, column);
  return result;
}

class ProgramBuilder {
 public:
  explicit ProgramBuilder(int qubits)
      : pending_(static_cast<std::size_t>(qubits)), last_(static_cast<std::size_t>(qubits), none) {}

  void add(const Operation& operation) {
    if (operation.spec->idle()) return;
    const auto size = operation.qubits.size();
    const bool rotation = operation.spec->structure == Structure::pauli_rotation;
    if (size <= 2 && bound(operation)) {
      add_constant(operation.qubits, operation.angles.empty() ? known(operation) : transfer(operation));
    } else if (size == 1 && operation.angles.size() == 1 && operation.spec->spectrum.back() <= 1) {
      add_turn(operation);
    } else if (rotation) {
      add_rotation(operation);
    } else {
      for (const auto& part : decomposed_in_place(operation)) add(part);
    }
  }

  void add(const NoiseStep& step) {
    const auto [at, added] =
        channels_.try_emplace({step.channel.spec, step.channel.parameters, step.qubits.size()});
    if (added) at->second = cleaned(transfer_matrix(step.kraus()));
    add_constant(step.qubits, at->second);
  }

  std::vector<OpenStep> take() {
    for (std::size_t q = 0; q < pending_.size(); ++q) flush(static_cast<int>(q));
    return std::move(steps_);
  }

 private:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  void add_constant(const std::vector<int>& qubits, const Matrix<double>& matrix) {
    if (qubits.size() == 1) {
      auto& factors = pending_[static_cast<std::size_t>(qubits[0])];
      if (factors.empty())
        factors.push_back({matrix});
      else
        follow_by(matrix, factors.back());
    } else if (qubits[0] < qubits[1]) {
      add_pair(qubits[0], qubits[1], matrix);
    } else {
      add_pair(qubits[1], qubits[0], exchanged(matrix));
    }
  }

  void add_pair(int low, int high, const Matrix<double>& matrix) {
    auto* before = last_on_both(low, high);
    if (before == nullptr || !passes_pending(low, matrix, true) || !passes_pending(high, matrix, false)) {
      flush(low);
      flush(high);
      before = last_on_both(low, high);
    }
    if (before != nullptr) {
      before->matrix = product(matrix, before->matrix);
      return;
    }
    last_[static_cast<std::size_t>(low)] = last_[static_cast<std::size_t>(high)] = steps_.size();
    steps_.emplace_back(OpenPair{low, high, matrix});
  }

  /// The step on two qubits that was the last one on either; null: there is none.
  OpenPair* last_on_both(int low, int high) {
    const auto before = last_[static_cast<std::size_t>(low)];
    if (before == none || before != last_[static_cast<std::size_t>(high)]) return nullptr;
    return std::get_if<OpenPair>(&steps_[before]);
  }

  /// Whether a matrix on two qubits may as well act before what is pending on one of them, as depolarizing
  /// may before turns.
  bool passes_pending(int qubit, const Matrix<double>& matrix, bool lower) const {
    return std::ranges::all_of(pending_[static_cast<std::size_t>(qubit)], [&](const OpenFactor& factor) {
      return std::ranges::all_of(std::array{&factor.constant, &factor.cosine, &factor.sine},
                                 [&](const Matrix<double>* part) {
                                   if (part->empty()) return true;
                                   const auto wide = widened(*part, lower);
                                   return alike(product(wide, matrix), product(matrix, wide));
                                 });
    });
  }

  /// A gate on one qubit with one angle, of which expectation values have the frequency 1: three angles tell
  /// its matrix.
  void add_turn(const Operation& operation) {
    const auto at = [&](double angle) {
      auto turned = operation;
      turned.angles = {angle};
      return transfer(turned);
    };
    const auto zero = at(0), half = at(pi);
    OpenFactor factor{combination(0.5, zero, 0.5, half)};
    factor.cosine = combination(0.5, zero, -0.5, half);
    factor.sine = combination(1, at(pi / 2), -1, factor.constant);
    factor.angle = operation.angles[0];
    auto& factors = pending_[static_cast<std::size_t>(operation.qubits[0])];
    if (!factors.empty() && take_up(factor, factors.back())) {
      if (factors.size() > 1 && factors.back().fixed()) {
        follow_by(factors.back().constant, factors[factors.size() - 2]);
        factors.pop_back();
      }
      return;
    }
    if (!factors.empty() && factors.back().fixed()) {
      precede_by(factors.back().constant, factor);
      factors.pop_back();
    }
    factors.push_back(std::move(factor));
  }

  void add_rotation(const Operation& operation) {
    for (const int q : operation.qubits) {
      flush(q);
      last_[static_cast<std::size_t>(q)] = steps_.size();
    }
    steps_.emplace_back(
        OpenRotation{PauliString(operation.letters(), operation.qubits), operation.angles[0]});
  }

  void flush(int qubit) {
    auto& factors = pending_[static_cast<std::size_t>(qubit)];
    if (factors.empty()) return;
    if (!factors[0].fixed() || !joined(qubit, factors[0].constant)) {
      last_[static_cast<std::size_t>(qubit)] = steps_.size();
      steps_.emplace_back(OpenRun{qubit, std::move(factors)});
    }
    factors.clear();
  }

  /// Whether the matrix became part of the last step on its qubit.
  bool joined(int qubit, const Matrix<double>& matrix) {
    if (matrix == transfer_identity()) return true;
    const auto before = last_[static_cast<std::size_t>(qubit)];
    if (before == none) return false;
    auto* pair = std::get_if<OpenPair>(&steps_[before]);
    if (pair == nullptr) return false;
    auto both = product(widened(matrix, qubit == pair->low), pair->matrix);
    if (entries(both) > entries(pair->matrix) + most_added_entries) return false;
    pair->matrix = std::move(both);
    return true;
  }

  static const Matrix<double>& transfer_identity() {
    static const Matrix<double> one = [] {
      Matrix<double> made(4, 4);
      for (std::size_t i = 0; i < 4; ++i) made(i, i) = 1;
      return made;
    }();
    return one;
  }

  const Matrix<double>& known(const Operation& operation) {
    const auto [at, added] = operations_.try_emplace(operation.spec);
    if (added) at->second = transfer(operation);
    return at->second;
  }

  std::vector<OpenStep> steps_;
  std::vector<std::vector<OpenFactor>> pending_;        // by qubit: since its last step
  std::vector<std::size_t> last_;                       // by qubit: the last step on it
  std::map<const OpSpec*, Matrix<double>> operations_;  // those without angles
  std::map<std::tuple<const ChannelSpec*, std::vector<double>, std::size_t>, Matrix<double>> channels_;
};

/// The part of a run behind its last factor with a feature; the run keeps the rest.
OpenRun cut_tail(OpenRun& run) {
  auto last = run.factors.size();
  while (last > 0 && !run.factors[last - 1].angle.is_feature()) --last;
  const auto cut = run.factors.begin() + static_cast<std::ptrdiff_t>(last);
  OpenRun tail{run.qubit, {std::make_move_iterator(cut), std::make_move_iterator(run.factors.end())}};
  run.factors.erase(cut, run.factors.end());
  return tail;
}

}  // namespace

std::vector<int> qubits_of(const OpenStep& step) {
  if (const auto* run = std::get_if<OpenRun>(&step)) return {run->qubit};
  if (const auto* pair = std::get_if<OpenPair>(&step)) return {pair->low, pair->high};
  std::vector<int> qubits;
  for (const auto& [qubit, letter] : std::get<OpenRotation>(step).pauli.letters()) qubits.push_back(qubit);
  return qubits;
}

bool alike(const OpenStep& a, const OpenStep& b) {
  if (a.index() != b.index()) return false;
  if (const auto* pair = std::get_if<OpenPair>(&a)) {
    const auto& other = std::get<OpenPair>(b);
    return pair->low == other.low && pair->high == other.high && alike(pair->matrix, other.matrix);
  }
  if (const auto* rotation = std::get_if<OpenRotation>(&a)) {
    const auto& other = std::get<OpenRotation>(b);
    return rotation->pauli == other.pauli && rotation->angle == other.angle;
  }
  const auto &run = std::get<OpenRun>(a), &other = std::get<OpenRun>(b);
  return run.qubit == other.qubit && std::ranges::equal(run.factors, other.factors, alike_factors);
}

std::vector<OpenStep> steps_of(const Circuit& circuit, const CircuitNoise& noise, std::size_t first,
                               std::size_t end) {
  circuit.require_unitary();
  ProgramBuilder builder(circuit.qubits());
  for (std::size_t k = first; k < end; ++k) {
    builder.add(circuit.operations()[k]);
    for (const auto& step : noise.steps_after(k)) builder.add(step);
  }
  return builder.take();
}

StepParts parts_of(std::vector<OpenStep> steps, int qubits) {
  StepParts parts;
  std::vector<bool> needed(static_cast<std::size_t>(qubits));  // by a later step of the head
  for (std::size_t k = steps.size(); k-- > 0;) {
    auto& step = steps[k];
    const auto acts_on = qubits_of(step);
    const bool before_head =
        std::ranges::any_of(acts_on, [&](int q) { return needed[static_cast<std::size_t>(q)]; });
    if (auto* run = std::get_if<OpenRun>(&step); run != nullptr && !before_head) {
      if (auto tail = cut_tail(*run); !tail.factors.empty()) parts.tail.emplace_back(std::move(tail));
      if (run->factors.empty()) continue;
    } else if (const auto* rotation = std::get_if<OpenRotation>(&step);
               !before_head && (rotation == nullptr || !rotation->angle.is_feature())) {
      parts.tail.push_back(std::move(step));
      continue;
    }
    for (const int q : acts_on) needed[static_cast<std::size_t>(q)] = true;
    parts.head.push_back(std::move(step));
  }
  std::ranges::reverse(parts.head);
  std::ranges::reverse(parts.tail);
  return parts;
}

}  // namespace qupel::noisy_batch
