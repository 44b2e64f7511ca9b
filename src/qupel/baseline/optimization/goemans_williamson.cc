#include "qupel/base/random.h"
#include "qupel/baseline/optimization/bit_state.h"
#include "qupel/baseline/optimization/records.h"
#include "qupel/baseline/optimization/solver.h"
#include "qupel/problem/optimization/vector_relaxation.h"

namespace qupel {
namespace {

Solved round_relaxation(const Decision& decision, const Settings& settings, const FitContext& context) {
  const auto qubo = decision.qubo();
  Random random(derive(context.seed, {key_of("relaxation")}));
  VectorRelaxation relaxation(qubo, random);
  relaxation.solve();
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
