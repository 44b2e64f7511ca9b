#include "qupel/engine/trajectories/trajectories.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>

#include "qupel/base/error.h"
#include "qupel/base/interrupt.h"
#include "qupel/base/parallel.h"
#include "qupel/base/pool.h"
#include "qupel/base/random.h"
#include "qupel/circuit/measurement_group.h"
#include "qupel/circuit/standard_error.h"
#include "qupel/engine/moments.h"
#include "qupel/engine/statevector/blocks.h"
#include "qupel/engine/trajectories/kernels.h"

namespace qupel {
namespace {

using namespace trajectories;
using statevector::Binding;
using statevector::Call;
using statevector::Workspace;

// Keys of the random streams of a trajectory.
constexpr std::uint64_t noise_stream = 0, shot_stream = 1;

// An observable as a constant and measured strings.
struct Weighted {
  double constant = 0;
  std::vector<std::pair<std::size_t, double>> strings;  // position, weight
  double range = 0;                                     // see value_range()
};

// What some trajectories add up to.
struct Tally {
  std::vector<double> sums, squares;  // by observable, of its value
  std::vector<double> moments;        // of <O^2>, if variances are wanted
  std::map<std::uint64_t, std::uint64_t> counts;
  EventCounts happened;
};

void add(Tally& total, const Tally& part) {
  for (std::size_t o = 0; o < total.sums.size(); ++o) {
    total.sums[o] += part.sums[o];
    total.squares[o] += part.squares[o];
  }
  for (std::size_t o = 0; o < total.moments.size(); ++o) total.moments[o] += part.moments[o];
  for (const auto& [state, count] : part.counts) total.counts[state] += count;
}

}  // namespace

struct Trajectories::Implementation {
  Implementation(const Circuit& circuit, const NoiseModel& noise, std::span<const Observable> wanted,
                 Precision p, std::size_t with_variances)
      : precision(p),
        variances(with_variances),
        strings(distinct_strings(wanted)),
        noisy(circuit, noise, strings) {
    const auto at = positions(strings);
    for (const auto& observable : wanted) {
      auto& weighted = observables.emplace_back();
      weighted.range = value_range(observable);
      for (const auto& [weight, string] : observable.terms) {
        if (string.identity()) {
          weighted.constant += weight;
        } else {
          weighted.strings.emplace_back(at.at(string), weight);
        }
      }
    }
  }

  template <class T>
  Tally run(std::uint64_t count, std::uint64_t shots, std::uint64_t seed, int threads) const;
  template <class T>
  void tally(const Lanes<T>& block, std::size_t lane, Tally& result) const;
  template <class T>
  void add_moments(const Lanes<T>& block, std::size_t lane, Tally& result) const;
  template <class T>
  void draw(const Lanes<T>& block, std::size_t lane, Random random, std::uint64_t shots, Tally& result) const;

  Precision precision;
  std::size_t variances;  // of so many of the first observables
  std::vector<Weighted> observables;
  std::vector<PauliString> strings;
  NoisyProgram noisy;
};

namespace {

// Errors that do not depend on the state, and the draws that decide the others.
template <class T>
void draw_noise(Lanes<T>& block, std::size_t lane, Random random) {
  for (const auto& site : block.noisy.errors) {
    const double draw = random.uniform();
    if (draw >= site.cumulative.back()) continue;
    const auto which =
        static_cast<std::size_t>(std::ranges::upper_bound(site.cumulative, draw) - site.cumulative.begin());
    block.turn(lane, site.errors[which], site.time, site.first_event + which);
  }
  for (std::size_t d = 0; d < block.noisy.dampings.size(); ++d)
    block.draws[d * block.lanes + lane] = random.uniform();
}

}  // namespace

template <class T>
void Trajectories::Implementation::tally(const Lanes<T>& block, std::size_t lane, Tally& result) const {
  const double norm = block.values[strings.size() * block.lanes + lane];
  for (std::size_t o = 0; o < observables.size(); ++o) {
    double value = observables[o].constant;
    for (const auto& [string, weight] : observables[o].strings) {
      value += weight * block.sign(noisy.first_string + string, lane) *
               block.values[string * block.lanes + lane] / norm;
    }
    result.sums[o] += value;
    result.squares[o] += value * value;
  }
}

// The stored state lacks the lane's errors, which turn signs of the observables' strings instead.
template <class T>
void Trajectories::Implementation::add_moments(const Lanes<T>& block, std::size_t lane, Tally& result) const {
  std::vector<Complex> state(std::size_t{1} << noisy.program->qubits);
  for (std::size_t s = 0; s < state.size(); ++s) {
    const T* re = block.work.state + 2 * s * block.lanes + lane;
    state[s] = {static_cast<double>(re[0]), static_cast<double>(re[block.lanes])};
  }
  for (std::size_t o = 0; o < variances; ++o) {
    std::vector<IndexTerm> terms{{observables[o].constant, {}}};
    for (const auto& [string, weight] : observables[o].strings) {
      terms.push_back({weight * block.sign(noisy.first_string + string, lane),
                       noisy.program->frame.stored(strings[string])});
    }
    result.moments[o] += moments(terms, state, 1).square;
  }
}

template <class T>
void Trajectories::Implementation::draw(const Lanes<T>& block, std::size_t lane, Random random,
                                        std::uint64_t shots, Tally& result) const {
  const auto probability = [&](std::size_t s) {
    const T* re = block.work.state + 2 * s * block.lanes + lane;
    return static_cast<double>(re[0]) * static_cast<double>(re[0]) +
           static_cast<double>(re[block.lanes]) * static_cast<double>(re[block.lanes]);
  };
  const std::size_t size = std::size_t{1} << noisy.program->qubits;
  double norm = 0;
  for (std::size_t s = 0; s < size; ++s) norm += probability(s);
  std::vector<double> draws(shots);
  for (double& draw : draws) draw = random.uniform() * norm;
  std::ranges::sort(draws);
  rotations::Mask flips = 0;
  for (int q = 0; q < noisy.program->qubits; ++q) {
    if (block.sign(noisy.first_bit + static_cast<std::size_t>(q), lane) < 0) flips |= rotations::Mask{1} << q;
  }
  double sum = 0;
  std::size_t last = 0;  // the last index with any probability so far
  auto next = draws.begin();
  for (std::size_t s = 0; s < size && next != draws.end(); ++s) {
    const double here = probability(s);
    if (here > 0) last = s;
    sum += here;
    for (; next != draws.end() && *next < sum; ++next)
      ++result.counts[noisy.program->frame.basis_state(s) ^ flips];
  }
  for (; next != draws.end(); ++next) ++result.counts[noisy.program->frame.basis_state(last) ^ flips];
}

template <class T>
Tally Trajectories::Implementation::run(std::uint64_t count, std::uint64_t shots, std::uint64_t seed,
                                        int threads) const {
  const auto& program = *noisy.program;
  const auto& set = trajectories::kernels<T>();
  const std::size_t lanes = set.lanes;
  threads = statevector::usable_threads(program, count, sizeof(T), Workspace<T>::bytes(program, lanes, false),
                                        threads);
  const Binding<T> binding(program, {});
  const Matrix<double> features;
  const Call<T> call{program, program.plans(set.vector_bytes), binding, features, {}};
  Pool<Lanes<T>> pool([&] { return std::make_unique<Lanes<T>>(noisy, binding, lanes); });
  // 64 trajectories at a time, whatever the lanes: sums have one shape.
  constexpr std::uint64_t chunk_size = 64;
  const auto empty = [&] {
    const std::vector<double> zeros(observables.size());
    return Tally{zeros, zeros, std::vector<double>(variances), {}, {}};
  };
  EventCounts happened(noisy.events);  // whole numbers, so their sums do not depend on the order
  std::mutex counting;
  std::vector<Tally> tallies((count + chunk_size - 1) / chunk_size);
  parallel_for(tallies.size(), threads, [&](std::size_t chunk) {
    auto& mine = tallies[chunk] = empty();
    pool.lend([&](Lanes<T>& block) {
      std::ranges::fill(block.happened, 0);
      const std::uint64_t end = std::min(count, (chunk + 1) * chunk_size);
      for (std::uint64_t first = chunk * chunk_size; first < end; first += lanes) {
        check_interrupt();
        block.reset();
        const std::size_t used = block.used = std::min<std::uint64_t>(lanes, end - first);
        for (std::size_t lane = 0; lane < lanes; ++lane)  // lanes beyond repeat the last
          draw_noise(block, lane, Random(derive(seed, {first + std::min(lane, used - 1), noise_stream})));
        set.run(call, block);
        for (std::size_t lane = 0; lane < used; ++lane) {
          tally(block, lane, mine);
          if (variances > 0) add_moments(block, lane, mine);
          const std::uint64_t i = first + lane, share = shots / count + (i < shots % count ? 1 : 0);
          if (share > 0) draw(block, lane, Random(derive(seed, {i, shot_stream})), share, mine);
        }
      }
      const std::scoped_lock lock(counting);
      for (std::size_t e = 0; e < happened.size(); ++e) happened[e] += block.happened[e];
    });
  });
  auto total = empty();
  for (const auto& part : tallies) add(total, part);
  total.happened = std::move(happened);
  return total;
}

Trajectories::Trajectories(const Circuit& circuit, const NoiseModel& noise,
                           std::span<const Observable> observables, Precision precision,
                           std::size_t variances) {
  circuit.require_bound();
  if (circuit.qubits() > statevector::most_qubits)
    throw InputError(
        fmt::format("trajectories take up to {} qubits, not {}", statevector::most_qubits, circuit.qubits()));
  implementation_ = std::make_unique<Implementation>(circuit, noise, observables, precision, variances);
}

Trajectories::~Trajectories() = default;

Trajectories::Estimate Trajectories::run(std::uint64_t trajectories, std::uint64_t shots, std::uint64_t seed,
                                         int threads) const {
  if (trajectories == 0) throw InputError("0 trajectories: an estimate needs at least 1");
  auto tally = implementation_->precision == Precision::single
                   ? implementation_->run<float>(trajectories, shots, seed, threads)
                   : implementation_->run<double>(trajectories, shots, seed, threads);
  Estimate result{std::move(tally.sums), std::move(tally.squares), {}, std::move(tally.counts)};
  const auto n = static_cast<double>(trajectories);
  const double untaken = implementation_->noisy.probability_of_news(tally.happened, trajectories);
  for (std::size_t o = 0; o < result.means.size(); ++o) {
    const Draws draws{n, result.means[o], result.errors[o], implementation_->observables[o].range, untaken};
    result.means[o] = draws.mean();
    result.errors[o] = standard_error(draws);
    if (o < implementation_->variances)
      result.variances.push_back(Moments{draws.mean(), tally.moments[o] / n}.variance());
  }
  return result;
}

std::string Trajectories::refusal(const Circuit& circuit, const NoiseModel& noise) {
  return trajectories::refusal(circuit, noise);
}

double Trajectories::bytes(int qubits, Precision precision) {
  const bool single = precision == Precision::single;
  const std::size_t lanes =
      single ? trajectories::kernels<float>().lanes : trajectories::kernels<double>().lanes;
  return 7 *
         std::ldexp(static_cast<double>(lanes * (single ? 4 : 8)), qubits);  // a state, diagonals, a table
}

}  // namespace qupel
