#include <cmath>

#include "qupel/base/interrupt.h"
#include "qupel/baseline/optimization/records.h"
#include "qupel/baseline/optimization/solver.h"
#include "qupel/baseline/optimization/thermal.h"

namespace qupel {
namespace {

/// Copies at temperatures between which states are exchanged.
class Ladder {
 public:
  Ladder(const Qubo& qubo, const Neighbours& neighbours, std::size_t rungs) {
    const auto range = temperatures_of(qubo, neighbours);
    for (std::size_t r = 0; r < rungs; ++r) {
      const double share = rungs > 1 ? static_cast<double>(r) / static_cast<double>(rungs - 1) : 1;
      betas_.push_back(range.hot * std::pow(range.cold / range.hot, share));
      states_.emplace_back(qubo, neighbours);
      order_.push_back(r);
    }
  }

  /// @returns the bits of lowest energy that a sweep ended with
  Bits run(std::size_t bits, std::size_t sweeps, QuickRandom& random) {
    for (auto& state : states_) state.start(random_bits(bits, random));
    Bits best = states_[0].bits();
    double lowest = states_[0].energy();
    for (std::size_t s = 0; s < sweeps; ++s) {
      check_interrupt();
      for (std::size_t r = 0; r < order_.size(); ++r) {
        auto& state = states_[order_[r]];
        sweep(state, betas_[r], random);
        if (state.energy() < lowest - 1e-12) lowest = state.energy(), best = state.bits();
      }
      exchange(s % 2, random);
    }
    return best;
  }

 private:
  void exchange(std::size_t first, QuickRandom& random) {
    for (std::size_t r = first; r + 1 < order_.size(); r += 2) {
      const double gain =
          (betas_[r + 1] - betas_[r]) * (states_[order_[r + 1]].energy() - states_[order_[r]].energy());
      if (gain >= 0 || random.uniform() < std::exp(gain)) std::swap(order_[r], order_[r + 1]);
    }
  }

  std::vector<double> betas_;
  std::vector<BitState> states_;
  std::vector<std::size_t> order_;  ///< which state is at each temperature
};

Solved temper(const Decision& decision, const Settings& settings, const FitContext& context) {
  const auto qubo = decision.qubo();
  const auto neighbours = neighbours_of(qubo);
  const auto sweeps = static_cast<std::size_t>(count(parallel_tempering, settings, "sweeps"));
  const auto starts = starts_of(number(parallel_tempering, settings, "starts"), context);
  Ladder ladder(qubo, neighbours,
                static_cast<std::size_t>(count(parallel_tempering, settings, "temperatures")));
  Tries tries(decision);
  for (std::size_t s = 0; s < starts; ++s) {
    QuickRandom random(derive(context.seed, {key_of("parallel tempering"), s}));
    tries.add_bits(ladder.run(qubo.size(), sweeps, random));
  }
  return {std::move(tries).take(),
          {.reason = "all sweeps done", .steps = starts * sweeps, .losses = {}, .parameters = 0}};
}

}  // namespace

const Contender parallel_tempering = with_solver(
    {
        .name = "parallel-tempering",
        .summary = "copies at several temperatures that exchange their bits",
        .source = "Geyer 1991; Hukushima and Nemoto 1996",
        .family = Family::classical,
        .hyperparameters =
            {{"sweeps", "visits of every bit in one start", {500.0, 100.0, 2000.0}, whole(1e6)},
             {"temperatures", "of the copies", {8.0}, whole(100)},
             {"starts", "that begin anew", {8.0}, whole(1e5)}},
        .fit = nullptr,
        .solves = kinds_with_qubo(),
        .refuses = too_many_variables<4000>,
    },
    temper);

}  // namespace qupel
