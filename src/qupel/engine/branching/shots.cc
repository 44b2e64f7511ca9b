#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

#include "qupel/base/parallel.h"
#include "qupel/base/random.h"
#include "qupel/circuit/standard_error.h"
#include "qupel/engine/binomial.h"
#include "qupel/engine/branching/walks.h"

namespace qupel::branching {
namespace {

// Walkers number first .. first + count - 1, which have gone the same way so far and share a state.
template <class T>
struct Crowd {
  PureState<T> state;
  std::vector<bool> bits;
  std::uint64_t first = 0, count = 0;
  std::size_t step = 0, chance = 0;  ///< where they are
  bool happens = false;              ///< the conditions of the step held
  /// Of the ways that no walker took, the probabilities times the number of walkers who could have.
  double untaken = 0;
};

template <class T>
using Arrived = std::function<void(const Crowd<T>&)>;

template <class T>
class Walkers {
 public:
  Walkers(const Job& job, std::uint64_t seed) : seed_(seed), steps_(steps(job.circuit, job.noise)) {}

  Crowd<T> all(const Job& job, std::uint64_t count) const {
    return {PureState<T>(job.circuit.qubits()),
            std::vector<bool>(static_cast<std::size_t>(job.circuit.bits())), 0, count};
  }

  // Runs the crowd until it parts, and returns the parts. A crowd that reaches the end of the circuit is the
  // only part.
  std::vector<Crowd<T>> until_parted(Crowd<T> crowd, int threads) const {
    for (; crowd.step < steps_.size(); ++crowd.step, crowd.chance = 0) {
      const auto& step = steps_[crowd.step];
      if (crowd.chance == 0) begin(step, crowd, threads);
      const auto& chances = step.chances_if(crowd.happens);
      while (crowd.chance < chances.size()) {
        auto parts = part(chances[crowd.chance], std::move(crowd), threads);
        if (parts.size() > 1) return parts;
        crowd = std::move(parts.front());
      }
    }
    std::vector<Crowd<T>> arrived;
    arrived.push_back(std::move(crowd));
    return arrived;
  }

  // Runs the crowd and all its parts to the end of the circuit, small parts first: that keeps few states
  // waiting.
  void run(Crowd<T> crowd, int threads, const Arrived<T>& arrived) const {
    std::vector<Crowd<T>> waiting;
    waiting.push_back(std::move(crowd));
    while (!waiting.empty()) {
      auto next = std::move(waiting.back());
      waiting.pop_back();
      auto parts = until_parted(std::move(next), threads);
      if (parts.size() == 1) {
        arrived(parts.front());
        continue;
      }
      std::ranges::stable_sort(parts, std::ranges::greater{}, &Crowd<T>::count);
      std::ranges::move(parts, std::back_inserter(waiting));
    }
  }

  bool arrived(const Crowd<T>& crowd) const { return crowd.step == steps_.size(); }

 private:
  void begin(const Step& step, Crowd<T>& crowd, int threads) const {
    crowd.happens = step.happens(crowd.bits);
    if (!crowd.happens) return;
    for (const auto& gate : step.gates) crowd.state.apply(gate, threads);
    if (step.bit >= 0) crowd.bits[static_cast<std::size_t>(step.bit)] = step.value;
  }

  std::vector<std::uint64_t> drawn(const std::vector<double>& chances, const Crowd<T>& crowd) const {
    Random random(derive(seed_, {key_of("way"), crowd.step, crowd.chance, crowd.first}));
    std::vector<std::uint64_t> result(chances.size());
    std::uint64_t left = crowd.count;
    double rest = 0;
    for (const double p : chances) rest += p;
    std::size_t last = chances.size() - 1;
    while (last > 0 && !(chances[last] > 0)) --last;
    for (std::size_t way = 0; way <= last && left > 0; ++way) {
      result[way] = way == last ? left : binomial(random, left, chances[way] / rest);
      left -= result[way];
      rest -= chances[way];
    }
    return result;
  }

  std::vector<Crowd<T>> part(const Chance& chance, Crowd<T> crowd, int threads) const {
    const auto chances = probabilities(chance, crowd.state.reduced(chance.qubits, threads));
    const auto counts = drawn(chances, crowd);
    std::size_t last = counts.size() - 1;
    while (counts[last] == 0) --last;
    std::vector<Crowd<T>> parts;
    std::uint64_t first = crowd.first;
    double untaken = crowd.untaken;
    for (std::size_t way = 0; way < counts.size(); ++way)
      if (counts[way] == 0) untaken += chances[way] * static_cast<double>(crowd.count);
    for (std::size_t way = 0; way <= last; ++way) {
      if (counts[way] == 0) continue;
      Crowd<T> made{way == last ? std::move(crowd.state) : crowd.state.copy(),
                    crowd.bits,
                    first,
                    counts[way],
                    crowd.step,
                    crowd.chance + 1,
                    crowd.happens,
                    std::exchange(untaken, 0)};  // the first of the parts carries it on
      made.state.apply(taken(chance, way, chances[way]), threads);
      if (chance.bit >= 0) made.bits[static_cast<std::size_t>(chance.bit)] = way % 2 == 1;
      first += counts[way];
      parts.push_back(std::move(made));
    }
    return parts;
  }

  std::uint64_t seed_;
  std::vector<Step> steps_;
};

// Crowds for the threads to run. Small states part until there are enough crowds for many threads; a large
// state stays one crowd, on whose amplitudes the threads work together.
template <class T>
std::vector<Crowd<T>> crowds(const Job& job, const Walkers<T>& walkers, std::uint64_t count) {
  constexpr int most_qubits_apart = 14;
  constexpr std::size_t enough = 64;
  std::vector<Crowd<T>> all;
  all.push_back(walkers.all(job, count));
  if (job.circuit.qubits() > most_qubits_apart) return all;
  for (bool parted = true; parted && all.size() < enough;) {
    parted = false;
    std::vector<Crowd<T>> next;
    for (auto& crowd : all) {
      if (walkers.arrived(crowd)) {
        next.push_back(std::move(crowd));
        continue;
      }
      parted = true;
      for (auto& part : walkers.until_parted(std::move(crowd), 1)) next.push_back(std::move(part));
    }
    all = std::move(next);
  }
  return all;
}

// Calls arrive(tally, crowd) for every crowd at the end of the circuit. There is a tally for each crowd that
// threads took, in an order that does not depend on the threads.
template <class T, class Tally>
std::vector<Tally> walk(const Job& job, std::uint64_t count, std::string_view purpose, const Tally& empty,
                        const std::function<void(Tally&, const Crowd<T>&, int threads)>& arrive) {
  const Walkers<T> walkers(job, derive(job.seed, {key_of(purpose)}));
  auto starts = crowds(job, walkers, count);
  const bool several = starts.size() > 1;
  const int inner = several ? 1 : job.threads;
  std::vector<Tally> tallies(starts.size(), empty);
  parallel_for(starts.size(), job.threads, [&](std::size_t k) {
    walkers.run(std::move(starts[k]), inner,
                [&](const Crowd<T>& crowd) { arrive(tallies[k], crowd, inner); });
  });
  return tallies;
}

// What walkers found of the observables at the end.
struct Found {
  struct Sums {  // of <O>, of its square, and of <O^2>
    double means = 0, squared_means = 0, squares = 0;
  };
  std::vector<Sums> sums;  // by observable
  double untaken = 0;      // see Crowd

  void add(const Found& other) {
    for (std::size_t o = 0; o < sums.size(); ++o) {
      sums[o].means += other.sums[o].means;
      sums[o].squared_means += other.sums[o].squared_means;
      sums[o].squares += other.sums[o].squares;
    }
    untaken += other.untaken;
  }
};

template <class T>
void add_arrived(Found& found, const Job& job, const Crowd<T>& crowd, int threads) {
  const auto n = static_cast<double>(crowd.count);
  for (std::size_t o = 0; o < found.sums.size(); ++o) {
    const auto here = crowd.state.moments(job.observables[o], o < job.variances, threads);
    found.sums[o].means += n * here.mean;
    found.sums[o].squared_means += n * here.mean * here.mean;
    found.sums[o].squares += n * here.square;
  }
  found.untaken += crowd.untaken;
}

}  // namespace

template <class T>
Outcome estimates(const Job& job) {
  const Found none{std::vector<Found::Sums>(job.observables.size())};
  auto total = none;
  for (const auto& part : walk<T, Found>(
           job, job.trajectories, "trajectories", none,
           [&](Found&found, const Crowd<T>&crowd, int threads) { add_arrived(found, job, crowd, threads); }))
    total.add(part);
  Outcome outcome;
  const auto n = static_cast<double>(job.trajectories);
  for (std::size_t o = 0; o < job.observables.size(); ++o) {
    const auto& sums = total.sums[o];
    const Draws draws{n, sums.means, sums.squared_means, value_range(job.observables[o]), total.untaken / n};
    if (o < job.variances) outcome.variances.push_back(Moments{draws.mean(), sums.squares / n}.variance());
    outcome.expectations.push_back(draws.mean());
    outcome.errors.push_back(standard_error(draws));
  }
  return outcome;
}

template <class T>
Outcome counts(const Job& job) {
  struct Tally {
    std::map<std::uint64_t, std::uint64_t> by_basis;
    BitCounts by_bits;
  };
  const auto parts =
      walk<T, Tally>(job, job.shots, "shots", {}, [&](Tally& tally, const Crowd<T>& crowd, int threads) {
        const auto seed = derive(job.seed, {key_of("end"), crowd.first});
        const auto drawn = crowd.state.counts(crowd.count, seed, threads);
        if (!job.readout.empty()) return add_counts(job.readout, crowd.bits, drawn, tally.by_bits);
        for (const auto& [basis, count] : drawn) tally.by_basis[basis] += count;
      });
  Tally total;
  for (const auto& part : parts) {
    for (const auto& [basis, count] : part.by_basis) total.by_basis[basis] += count;
    for (const auto& [bits, count] : part.by_bits) total.by_bits[bits] += count;
  }
  Outcome outcome;
  outcome.counts.assign(total.by_basis.begin(), total.by_basis.end());
  outcome.bit_counts = std::move(total.by_bits);
  return outcome;
}

template Outcome estimates<float>(const Job&);
template Outcome estimates<double>(const Job&);
template Outcome counts<float>(const Job&);
template Outcome counts<double>(const Job&);

}  // namespace qupel::branching
