#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "qupel/base/parallel.h"
#include "qupel/base/random.h"
#include "qupel/engine/binomial.h"
#include "qupel/engine/branching/walks.h"

namespace qupel::branching {
namespace {

// Walkers that went the same way so far: first .. first + count - 1 of all.
template <class T>
struct Crowd {
  PureState<T> state;
  std::vector<bool> bits;
  std::uint64_t first = 0, count = 0;
  std::size_t step = 0, chance = 0;  ///< where they are
  bool happens = false;              ///< the conditions of the step held
};

template <class T>
using Arrived = std::function<void(const Crowd<T>&)>;

template <class T>
class Walkers {
 public:
  Walkers(const Job& job, std::uint64_t seed)
      : seed_(seed), threads_(job.threads), steps_(steps(job.circuit, job.noise)) {}

  Crowd<T> all(const Job& job, std::uint64_t count) const {
    return {PureState<T>(job.circuit.qubits()),
            std::vector<bool>(static_cast<std::size_t>(job.circuit.bits())), 0, count};
  }

  // Goes on until the crowd parts, and returns its parts; one, at the end of the circuit, if it arrives.
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

  // Sends the crowd to the end; of the parts the smallest goes first, so that few wait.
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
    for (std::size_t way = 0; way <= last; ++way) {
      if (counts[way] == 0) continue;
      Crowd<T> made{way == last ? std::move(crowd.state) : crowd.state.copy(),
                    crowd.bits,
                    first,
                    counts[way],
                    crowd.step,
                    crowd.chance + 1,
                    crowd.happens};
      auto scaled = chance.ways[way];
      for (auto& entry : scaled.values()) entry /= std::sqrt(chances[way]);
      made.state.apply({std::move(scaled), chance.qubits}, threads);
      if (chance.bit >= 0) made.bits[static_cast<std::size_t>(chance.bit)] = way % 2 == 1;
      first += counts[way];
      parts.push_back(std::move(made));
    }
    return parts;
  }

  std::uint64_t seed_;
  int threads_;
  std::vector<Step> steps_;
};

// Crowds that threads can take: small states part until there are enough, large ones share their own work.
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

// Calls arrive(tally, crowd) for every crowd at the end of the circuit; tallies come in a fixed order.
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

}  // namespace

template <class T>
Outcome estimates(const Job& job) {
  struct Sum {  // of <O>, of its square, and of <O^2>
    double means = 0, squared_means = 0, squares = 0;
  };
  using Sums = std::vector<Sum>;  // by observable
  const auto parts = walk<T, Sums>(job, job.trajectories, "trajectories", Sums(job.observables.size()),
                                   [&](Sums& sums, const Crowd<T>& crowd, int threads) {
                                     const auto n = static_cast<double>(crowd.count);
                                     for (std::size_t o = 0; o < sums.size(); ++o) {
                                       const auto found = crowd.state.moments(job.observables[o],
                                                                              o < job.variances, threads);
                                       sums[o].means += n * found.mean;
                                       sums[o].squared_means += n * found.mean * found.mean;
                                       sums[o].squares += n * found.square;
                                     }
                                   });
  Outcome outcome;
  const auto n = static_cast<double>(job.trajectories);
  for (std::size_t o = 0; o < job.observables.size(); ++o) {
    Sum sum;
    for (const auto& part : parts) {
      sum.means += part[o].means;
      sum.squared_means += part[o].squared_means;
      sum.squares += part[o].squares;
    }
    const double mean = sum.means / n, variance = std::max(sum.squared_means / n - mean * mean, 0.0);
    if (o < job.variances) outcome.variances.push_back(Moments{mean, sum.squares / n}.variance());
    outcome.expectations.push_back(mean);
    outcome.errors.push_back(n > 1 ? std::sqrt(variance / (n - 1)) : std::numeric_limits<double>::infinity());
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
