#include "qupel/engine/qaoa/qaoa.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>
#include <numeric>
#include <variant>

#include "qupel/base/error.h"
#include "qupel/base/parallel.h"
#include "qupel/base/pool.h"
#include "qupel/base/usable_memory.h"
#include "qupel/engine/huge_array.h"
#include "qupel/engine/qaoa/kernels.h"
#include "qupel/engine/sampling.h"
#include "qupel/engine/simd/aligned.h"

namespace qupel {
namespace {

using std::numbers::pi;

constexpr int tile_bytes_bits = 18;  // a tile stays in a second-level cache, both states of a gradient too
constexpr int run_bits = 2;          // lines that a sweep over high bits moves together, at least
constexpr int most_lane_bits = 4;
constexpr std::size_t fewest_shared_tiles = 4;

/// Small states are computed with more qubits, which stay |+> and only change the phase of the whole state.
int padded(int qubits) { return std::max(qubits, most_lane_bits); }

/// One mixer: exp(-i beta X) is (1 - i tangent X), a factor, and a flip of every bit if `flips`, up to
/// a phase.
struct Mixer {
  double tangent, factor;
  bool flips;

  Mixer(double beta, int qubits) {
    beta = std::remainder(beta, pi);
    flips = std::abs(beta) > pi / 4;
    if (flips) beta -= std::copysign(pi / 2, beta);
    tangent = std::tan(beta);
    factor = std::pow(std::cos(beta), qubits);
  }
};

template <class T>
class State {
 public:
  State(const CostFunction& cost, int threads)
      : qubits_(cost.qubits()),
        bits_(padded(qubits_)),
        threads_(threads),
        lowest_(cost.lowest()),
        offset_((cost.lowest() + cost.highest()) / 2),
        costs_(std::size_t{1} << bits_),
        z_(std::size_t{2} << bits_) {
    const std::size_t mask = cost.values().size() - 1;
    for (std::size_t s = 0; s < costs_.size(); ++s)
      costs_.data()[s] =
          static_cast<T>(cost.values()[s & mask] - offset_);  // the middle turns a global phase only
  }

  double objective(const QaoaAngles& angles) {
    evolve(angles);
    return offset_ + scale_ * sum_over_tiles([&](std::size_t first) {
                       return kernels_.expectation(z(first), tile_lines(), costs(first));
                     });
  }

  QaoaGradient gradient(const QaoaAngles& angles) {
    const double value = objective(angles);
    return differentiate(angles, value, costs_);
  }

  QaoaGradient tail_gradient(const QaoaAngles& angles, double share) {
    evolve(angles);
    const double threshold = quantile(share);
    HugeArray<T> tail(costs_.size());
    for (std::size_t s = 0; s < costs_.size(); ++s)
      tail.data()[s] = static_cast<T>(
          threshold + std::min(0.0, static_cast<double>(costs_.data()[s]) - threshold) / share);
    const double value = offset_ + scale_ * sum_over_tiles([&](std::size_t first) {
                                     return kernels_.expectation(z(first), tile_lines(), stored(tail, first));
                                   });
    return differentiate(angles, value, tail);
  }

  std::vector<std::pair<std::uint64_t, std::uint64_t>> counts(const QaoaAngles& angles, std::uint64_t shots,
                                                              std::uint64_t seed) {
    evolve(angles);
    const auto weights = [&](std::uint64_t first, std::span<double> out) {
      for (std::size_t i = 0; i < out.size(); ++i) out[i] = weight(first + i);
    };
    return draw_counts(weights, qubits_, shots, seed, threads_);
  }

  double success_probability(const QaoaAngles& angles, double tolerance) {
    evolve(angles);
    // The lowest cost, rounded as the stored costs are.
    const double most = static_cast<double>(static_cast<T>(lowest_ - offset_)) + tolerance;
    double sum = 0;
    for (std::size_t s = 0; s < std::size_t{1} << qubits_; ++s) {
      if (static_cast<double>(costs_.data()[s]) <= most) sum += weight(s);
    }
    return std::ldexp(sum * scale_, bits_ - qubits_);
  }

 private:
  /// The gradient of the mean of the costs `measured`. Undoes all layers on the state.
  /// @param value that mean in the present state
  QaoaGradient differentiate(const QaoaAngles& angles, double value, const HugeArray<T>& measured) {
    QaoaGradient result{value, {angles.gammas, angles.betas}};
    if (lambda_.size() == 0) lambda_ = HugeArray<T>(z_.size());
    for_each_tile([&](std::size_t first) {
      kernels_.apply_cost(z(first), lambda(first), tile_lines(), stored(measured, first));
    });
    for (std::size_t layer = angles.gammas.size(); layer-- > 0;) {
      const Mixer mixer(angles.betas[layer], bits_);
      result.gradient.betas[layer] = 2 * scale_ * differentiate_mixer(-mixer.tangent);
      if (mixer.flips) flipped_ = !flipped_;
      const double factor = mixer.factor;
      result.gradient.gammas[layer] =
          2 * scale_ * factor * factor * sum_over_tiles([&](std::size_t first) {
            return kernels_.differentiate_phase(z(first), lambda(first), tile_lines(), costs(first),
                                                -angles.gammas[layer], factor);
          });
    }
    return result;
  }

  /// The least cost up to which a measurement lies with a probability of `share`.
  double quantile(double share) const {
    std::vector<std::pair<double, double>> weighted;
    weighted.reserve(std::size_t{1} << qubits_);
    double total = 0;
    for (std::size_t s = 0; s < std::size_t{1} << qubits_; ++s) {
      weighted.emplace_back(static_cast<double>(costs_.data()[s]), weight(s));
      total += weighted.back().second;
    }
    std::ranges::sort(weighted);
    double sum = 0;
    for (const auto& [cost, probability] : weighted) {
      sum += probability;
      if (sum >= share * total) return cost;
    }
    return weighted.back().first;
  }

  /// Proportional to the probability of a basis state.
  double weight(std::size_t state) const {
    const std::size_t stored = flipped_ ? costs_.size() - 1 - state : state, lanes = kernels_.lanes;
    const T* line = z_.data() + stored / lanes * 2 * lanes + stored % lanes;
    const auto re = static_cast<double>(line[0]), im = static_cast<double>(line[lanes]);
    return re * re + im * im;
  }

  void evolve(const QaoaAngles& angles) {
    scale_ = std::ldexp(1, -bits_);
    flipped_ = false;
    if (angles.gammas.empty()) for_each_tile([&](std::size_t first) { fill_tile(first); });
    double factor = 1;
    for (std::size_t layer = 0; layer < angles.gammas.size(); ++layer) {
      const Mixer mixer(angles.betas[layer], bits_);
      for_each_tile([&](std::size_t first) {
        if (layer == 0) fill_tile(first);
        kernels_.phase(z(first), tile_lines(), costs(first), angles.gammas[layer], factor);
        kernels_.mix_lanes(z(first), tile_lines(), mixer.tangent);
        kernels_.mix(z(first), 0, tile_bits(), mixer.tangent);
      });
      for_each_high_tile(
          1, [&](const HighTile& tile) { kernels_.mix(tile.z, tile.first_bit, tile.bits, mixer.tangent); });
      factor = mixer.factor;
      if (mixer.flips) flipped_ = !flipped_;
    }
    scale_ *= factor * factor;
  }

  int line_bits() const { return bits_ - std::countr_zero(kernels_.lanes); }
  int cached_bits() const { return tile_bytes_bits - std::countr_zero(2 * kernels_.lanes * sizeof(T)); }
  int tile_bits() const { return std::min(line_bits(), cached_bits()); }
  std::size_t tile_lines() const { return std::size_t{1} << tile_bits(); }
  T* z(std::size_t line) { return z_.data() + 2 * kernels_.lanes * line; }
  T* lambda(std::size_t line) { return lambda_.data() + 2 * kernels_.lanes * line; }
  qaoa::Costs<T> costs(std::size_t line) const { return stored(costs_, line); }
  qaoa::Costs<T> stored(const HugeArray<T>& costs, std::size_t line) const {
    const std::size_t state = line * kernels_.lanes;
    return {costs.data() + (flipped_ ? costs.size() - 1 - state : state), flipped_};
  }

  /// Calls visit(first line) for the tiles of neighbouring lines.
  template <class Visit>
  void for_each_tile(Visit&& visit) {
    const std::size_t tiles = std::size_t{1} << (line_bits() - tile_bits());
    parallel_for(tiles, tiles < fewest_shared_tiles ? 1 : threads_,
                 [&](std::size_t tile) { visit(tile << tile_bits()); });
  }
  template <class Value>
  double sum_over_tiles(Value&& value) {
    std::vector<double> sums(std::size_t{1} << (line_bits() - tile_bits()));
    for_each_tile([&](std::size_t first) { sums[first >> tile_bits()] = value(first); });
    return std::accumulate(sums.begin(), sums.end(), 0.0);
  }

  /// Lines that differ in high bits of their number, copied next to each other.
  struct HighTile {
    std::size_t number;
    T *z, *lambda;
    int first_bit, bits;  ///< to be mixed
    int done;             ///< high bits that were mixed before
  };

  /// Calls visit(HighTile) so that each bit beyond those of a tile of neighbouring lines is a bit of
  /// one HighTile.
  /// @param states 1: z only, 2: lambda too
  template <class Visit>
  void for_each_high_tile(std::size_t states, Visit&& visit) {
    using Memory = AlignedVector<T>;
    const std::size_t line = 2 * kernels_.lanes, size = line << tile_bits();
    Pool<Memory> pool([&] { return std::make_unique<Memory>(states * size); });
    const std::size_t tiles = std::size_t{1} << (line_bits() - tile_bits());
    for (int low = tile_bits(), count = 0; low < line_bits(); low += count) {
      count = std::min(line_bits() - low, tile_bits() - run_bits);
      const int run = tile_bits() - count;  // bits of the lines that stay together
      const int below = low - run;          // bits between those and the mixed ones
      parallel_for(tiles, tiles < fewest_shared_tiles ? 1 : threads_, [&](std::size_t tile) {
        const std::size_t start =
            ((tile & ((std::size_t{1} << below) - 1)) << run) | (tile >> below << (low + count));
        pool.lend([&](Memory& memory) {
          const auto rows = [&](auto&& copy) {
            for (std::size_t state = 0; state < states; ++state) {
              T* large = state == 0 ? z(start) : lambda(start);
              for (std::size_t row = 0; row < std::size_t{1} << count; ++row)
                copy(large + (row << low) * line, memory.data() + state * size + row * (line << run));
            }
          };
          rows([&](const T* large, T* small) { std::copy_n(large, line << run, small); });
          visit(HighTile{tile, memory.data(), memory.data() + size * (states - 1), run, count,
                         low - tile_bits()});
          rows([&](T* large, const T* small) { std::copy_n(small, line << run, large); });
        });
      });
    }
  }

  /// Returns the sum over all qubits of Im <lambda| X |z>, and undoes the mixer on both states. The mixer
  /// commutes with every X, so the sum may be taken qubit by qubit on the way. As the factor cos(beta) is
  /// left out, each undone qubit makes products of the two states larger by 1 + tangent^2, which `shrink`
  /// takes off.
  double differentiate_mixer(double tangent) {
    const auto shrink = [&](int qubits) { return std::pow(1 + tangent * tangent, -qubits); };
    std::vector<double> sums(std::size_t{1} << (line_bits() - tile_bits()));
    for_each_high_tile(2, [&](const HighTile& tile) {
      sums[tile.number] +=
          shrink(tile.done) * kernels_.differentiate(tile.z, tile.lambda, tile.first_bit, tile.bits, tangent);
    });
    return std::accumulate(sums.begin(), sums.end(), 0.0) + sum_over_tiles([&](std::size_t first) {
             return shrink(line_bits() - tile_bits()) *
                        kernels_.differentiate(z(first), lambda(first), 0, tile_bits(), tangent) +
                    shrink(line_bits()) *
                        kernels_.differentiate_lanes(z(first), lambda(first), tile_lines(), tangent);
           });
  }

  void fill_tile(std::size_t first) {
    T* at = z(first);
    for (std::size_t i = 0; i < tile_lines(); ++i, at += 2 * kernels_.lanes) {
      std::fill_n(at, kernels_.lanes, T{1});
      std::fill_n(at + kernels_.lanes, kernels_.lanes, T{0});
    }
  }

  const qaoa::Kernels<T>& kernels_ = qaoa::kernels<T>();
  int qubits_, bits_, threads_;
  double lowest_, offset_;  ///< costs are kept less the offset
  HugeArray<T> costs_, z_, lambda_;
  double scale_ = 1;
  bool flipped_ = false;  ///< stored state s stands for the one with all bits flipped
};

}  // namespace

void require_as_many_gammas_as_betas(const QaoaAngles& angles) {
  if (angles.gammas.size() != angles.betas.size())
    throw InputError(fmt::format("QAOA takes as many gammas as betas, not {} and {}", angles.gammas.size(),
                                 angles.betas.size()));
}

struct Qaoa::Implementation {
  template <typename T>
  explicit Implementation(State<T> of) : state(std::move(of)) {}
  std::variant<State<float>, State<double>> state;
};

Qaoa::Qaoa(const CostFunction& cost, Precision precision, int threads) {
  require_bytes(bytes(cost.qubits(), precision), fmt::format("a state of {} qubits", cost.qubits()));
  implementation_ = precision == Precision::single
                        ? std::make_unique<Implementation>(State<float>(cost, threads))
                        : std::make_unique<Implementation>(State<double>(cost, threads));
}
Qaoa::~Qaoa() = default;
Qaoa::Qaoa(Qaoa&&) noexcept = default;
Qaoa& Qaoa::operator=(Qaoa&&) noexcept = default;

double Qaoa::objective(const QaoaAngles& angles) {
  require_as_many_gammas_as_betas(angles);
  return std::visit([&](auto& state) { return state.objective(angles); }, implementation_->state);
}

QaoaGradient Qaoa::gradient(const QaoaAngles& angles) {
  require_as_many_gammas_as_betas(angles);
  return std::visit([&](auto& state) { return state.gradient(angles); }, implementation_->state);
}

QaoaGradient Qaoa::tail_gradient(const QaoaAngles& angles, double share) {
  require_as_many_gammas_as_betas(angles);
  if (!(share > 0 && share <= 1))
    throw InputError(
        fmt::format("the mean of the lowest {} of all costs: the share is above 0, at most 1", share));
  return std::visit([&](auto& state) { return state.tail_gradient(angles, share); }, implementation_->state);
}

std::vector<std::pair<std::uint64_t, std::uint64_t>> Qaoa::counts(const QaoaAngles& angles,
                                                                  std::uint64_t shots, std::uint64_t seed) {
  require_as_many_gammas_as_betas(angles);
  return std::visit([&](auto& state) { return state.counts(angles, shots, seed); }, implementation_->state);
}

double Qaoa::success_probability(const QaoaAngles& angles, double tolerance) {
  require_as_many_gammas_as_betas(angles);
  return std::visit([&](auto& state) { return state.success_probability(angles, tolerance); },
                    implementation_->state);
}

double Qaoa::bytes(int qubits, Precision precision) {
  return std::ldexp(precision == Precision::single ? 12 : 24, padded(qubits));
}

}  // namespace qupel
