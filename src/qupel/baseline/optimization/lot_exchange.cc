#include <algorithm>

#include "qupel/base/interrupt.h"
#include "qupel/base/random.h"
#include "qupel/baseline/optimization/records.h"
#include "qupel/baseline/optimization/solver.h"
#include "qupel/problem/optimization/portfolio.h"

namespace qupel {
namespace {

/// Lots that keep every limit, with what one lot of each asset more or less would change.
class LotState {
 public:
  explicit LotState(const PortfolioChoice& choice) : choice_(choice), covered_(choice.assets.size()) {}

  void start(Values lots) {
    lots_ = std::move(lots);
    for (std::size_t a = 0; a < covered_.size(); ++a) {
      covered_[a] = 0;
      for (std::size_t b = 0; b < covered_.size(); ++b)
        covered_[a] += choice_.covariance(a, b) * static_cast<double>(lots_[b]);
    }
  }
  const Values& lots() const { return lots_; }

  /// What moving some lots from one asset to another changes the objective by.
  double change(std::size_t from, std::size_t to, double lots) const {
    const auto& s = choice_.covariance;
    const double square = s(from, from) + s(to, to) - 2 * s(from, to);
    return lots * (choice_.mean[from] - choice_.mean[to] +
                   choice_.risk * (2 * (covered_[to] - covered_[from]) + lots * square));
  }
  /// Moves the lots if that makes the objective smaller and keeps the limits.
  bool improve(std::size_t from, std::size_t to, std::int64_t lots) {
    if (lots > lots_[from] || !(change(from, to, static_cast<double>(lots)) < -1e-15)) return false;
    lots_[from] -= lots, lots_[to] += lots;
    if (!broken_limit(choice_.limits, choice_.picks, choice_.assets, lots_).empty()) {
      lots_[from] += lots, lots_[to] -= lots;
      return false;
    }
    for (std::size_t a = 0; a < covered_.size(); ++a)
      covered_[a] += static_cast<double>(lots) * (choice_.covariance(a, to) - choice_.covariance(a, from));
    return true;
  }

 private:
  const PortfolioChoice& choice_;
  Values lots_;
  std::vector<double> covered_;  ///< the covariance with what is held
};

/// Moves single lots and all lots of an asset until none of these makes it better.
std::size_t descend(LotState& state, Random& random) {
  const auto count = state.lots().size();
  std::size_t moves = 0;
  for (bool better = true; better;) {
    better = false;
    check_interrupt();
    for (const auto from : random.permutation(count))
      for (const auto to : random.permutation(count)) {
        if (from == to || state.lots()[from] == 0) continue;
        if (state.improve(from, to, 1) || state.improve(from, to, state.lots()[from])) better = true, ++moves;
      }
  }
  return moves;
}

Solved exchange(const Decision& decision, const Settings& settings, const FitContext& context) {
  const auto& choice = dynamic_cast<const Portfolio&>(decision).choice();
  const auto starts = starts_of(number(lot_exchange, settings, "starts"), context);
  LotState state(choice);
  Tries tries(decision);
  std::size_t moves = 0;
  for (std::size_t s = 0; s < starts; ++s) {
    Random random(derive(context.seed, {key_of("lot exchange"), s}));
    state.start(lots_in_order(choice.limits, choice.picks, random.permutation(choice.assets.size())).value());
    moves += descend(state, random);
    tries.add(state.lots());
  }
  return {std::move(tries).take(),
          {.reason = "no exchange makes it better, from every start",
           .steps = moves,
           .losses = {},
           .parameters = 0}};
}

}  // namespace

const Contender lot_exchange = with_solver(
    {
        .name = "lot-exchange",
        .summary =
            "moves lots from one asset to another, within all limits, until none makes the portfolio better; from "
            "random portfolios",
        .source = "local search, Di Gaspero et al. 2011",
        .family = Family::classical,
        .hyperparameters = {{"starts", "from random portfolios", {20.0, 100.0}, whole(1e5)}},
        .fit = nullptr,
        .solves = {"portfolio"},
    },
    exchange);

}  // namespace qupel
