#include <algorithm>

#include "qupel/baseline/optimization/records.h"
#include "qupel/baseline/optimization/solver.h"
#include "qupel/learn/fitting.h"
#include "qupel/problem/optimization/enumeration.h"
#include "qupel/problem/optimization/parts.h"

namespace qupel {
namespace {

/// Of many values as many as a QAOA takes at this effort; of few ones all.
std::size_t rounds_for(std::size_t values, const FitContext& context) {
  constexpr std::size_t few_values = 250, most = 300;
  return values > few_values ? part_rounds(values, most, context)
                             : std::clamp<std::size_t>(3 * values, 10, most);
}

Solved search_parts(const Decision& decision, const Settings& settings, const FitContext& context) {
  const auto bits = static_cast<std::size_t>(count(part_search, settings, "bits"));
  const auto rounds = rounds_for(decision.first_answer().size(), context);
  const PartSearch search{.most_bits = bits, .rounds = rounds, .seed = context.seed};
  return {improve_by_parts(
              decision, search,
              [](const Qubo& part, std::size_t) { return std::vector<Bits>{lowest_energy(part).bits}; }),
          {.reason = "all rounds done", .steps = rounds, .losses = {}, .parameters = 0}};
}

}  // namespace

const Contender part_search = with_solver(
    {
        .name = "part-search",
        .summary =
            "random parts of the decision one after the other, each solved exactly: what a QAOA that solves "
            "parts is compared with",
        .source = "large neighbourhood search, Shaw 1998",
        .family = Family::classical,
        .hyperparameters = {{"bits", "of a part", {16.0, 9.0}, whole(24)}},
        .fit = nullptr,
        .solves = all_decisions(),
    },
    search_parts);

}  // namespace qupel
