#include "qupel/engine/density/branches.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "qupel/base/random.h"
#include "qupel/circuit/last_uses.h"
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

bool is_used_measurement(const Operation& operation, const std::vector<int>& last_uses) {
  return operation.spec->structure == Structure::measure &&
         std::ranges::find(last_uses, operation.bits[0]) == last_uses.end();
}

template <class T>
class Walk {
 public:
  explicit Walk(const Job& job)
      : job_(job),
        noise_(job.circuit, job.noise),
        last_uses_(last_uses(job.circuit, counted_bits(job))),
        touched_(static_cast<std::size_t>(padded(job.circuit.qubits()))) {
    branches_.emplace(Bits(static_cast<std::size_t>(job.circuit.bits())), State<T>(job.circuit.qubits()));
  }

  std::map<Bits, State<T>> run() {
    const auto operations = job_.circuit.operations();
    for (std::size_t s = 0; s < operations.size(); ++s) {
      const auto& operation = operations[s];
      const bool used = is_used_measurement(operation, last_uses_[s]);
      if (used || operation.spec->classical() || !operation.conditions.empty()) {
        apply_until(s);
        branch(s, used);
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

  void branch(std::size_t s, bool used) {
    const auto& operation = job_.circuit.operations()[s];
    const int qubits = job_.circuit.qubits();
    const auto here = [&](const Bits& bits) { return happens(operation, bits); };
    if (!used && !operation.spec->classical()) apply(transfers(job_.circuit, noise_, s, s + 1), here);
    if (!operation.conditions.empty())
      apply(transfers(noise_.steps_instead(s), qubits), [&](const Bits& bits) { return !here(bits); });
    std::map<Bits, State<T>> all;
    const auto put = [&](Bits bits, State<T> state) {
      for (const int bit : last_uses_[s]) bits[static_cast<std::size_t>(bit)] = false;
      if (const auto [at, added] = all.try_emplace(std::move(bits), std::move(state)); !added)
        at->second.add(state);  // not moved from: there was one
    };
    const auto noise = used ? transfers(noise_.steps_after(s), qubits) : std::vector<Transfer>{};
    for (auto& [before, state] : branches_) {
      if (!here(before)) {
        put(before, std::move(state));
        continue;
      }
      auto bits = before;
      if (operation.spec->classical())
        bits[static_cast<std::size_t>(operation.bits[0])] = operation.spec->structure == Structure::set;
      if (!used) {
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
  std::vector<std::vector<int>> last_uses_;
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
  const auto ended = last_uses(job.circuit, counted_bits(job));
  const auto operations = job.circuit.operations();
  Bits open(static_cast<std::size_t>(job.circuit.bits()));  // either value is possible
  int count = 0, most = 0;
  const auto set = [&](int bit, bool value) {
    const auto at = static_cast<std::size_t>(bit);
    count += static_cast<int>(value) - static_cast<int>(open[at]);
    open[at] = value;
  };
  for (std::size_t s = 0; s < operations.size(); ++s) {
    for (const int bit : operations[s].bits) set(bit, true);
    for (const int bit : ended[s]) set(bit, false);
    most = std::max(most, count);
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
