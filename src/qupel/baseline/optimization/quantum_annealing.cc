#include <cmath>

#include "qupel/base/interrupt.h"
#include "qupel/baseline/optimization/records.h"
#include "qupel/baseline/optimization/solver.h"
#include "qupel/baseline/optimization/thermal.h"

namespace qupel {
namespace {

/// A quantum state of spins in a transverse field as classical copies on a ring, each coupled to the next
/// (Suzuki and Trotter): path-integral Monte Carlo. The field falls, the copies freeze together.
class Paths {
 public:
  Paths(const Qubo& qubo, const Neighbours& neighbours, std::size_t copies)
      : bits_(qubo.size()), states_(copies, BitState(qubo, neighbours)) {
    const auto range = temperatures_of(qubo, neighbours);
    beta_ = range.cold / static_cast<double>(copies);
    strongest_ = 1 / range.hot;
  }

  Bits run(std::size_t sweeps, QuickRandom& random) {
    const auto start = random_bits(bits_, random);
    for (auto& state : states_) state.start(start);
    for (std::size_t s = 0; s < sweeps; ++s) {
      check_interrupt();
      const double left = 1 - (static_cast<double>(s) + 0.5) / static_cast<double>(sweeps);
      const double coupling = -0.5 * std::log(std::tanh(beta_ * strongest_ * left));
      for (std::size_t c = 0; c < states_.size(); ++c) visit(c, coupling, random);
      visit_together(random);
    }
    std::size_t best = 0;
    for (std::size_t c = 0; c < states_.size(); ++c) {
      states_[c].descend();
      if (states_[c].energy() < states_[best].energy()) best = c;
    }
    return states_[best].bits();
  }

 private:
  void visit(std::size_t copy, double coupling, QuickRandom& random) {
    constexpr double never = 40;
    const auto& before = states_[(copy + states_.size() - 1) % states_.size()].bits();
    const auto& after = states_[(copy + 1) % states_.size()].bits();
    auto& state = states_[copy];
    for (std::size_t i = 0; i < bits_; ++i) {
      const int alike = (state.bits()[i] == before[i] ? 1 : -1) + (state.bits()[i] == after[i] ? 1 : -1);
      const double cost = beta_ * state.change(i) + 2 * coupling * alike;
      if (cost <= 0 || (cost < never && random.uniform() < std::exp(-cost))) state.flip(i);
    }
  }

  /// Flips of one bit in all copies, which their coupling does not feel.
  void visit_together(QuickRandom& random) {
    for (std::size_t i = 0; i < bits_; ++i) {
      double cost = 0;
      for (const auto& state : states_) cost += beta_ * state.change(i);
      if (cost > 0 && random.uniform() >= std::exp(-cost)) continue;
      for (auto& state : states_) state.flip(i);
    }
  }

  std::size_t bits_;
  std::vector<BitState> states_;
  double beta_, strongest_;  ///< of a copy; the field at the beginning
};

Solved anneal_quantum(const Decision& decision, const Settings& settings, const FitContext& context) {
  const auto qubo = decision.qubo();
  const auto neighbours = neighbours_of(qubo);
  const auto sweeps = static_cast<std::size_t>(count(quantum_annealing, settings, "sweeps"));
  const auto starts = starts_of(number(quantum_annealing, settings, "starts"), context);
  Paths paths(qubo, neighbours, static_cast<std::size_t>(count(quantum_annealing, settings, "copies")));
  Tries tries(decision);
  for (std::size_t s = 0; s < starts; ++s) {
    QuickRandom random(derive(context.seed, {key_of("quantum annealing"), s}));
    tries.add_bits(paths.run(sweeps, random));
  }
  return {std::move(tries).take(),
          {.reason = "the field is gone", .steps = starts * sweeps, .losses = {}, .parameters = 0}};
}

}  // namespace

const Contender quantum_annealing = with_solver(
    {
        .name = "simulated-quantum-annealing",
        .summary =
            "an annealer's falling transverse field, simulated by copies on a ring (path-integral Monte Carlo)",
        .source = "Santoro, Martonak, Tosatti and Car 2002",
        .family = Family::quantum_inspired,
        .hyperparameters =
            {{"sweeps", "visits of every bit of every copy", {300.0, 100.0, 1000.0}, whole(1e6)},
             {"copies", "on the ring (Trotter slices)", {16.0}, whole(200)},
             {"starts", "that begin anew", {10.0}, whole(1e5)}},
        .fit = nullptr,
        .solves = kinds_with_qubo(),
        .refuses = too_many_variables<4000>,
    },
    anneal_quantum);

}  // namespace qupel
