#include "qupel/engine/density/branches.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "qupel/base/random.h"
#include "qupel/circuit/live_bits.h"
#include "qupel/engine/binomial.h"
#include "qupel/engine/density/density_matrix.h"
#include "qupel/engine/density/state.h"
#include "qupel/engine/sampling.h"
#include "qupel/noise/circuit_noise.h"

namespace qupel::density {
namespace {

using Bits = std::vector<bool>;

// The bits whose values are counted at the end, if there are shots.
Bits counted_bits(const Job& job) {
  Bits counted(static_cast<std::size_t>(job.circuit.bits()));
  for (std::size_t b = 0; b < job.readout.size(); ++b)
    counted[b] = job.shots > 0 && job.readout[b].from == FinalBit::From::body;
  return counted;
}

bool is_live_measurement(const Operation& operation, const Bits& live) {
  return operation.spec->structure == Structure::measure && live[static_cast<std::size_t>(operation.bits[0])];
}

template <class T>
class Walk {
 public:
  explicit Walk(const Job& job)
      : job_(job),
        noise_(job.circuit, job.noise),
        live_(live_bits(job.circuit, counted_bits(job))),
        touched_(static_cast<std::size_t>(padded(job.circuit.qubits()))) {
    branches_.emplace(Bits(static_cast<std::size_t>(job.circuit.bits())), State<T>(job.circuit.qubits()));
  }

  std::map<Bits, State<T>> run() {
    const auto operations = job_.circuit.operations();
    for (std::size_t s = 0; s < operations.size(); ++s) {
      const auto& operation = operations[s];
      const bool live = is_live_measurement(operation, live_[s]);
      if (live || operation.spec->classical() || !operation.conditions.empty()) {
        apply_until(s);
        branch(s, live);
        applied_ = s + 1;
      }
    }
    apply_until(operations.size());
    return std::move(branches_);
  }

 private:
  // Operations up to `end` are the same for all branches, so that their transfer matrices are made once.
  void apply_until(std::size_t end) {
    if (end == applied_) return;
    apply(transfers(job_.circuit, noise_, applied_, end), [](const Bits&) { return true; });
  }

  template <class Which>
  void apply(const std::vector<Transfer>& all, Which&& which) {
    auto after = touched_;
    for (auto& [bits, state] : branches_) {
      auto touched = touched_;
      if (which(bits)) state.apply(all, touched, job_.threads);
      for (std::size_t q = 0; q < after.size(); ++q) after[q] = after[q] | touched[q];
    }
    touched_ = std::move(after);
  }

  static bool happens(const Operation& operation, const Bits& bits) {
    return std::ranges::all_of(operation.conditions, [&](const Condition& each) { return each.holds(bits); });
  }

  void branch(std::size_t s, bool live) {
    const auto& operation = job_.circuit.operations()[s];
    const int qubits = job_.circuit.qubits();
    const auto here = [&](const Bits& bits) { return happens(operation, bits); };
    if (!live && !operation.spec->classical()) apply(transfers(job_.circuit, noise_, s, s + 1), here);
    if (!operation.conditions.empty())
      apply(transfers(noise_.steps_instead(s), qubits), [&](const Bits& bits) { return !here(bits); });
    std::map<Bits, State<T>> all;
    const auto put = [&](Bits bits, State<T> state) {
      for (std::size_t b = 0; b < bits.size(); ++b) bits[b] = bits[b] && live_[s][b];
      if (const auto [at, added] = all.try_emplace(std::move(bits), std::move(state)); !added)
        at->second.add(state);  // not moved from: there was one
    };
    const auto noise = live ? transfers(noise_.steps_after(s), qubits) : std::vector<Transfer>{};
    for (auto& [before, state] : branches_) {
      if (!here(before)) {
        put(before, std::move(state));
        continue;
      }
      auto bits = before;
      if (operation.spec->classical())
        bits[static_cast<std::size_t>(operation.bits[0])] = operation.spec->structure == Structure::set;
      if (!live) {
        put(std::move(bits), std::move(state));
        continue;
      }
      const auto error = job_.noise.readout(operation.qubits[0]);
      for (const bool read : {false, true}) {
        auto part = state.copy();
        part.project(operation.qubits[0], error.probability(read, false), error.probability(read, true));
        if (!(part.weight() > 0)) continue;
        auto touched = touched_;
        part.apply(noise, touched, job_.threads);
        bits[static_cast<std::size_t>(operation.bits[0])] = read;
        put(bits, std::move(part));
      }
    }
    for (const auto& transfer : noise)
      for (const int q : transfer.qubits) touched_[static_cast<std::size_t>(q)] = 1;
    branches_ = std::move(all);
  }

  const Job& job_;
  CircuitNoise noise_;
  std::vector<Bits> live_;
  Touched touched_;
  std::size_t applied_ = 0;  // so many operations
  std::map<Bits, State<T>> branches_;
};

template <class T>
void draw(const Job& job, const std::map<Bits, State<T>>& branches, Outcome& outcome) {
  double rest = 0;
  for (const auto& [bits, state] : branches) rest += state.weight();
  Random random(derive(job.seed, {key_of("branches")}));
  std::uint64_t left = job.shots, number = 0;
  for (const auto& [bits, state] : branches) {
    const bool last = ++number == branches.size();
    const auto here = last ? left : binomial(random, left, state.weight() / rest);
    left -= here;
    rest -= state.weight();
    if (here == 0) continue;
    const auto drawn =
        draw_counts(state.probabilities(), here, derive(job.seed, {key_of("branch"), number}), job.threads);
    if (job.readout.empty()) {
      outcome.counts.insert(outcome.counts.end(), drawn.begin(), drawn.end());
    } else {
      add_counts(job.readout, bits, drawn, outcome.bit_counts);
    }
  }
}

}  // namespace

double branches(const Job& job) {
  const auto live = live_bits(job.circuit, counted_bits(job));
  const auto operations = job.circuit.operations();
  Bits open(static_cast<std::size_t>(job.circuit.bits()));  // either value is possible
  std::ptrdiff_t most = 0;
  for (std::size_t s = 0; s < operations.size(); ++s) {
    for (const int bit : operations[s].bits) open[static_cast<std::size_t>(bit)] = true;
    for (std::size_t b = 0; b < open.size(); ++b) open[b] = open[b] && live[s][b];
    most = std::max(most, std::ranges::count(open, true));
  }
  return std::exp2(static_cast<double>(most));
}

template <class T>
Outcome run_branches(const Job& job) {
  const auto branches = Walk<T>(job).run();
  Outcome outcome;
  const auto of = [&](const PauliString& string) {
    double sum = 0;
    for (const auto& [bits, state] : branches) sum += state.at(string.index());
    return sum;
  };
  for (const auto& observable : job.observables) outcome.expectations.push_back(expectation(observable, of));
  for (std::size_t o = 0; o < job.variances; ++o)
    outcome.variances.push_back(variance(job.observables[o], of));
  if (job.shots > 0) draw(job, branches, outcome);
  return outcome;
}

template Outcome run_branches<float>(const Job&);
template Outcome run_branches<double>(const Job&);

}  // namespace qupel::density
