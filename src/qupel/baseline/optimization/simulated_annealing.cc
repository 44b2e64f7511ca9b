#include "qupel/base/interrupt.h"
#include "qupel/baseline/optimization/records.h"
#include "qupel/baseline/optimization/solver.h"
#include "qupel/baseline/optimization/thermal.h"

namespace qupel {
namespace {

Solved anneal(const Decision& decision, const Settings& settings, const FitContext& context) {
  const auto ones = decision.ones();
  const auto qubo = ones ? decision.qubo_among_ones() : decision.qubo();
  const auto neighbours = neighbours_of(qubo);
  const auto sweeps = static_cast<std::size_t>(count(simulated_annealing, settings, "sweeps"));
  const auto starts = starts_of(number(simulated_annealing, settings, "starts"), context);
  const auto betas = cooling(qubo, neighbours, sweeps);
  BitState state(qubo, neighbours);
  Tries tries(decision);
  for (std::size_t s = 0; s < starts; ++s) {
    QuickRandom random(derive(context.seed, {key_of("anneal"), s}));
    state.start(ones ? random_bits_with(*ones, qubo.size(), random) : random_bits(qubo.size(), random));
    for (const double beta : betas) {
      check_interrupt();
      ones ? sweep_swaps(state, beta, random) : sweep(state, beta, random);
    }
    if (!ones) state.descend();
    tries.add_bits(state.bits());
  }
  return {std::move(tries).take(),
          {.reason = "all starts annealed", .steps = starts * sweeps, .losses = {}, .parameters = 0}};
}

}  // namespace

const Contender simulated_annealing = with_solver(
    {
        .name = "simulated-annealing",
        .summary =
            "single bit flips (where the number of ones is given, exchanges) at falling temperature, several times",
        .source = "Kirkpatrick, Gelatt and Vecchi 1983",
        .family = Family::classical,
        .hyperparameters =
            {{"sweeps", "visits of every bit in one start", {1000.0, 200.0, 5000.0}, whole(1e6)},
             {"starts", "that begin anew", {20.0}, whole(1e5)}},
        .fit = nullptr,
        .solves = kinds_with_qubo(),
        .refuses = too_many_variables<4000>,
    },
    anneal);

}  // namespace qupel
