#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "qupel/base/error.h"
#include "qupel/base/parallel.h"
#include "qupel/base/usable_memory.h"
#include "qupel/circuit/last_uses.h"
#include "qupel/engine/branching/walks.h"

namespace qupel::branching {
namespace {

template <class T>
struct Branch {
  PureState<T> state;
  std::vector<bool> bits;
  double weight = 1;
  double fingerprint = 0;
};

// Rounding errors of amplitudes: smaller probabilities count as 0, and states with a smaller distance as
// equal.
template <class T>
constexpr double no_probability = sizeof(T) == sizeof(float) ? 1e-10 : 1e-20;
template <class T>
constexpr double no_distance = sizeof(T) == sizeof(float) ? 1e-5 : 1e-12;

template <class T>
class Walk {
 public:
  explicit Walk(const Job& job)
      : job_(job),
        steps_(steps(job.circuit, job.noise)),
        last_uses_(last_uses(job.circuit, std::vector<bool>(static_cast<std::size_t>(job.circuit.bits())))) {
    branches_.push_back({PureState<T>(job.circuit.qubits()),
                         std::vector<bool>(static_cast<std::size_t>(job.circuit.bits()))});
  }

  Outcome run() {
    for (std::size_t s = 0; s < steps_.size(); ++s) take(s);
    Outcome outcome;
    for (std::size_t o = 0; o < job_.observables.size(); ++o) {
      Moments sum;
      for (const auto& branch : branches_) {
        const auto found = branch.state.moments(job_.observables[o], o < job_.variances, job_.threads);
        sum.mean += branch.weight * found.mean;
        sum.square += branch.weight * found.square;
      }
      outcome.expectations.push_back(sum.mean);
      if (o < job_.variances) outcome.variances.push_back(sum.variance());
    }
    return outcome;
  }

 private:
  void take(std::size_t s) {
    const auto& step = steps_[s];
    std::vector<char> happens(branches_.size());
    each_branch([&](std::size_t b, int threads) {
      happens[b] = step.happens(branches_[b].bits) ? 1 : 0;
      if (happens[b] == 0) return;
      for (const auto& gate : step.gates) branches_[b].state.apply(gate, threads);
      if (step.bit >= 0) branches_[b].bits[static_cast<std::size_t>(step.bit)] = step.value;
    });
    for (const bool happened : {true, false})
      for (const auto& chance : step.chances_if(happened)) split(chance, s, happens, happened);
    for (auto& branch : branches_)
      for (const int bit : last_uses_[s]) branch.bits[static_cast<std::size_t>(bit)] = false;
    if (!step.chances.empty() || !step.instead.empty() || step.bit >= 0) join();
  }

  // Many branches are shared out among the threads; of few, the threads work on one after the other together.
  void each_branch(const std::function<void(std::size_t, int)>& work) {
    const bool many = branches_.size() >= 8;
    parallel_for(branches_.size(), many ? job_.threads : 1,
                 [&](std::size_t b) { work(b, many ? 1 : job_.threads); });
  }

  // Splits the branches in which the conditions of the step held, or, if `happened` is false, the others.
  void split(const Chance& chance, std::size_t s, std::vector<char>& happens, bool happened) {
    std::vector<std::vector<double>> chances(branches_.size());
    each_branch([&](std::size_t b, int threads) {
      if ((happens[b] != 0) == happened)
        chances[b] = probabilities(chance, branches_[b].state.reduced(chance.qubits, threads));
    });
    std::vector<Branch<T>> all;
    std::vector<char> all_happen;
    for (std::size_t b = 0; b < branches_.size(); ++b) {
      if ((happens[b] != 0) != happened) {
        all.push_back(std::move(branches_[b]));
        all_happen.push_back(happens[b]);
        continue;
      }
      std::vector<std::size_t> possible;
      for (std::size_t way = 0; way < chances[b].size(); ++way)
        if (chances[b][way] > no_probability<T>) possible.push_back(way);
      for (const auto way : possible) {
        const bool last = way == possible.back();
        Branch<T> part{last ? std::move(branches_[b].state) : branches_[b].state.copy(), branches_[b].bits,
                       branches_[b].weight * chances[b][way]};
        part.state.apply(taken(chance, way, chances[b][way]), job_.threads);
        if (chance.bit >= 0) part.bits[static_cast<std::size_t>(chance.bit)] = way % 2 == 1;
        all.push_back(std::move(part));
        all_happen.push_back(happens[b]);
        require_fitting(all.size() + branches_.size() - b - 1, s);
      }
    }
    branches_ = std::move(all);
    happens = std::move(all_happen);
  }

  void require_fitting(std::size_t count, std::size_t s) const {
    const auto* const name = job_.circuit.operations()[s].spec->name.data();
    if (count > most_branches) {
      throw InputError(
          fmt::format("{} branches at operation {} ({}): exact values take up to {}; ask for shots, or "
                      "for averages over trajectories",
                      count, s, name, most_branches));
    }
    require_bytes(static_cast<double>(count) * PureState<T>::bytes(job_.circuit.qubits()),
                  fmt::format("{} branches at operation {} ({}) of a circuit on {} qubits", count, s, name,
                              job_.circuit.qubits()));
  }

  // Adds up branches with equal states and bits: sorted by bits and fingerprint they are neighbours.
  void join() {
    if (branches_.size() < 2) return;
    each_branch([&](std::size_t b, int) { branches_[b].fingerprint = branches_[b].state.fingerprint(); });
    std::ranges::sort(branches_, [](const Branch<T>& a, const Branch<T>& b) {
      return std::tie(a.bits, a.fingerprint) < std::tie(b.bits, b.fingerprint);
    });
    std::vector<Branch<T>> kept;
    for (auto& branch : branches_) {
      if (!kept.empty() && kept.back().bits == branch.bits &&
          std::abs(kept.back().fingerprint - branch.fingerprint) < no_distance<T> &&
          kept.back().state.distance(branch.state) < no_distance<T>) {
        kept.back().weight += branch.weight;
      } else {
        kept.push_back(std::move(branch));
      }
    }
    branches_ = std::move(kept);
  }

  const Job& job_;
  std::vector<Step> steps_;
  std::vector<std::vector<int>> last_uses_;
  std::vector<Branch<T>> branches_;
};

}  // namespace

template <class T>
Outcome exact_values(const Job& job) {
  return Walk<T>(job).run();
}

template Outcome exact_values<float>(const Job&);
template Outcome exact_values<double>(const Job&);

}  // namespace qupel::branching
