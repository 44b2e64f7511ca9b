#include <algorithm>
#include <limits>
#include <numeric>

#include "qupel/base/interrupt.h"
#include "qupel/baseline/optimization/records.h"
#include "qupel/baseline/optimization/solver.h"
#include "qupel/baseline/optimization/thermal.h"

namespace qupel {
namespace {

/// One-flip tabu search: the best flip that is not forbidden, even if it makes the energy larger; a bit that
/// was flipped is left alone for a while, unless that would give the lowest energy so far.
class TabuWalk {
 public:
  TabuWalk(const Qubo& qubo, const Neighbours& neighbours, std::size_t tenure)
      : state_(qubo, neighbours), free_at_(qubo.size()), tenure_(tenure) {}

  /// Ends after so many steps without a new lowest energy.
  void run(Bits bits, std::size_t patience, QuickRandom& random) {
    state_.start(std::move(bits));
    std::ranges::fill(free_at_, std::size_t{0});
    best_ = state_.bits();
    lowest_ = state_.energy();
    for (std::size_t step = 1, last = 0; step - last <= patience; ++step) {
      if (step % 256 == 0) check_interrupt();
      const auto flipped = choose(step);
      if (flipped == state_.size()) continue;
      state_.flip(flipped);
      free_at_[flipped] = step + tenure_ + random.below(tenure_ / 2 + 2);
      ++steps_;
      if (state_.energy() < lowest_ - 1e-12) {
        lowest_ = state_.energy();
        best_ = state_.bits();
        last = step;
      }
    }
  }
  const Bits& best() const { return best_; }
  std::size_t steps() const { return steps_; }

 private:
  std::size_t choose(std::size_t step) const {
    std::size_t best = state_.size();
    double least = std::numeric_limits<double>::infinity();
    const double aspired = lowest_ - 1e-12 - state_.energy();
    for (std::size_t i = 0; i < state_.size(); ++i) {
      const double change = state_.change(i);
      if (change < least && (free_at_[i] <= step || change < aspired)) least = change, best = i;
    }
    return best;
  }

  BitState state_;
  std::vector<std::size_t> free_at_;
  std::size_t tenure_, steps_ = 0;
  Bits best_;
  double lowest_ = 0;
};

/// Flips bits of a state, up to a quarter of them, each once: of those that make the energy smaller or larger
/// by the least one of the first few, at random (Palubeckis 2006).
void disturb(BitState& state, QuickRandom& random) {
  constexpr std::size_t choices = 5, fewest = 10;
  const auto bits = state.size();
  const auto most = std::max(std::min(fewest, bits), bits / 4);
  auto left = std::min(fewest, bits) + random.below(most - std::min(fewest, bits) + 1);
  std::vector<std::size_t> unflipped(bits);
  std::iota(unflipped.begin(), unflipped.end(), std::size_t{0});
  for (; left > 0 && !unflipped.empty(); --left) {
    const auto count = std::min(choices, unflipped.size());
    std::partial_sort(unflipped.begin(), unflipped.begin() + static_cast<std::ptrdiff_t>(count),
                      unflipped.end(),
                      [&](std::size_t a, std::size_t b) { return state.change(a) < state.change(b); });
    const auto chosen = random.below(count);
    state.flip(unflipped[chosen]);
    unflipped[chosen] = unflipped.back();
    unflipped.pop_back();
  }
}

Solved search(const Decision& decision, const Settings& settings, const FitContext& context) {
  const auto qubo = decision.qubo();
  const auto neighbours = neighbours_of(qubo);
  const auto starts = starts_of(number(tabu_search, settings, "starts"), context);
  const auto patience = static_cast<std::size_t>(number(tabu_search, settings, "patience")) *
                        std::max<std::size_t>(qubo.size(), 50);
  TabuWalk walk(qubo, neighbours, std::min<std::size_t>(20, qubo.size() / 4));
  Tries tries(decision);
  BitState state(qubo, neighbours);
  Bits last;
  for (std::size_t s = 0; s < starts; ++s) {
    QuickRandom random(derive(context.seed, {key_of("tabu"), s}));
    const bool anew = s == 0;
    if (!anew) {
      state.start(last);
      disturb(state, random);
    }
    walk.run(anew ? random_bits(qubo.size(), random) : state.bits(), patience, random);
    last = walk.best();
    tries.add_bits(walk.best());
  }
  return {std::move(tries).take(),
          {.reason = "no better bits for a while, from every start",
           .steps = walk.steps(),
           .losses = {},
           .parameters = 0}};
}

}  // namespace

const Contender tabu_search = with_solver(
    {
        .name = "tabu-search",
        .summary =
            "always the best bit flip that was not undone just before, from random and from changed best bits",
        .source = "Glover 1989; Palubeckis 2006",
        .family = Family::classical,
        .hyperparameters = {{"patience",
                             "steps without a better energy that end a start, by variable",
                             {5.0, 2.0, 20.0},
                             whole(1e5)},
                            {"starts", "of the search", {100.0}, whole(1e5)}},
        .fit = nullptr,
        .solves = kinds_with_qubo(),
        .refuses = too_many_variables<4000>,
    },
    search);

}  // namespace qupel
