#include "qupel/baseline/optimization/records.h"
#include "qupel/baseline/optimization/solver.h"
#include "qupel/problem/optimization/enumeration.h"

namespace qupel {
namespace {

Solved enumerate(const Decision& decision, const Settings&, const FitContext&) {
  Tries tries(decision);
  tries.add_bits(lowest_energy(decision.qubo()).bits);
  return {std::move(tries).take(), {.reason = "all bit strings looked at", .losses = {}, .parameters = 0}};
}

}  // namespace

const Contender exhaustive_search = with_solver(
    {
        .name = "exhaustive-search",
        .summary = "all bit strings of up to 32 variables: the optimum, proven",
        .source = "Gray 1953",
        .family = Family::classical,
        .fit = nullptr,
        .solves = kinds_with_qubo(),
        .refuses = too_many_variables<most_enumerated>,
    },
    enumerate);

}  // namespace qupel
