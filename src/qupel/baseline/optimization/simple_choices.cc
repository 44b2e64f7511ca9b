#include "qupel/baseline/optimization/quick_random.h"
#include "qupel/baseline/optimization/records.h"
#include "qupel/baseline/optimization/solver.h"
#include "qupel/problem/optimization/relaxation.h"

namespace qupel {
namespace {

Solved first(const Decision& decision, const Settings&, const FitContext&) {
  Tries tries(decision);
  tries.add(decision.first_answer());
  return {std::move(tries).take(), {.reason = "decided at once", .losses = {}, .parameters = 0}};
}

Solved draw_bits(const Decision& decision, const Settings& settings, const FitContext& context) {
  QuickRandom random(derive(context.seed, {key_of("random choice")}));
  Tries tries(decision);
  Bits bits(decision.variables());
  const auto draws = count(random_choice, settings, "draws");
  for (int d = 0; d < draws; ++d) {
    for (auto& bit : bits) bit = random.bit();
    tries.add_bits(bits);
  }
  return {
      std::move(tries).take(),
      {.reason = "all draws made", .steps = static_cast<std::size_t>(draws), .losses = {}, .parameters = 0}};
}

/// The bits that qaoa-warm-start begins with, measured without its layers.
Solved round_relaxed(const Decision& decision, const Settings& settings, const FitContext& context) {
  const auto ones = softened(relaxed_bits(decision.qubo(), context.seed),
                             text(warm_start_rounding, settings, "kept") == "margin" ? warm_start_margin : 0);
  QuickRandom random(derive(context.seed, {key_of("rounding")}));
  Tries tries(decision);
  Bits bits(ones.size());
  const auto draws = count(warm_start_rounding, settings, "draws");
  for (int d = 0; d < draws; ++d) {
    for (std::size_t i = 0; i < bits.size(); ++i) bits[i] = random.uniform() < ones[i] ? 1 : 0;
    tries.add_bits(bits);
  }
  return {
      std::move(tries).take(),
      {.reason = "all draws made", .steps = static_cast<std::size_t>(draws), .losses = {}, .parameters = 0}};
}

}  // namespace

const Contender greedy_choice = with_solver(
    {
        .name = "greedy",
        .summary =
            "the answer of the kind's simple rule, without a search: what any other contender must beat",
        .source = "",
        .family = Family::classical,
        .fit = nullptr,
        .solves = all_decisions(),
        .floor = true,
    },
    first);

const Contender warm_start_rounding = with_solver(
    {
        .name = "warm-start-rounding",
        .summary =
            "bits drawn by the relaxed solution that qaoa-warm-start begins with: what that circuit would find without "
            "its layers",
        .source = "mean-field annealing, Bilbro et al. 1988; the comparison: arXiv:2309.13961",
        .family = Family::classical,
        .hyperparameters = {{"draws", "of all bits", {1000.0}, whole(1e6)},
                            {"kept",
                             "as the circuit begins (bits kept uncertain by a margin), or as it was found",
                             {"margin", "all"}}},
        .fit = nullptr,
        .solves = kinds_with_qubo(),
        .refuses = too_many_variables<4000>,
    },
    round_relaxed);

const Contender random_choice = with_solver(
    {
        .name = "random-choice",
        .summary =
            "the best of bits drawn at random, as many as a quantum circuit is measured: what measuring without a "
            "circuit would find",
        .source = "the null of every sampler",
        .family = Family::classical,
        .hyperparameters = {{"draws", "of all bits", {1000.0}, whole(1e6)}},
        .fit = nullptr,
        .solves = kinds_with_qubo(),
        .refuses = too_many_variables<4000>,
    },
    draw_bits);

}  // namespace qupel
