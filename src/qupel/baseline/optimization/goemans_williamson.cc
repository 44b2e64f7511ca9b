#include <algorithm>
#include <cmath>

#include "qupel/base/interrupt.h"
#include "qupel/base/matrix.h"
#include "qupel/base/random.h"
#include "qupel/baseline/optimization/bit_state.h"
#include "qupel/baseline/optimization/records.h"
#include "qupel/baseline/optimization/solver.h"

namespace qupel {
namespace {

/// Unit vectors v_i, one a variable and one for the sign that linear terms refer to, that make
/// sum_ij J_ij v_i v_j small: the semidefinite relaxation of an Ising energy. Each vector in turn takes the
/// best direction given the others (the mixing method, Wang, Chang and Kolter, arXiv:1706.00476); with more
/// dimensions than the root of twice their number it meets the optimum of the relaxation.
class Relaxation {
 public:
  Relaxation(const Qubo& qubo, Random& random) : neighbours_(neighbours_of(with_sign(qubo))) {
    const auto count = qubo.size() + 1;
    const auto dimensions =
        static_cast<std::size_t>(std::ceil(std::sqrt(2 * static_cast<double>(count)))) + 1;
    vectors_ = Matrix<double>(count, dimensions);
    for (std::size_t i = 0; i < count; ++i) {
      for (double& x : vectors_.row(i)) x = random.normal();
      normalise(vectors_.row(i));
    }
  }

  void solve(std::size_t most_sweeps) {
    for (std::size_t s = 0; s < most_sweeps; ++s) {
      check_interrupt();
      double moved = 0;
      for (std::size_t i = 0; i < vectors_.rows(); ++i) moved = std::max(moved, improve(i));
      ++sweeps_;
      if (moved < 1e-7) return;
    }
  }

  /// The side of a random plane on which each vector lies, compared with the reference sign.
  Bits round(Random& random) const {
    std::vector<double> normal(vectors_.columns());
    for (double& x : normal) x = random.normal();
    const auto side = [&](std::size_t i) {
      double sum = 0;
      for (std::size_t d = 0; d < normal.size(); ++d) sum += normal[d] * vectors_(i, d);
      return sum >= 0;
    };
    const auto last = vectors_.rows() - 1;
    Bits bits(last);
    for (std::size_t i = 0; i < last; ++i) bits[i] = side(i) == side(last) ? 0 : 1;
    return bits;
  }
  std::size_t sweeps() const { return sweeps_; }
  /// Products of numbers that one sweep takes.
  double work() const {
    return static_cast<double>(neighbours_.other.size()) * static_cast<double>(vectors_.columns());
  }

 private:
  /// x = (1 - s) / 2: couplings between spins, linear terms as couplings with one more spin.
  static Qubo with_sign(const Qubo& qubo) {
    auto names = qubo.names;
    names.emplace_back("sign");
    QuboBuilder spins(std::move(names));
    for (std::size_t i = 0; i < qubo.size(); ++i) spins.add(i, qubo.size(), -qubo.linear[i] / 2);
    for (const auto& c : qubo.couplings) {
      spins.add(c.a, c.b, c.weight / 4);
      spins.add(c.a, qubo.size(), -c.weight / 4);
      spins.add(c.b, qubo.size(), -c.weight / 4);
    }
    return std::move(spins).build();
  }

  static double normalise(std::span<double> vector) {
    double square = 0;
    for (const double x : vector) square += x * x;
    const double length = std::sqrt(square);
    if (length > 0)
      for (double& x : vector) x /= length;
    return length;
  }

  /// @returns how far the vector moved
  double improve(std::size_t i) {
    direction_.assign(vectors_.columns(), 0);
    for (auto k = neighbours_.first[i]; k < neighbours_.first[i + 1]; ++k) {
      const auto other = vectors_.row(neighbours_.other[k]);
      for (std::size_t d = 0; d < direction_.size(); ++d) direction_[d] -= neighbours_.weight[k] * other[d];
    }
    if (normalise(direction_) == 0) return 0;
    const auto own = vectors_.row(i);
    double moved = 0;
    for (std::size_t d = 0; d < direction_.size(); ++d) {
      moved = std::max(moved, std::abs(own[d] - direction_[d]));
      own[d] = direction_[d];
    }
    return moved;
  }

  Neighbours neighbours_;
  Matrix<double> vectors_;
  std::vector<double> direction_;
  std::size_t sweeps_ = 0;
};

/// As many as a second or so allows, and 2000: rounding is followed by a descent, which needs no relaxation
/// to its last digit.
std::size_t most_sweeps(const Relaxation& relaxation) {
  constexpr double products = 1e9, fewest = 20, most = 2000;
  return static_cast<std::size_t>(std::clamp(products / std::max(1.0, relaxation.work()), fewest, most));
}

Solved round_relaxation(const Decision& decision, const Settings& settings, const FitContext& context) {
  const auto qubo = decision.qubo();
  Random random(derive(context.seed, {key_of("relaxation")}));
  Relaxation relaxation(qubo, random);
  relaxation.solve(most_sweeps(relaxation));
  const bool improved = text(goemans_williamson, settings, "then") == "descent";
  const auto neighbours = neighbours_of(qubo);
  BitState state(qubo, neighbours);
  Tries tries(decision);
  const auto planes = starts_of(number(goemans_williamson, settings, "planes"), context);
  for (std::size_t p = 0; p < planes; ++p) {
    auto bits = relaxation.round(random);
    if (improved) {
      state.start(std::move(bits));
      state.descend();
      bits = state.bits();
    }
    tries.add_bits(bits);
  }
  return {std::move(tries).take(),
          {.reason = "all planes tried", .steps = relaxation.sweeps(), .losses = {}, .parameters = 0}};
}

}  // namespace

const Contender goemans_williamson = with_solver(
    {
        .name = "goemans-williamson",
        .summary = "the semidefinite relaxation (vectors in place of signs), rounded by random planes",
        .source = "Goemans and Williamson 1995; Wang, Chang and Kolter, arXiv:1706.00476",
        .family = Family::classical,
        .hyperparameters = {{"planes", "random ones", {100.0}, whole(1e5)},
                            {"then",
                             "what follows: nothing, or flips as long as they help",
                             {"descent", "nothing"}}},
        .fit = nullptr,
        .solves = kinds_with_qubo(),
        .refuses = too_many_variables<2500>,
    },
    round_relaxation);

}  // namespace qupel
