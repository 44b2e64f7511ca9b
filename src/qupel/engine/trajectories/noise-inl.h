// Dampings are decided by the state that they meet, and become diagonals with the phases around them.
#if defined(QUPEL_TRAJECTORIES_NOISE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QUPEL_TRAJECTORIES_NOISE_INL
#undef QUPEL_TRAJECTORIES_NOISE_INL
#else
#define QUPEL_TRAJECTORIES_NOISE_INL
#endif

#include "qupel/engine/statevector/product-inl.h"

HWY_BEFORE_NAMESPACE();
namespace qupel::trajectories::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
namespace sv = statevector::HWY_NAMESPACE;
using sv::load;
using sv::store;
using sv::Tag;

/// What a factor multiplies probabilities with, a lane, where its parity is even and odd.
template <class T>
struct Weights {
  HWY_ALIGN T even[HWY_MAX_BYTES / sizeof(T)];
  HWY_ALIGN T odd[HWY_MAX_BYTES / sizeof(T)];
};

/// Whether any lane's draw asks for the populations of a factor's parity.
template <class T>
HWY_INLINE bool undecided(const Lanes<T>& block, const NoisyDiagonal::Factor& factor) {
  for (const int d : factor.dampings) {
    const auto index = static_cast<std::size_t>(d);
    const double* draws = block.draws.data() + index * block.lanes;
    const double sure = 1 - block.noisy.dampings[index].gamma;
    for (std::size_t lane = 0; lane < block.lanes; ++lane) {
      if (draws[lane] >= sure) return true;
    }
  }
  return false;
}

/// Decides a factor's dampings one after the other on one lane, given the populations of both parities (or
/// none, where the draws decide alone), and writes their weights.
template <class T>
HWY_INLINE void decide(Lanes<T>& block, const NoisyDiagonal::Factor& factor, std::size_t lane,
                       std::array<double, 2> population, Weights<T>& weights) {
  std::array<double, 2> weight{1, 1};
  for (const int d : factor.dampings) {
    const auto index = static_cast<std::size_t>(d);
    const auto& damping = block.noisy.dampings[index];
    const bool turned = block.sign(damping.site, lane) < 0;
    const std::size_t one = damping.one_is_even != turned ? 0 : 1;
    const double draw = block.draws[index * block.lanes + lane];
    if (draw >= 1 - damping.gamma && draw * (population[0] + population[1]) >=
                                         population[0] + population[1] - damping.gamma * population[one]) {
      weight[1 - one] = population[1 - one] = 0;
      block.turn(lane, damping.jump, block.noisy.sites[damping.site].time, damping.event);
      continue;
    }
    weight[one] *= 1 - damping.gamma;
    population[one] *= 1 - damping.gamma;
  }
  weights.even[lane] = static_cast<T>(weight[0]);
  weights.odd[lane] = static_cast<T>(weight[1]);
}

/// Workspace::table = probabilities in the diagonal's coordinates.
template <class T>
HWY_NOINLINE void write_probabilities(const statevector::Call<T>& call, statevector::Workspace<T>& work,
                                      const NoisyDiagonal& diagonal) {
  const std::size_t lanes = hn::Lanes(Tag<T>());
  const std::size_t size = std::size_t{1} << call.program.qubits;
  for (std::size_t u = 0, s = 0; u < size; ++u) {
    const auto amplitude = sv::load_complex(work.state, s);
    store(hn::MulAdd(amplitude.re, amplitude.re, hn::Mul(amplitude.im, amplitude.im)),
          work.table + u * lanes);
    s ^= diagonal.walk[static_cast<std::size_t>(std::countr_zero(u + 1)) % diagonal.walk.size()];
  }
}

/// Sums of the even and the odd entries of a table.
template <class T>
HWY_INLINE std::array<sv::Vector<T>, 2> sums(const T* table, std::size_t size) {
  const std::size_t lanes = hn::Lanes(Tag<T>());
  std::array<sv::Vector<T>, 2> result{sv::zero<T>(), sv::zero<T>()};
  for (std::size_t i = 0; i < size; i += 2) {
    result[0] = hn::Add(result[0], load(table + i * lanes));
    result[1] = hn::Add(result[1], load(table + (i + 1) * lanes));
  }
  return result;
}

/// Sums over the lowest coordinate, weighted.
template <class T>
HWY_INLINE void contract(T* table, std::size_t size, const Weights<T>& weights) {
  const std::size_t lanes = hn::Lanes(Tag<T>());
  const auto even = load(weights.even), odd = load(weights.odd);
  for (std::size_t i = 0; i < size / 2; ++i) {
    const auto sum =
        hn::MulAdd(odd, load(table + (2 * i + 1) * lanes), hn::Mul(even, load(table + 2 * i * lanes)));
    store(sum, table + i * lanes);
  }
}

/// Decides all dampings of a diagonal; their weights go to Workspace::product, by coordinate (even, odd). The
/// chain rule: a coordinate's populations are those of the table in which all coordinates before have been
/// summed out with the weights that were decided. After that the state is normalised.
template <class T>
HWY_NOINLINE void decide_all(const statevector::Call<T>& call, Lanes<T>& block,
                             const NoisyDiagonal& diagonal) {
  const std::size_t lanes = block.lanes;
  auto& work = block.work;
  const auto qubits = static_cast<std::size_t>(call.program.qubits);
  std::size_t asked = 0;  // coordinates up to the last that is undecided
  for (std::size_t j = 0; j < qubits; ++j) {
    if (undecided(block, diagonal.factors[j])) asked = j + 1;
  }
  if (asked > 0) write_probabilities(call, work, diagonal);
  std::size_t size = std::size_t{1} << qubits;
  Weights<T> weights{};
  for (std::size_t j = 0; j < qubits; ++j) {
    const auto& factor = diagonal.factors[j];
    HWY_ALIGN T even[HWY_MAX_BYTES / sizeof(T)] = {}, odd[HWY_MAX_BYTES / sizeof(T)] = {};
    const bool ask = undecided(block, factor);
    if (ask) {
      const auto populations = sums(work.table, size);
      store(populations[0], even);
      store(populations[1], odd);
    }
    for (std::size_t lane = 0; lane < lanes; ++lane)
      decide<T>(block, factor, lane, {static_cast<double>(even[lane]), static_cast<double>(odd[lane])},
                weights);
    if (j + 1 < asked) {
      contract(work.table, size, weights);
      size /= 2;
    } else if (j + 1 == asked) {
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        const T norm = weights.even[lane] * even[lane] + weights.odd[lane] * odd[lane];
        weights.even[lane] /= norm;
        weights.odd[lane] /= norm;
      }
    }
    sv::store_complex<T>({load(weights.even), sv::zero<T>()}, work.product, 2 * j);
    sv::store_complex<T>({load(weights.odd), sv::zero<T>()}, work.product, 2 * j + 1);
  }
}

/// Multiplies a factor's two values (for even and odd parity) by its phases.
template <class T>
HWY_INLINE void multiply_phases(statevector::Workspace<T>& work, const NoisyDiagonal::Factor& factor,
                                sv::ComplexVector<T>& even, sv::ComplexVector<T>& odd) {
  const std::size_t lanes = hn::Lanes(Tag<T>());
  for (const int phase : factor.phases) {
    const T* c = work.coefficients + 2 * static_cast<std::size_t>(phase) * lanes;
    sv::apply_product_gate<T>(true, load(c), load(c + lanes), even, odd);
  }
}

/// Workspace::phases times a factor that depends on several coordinates.
template <class T>
HWY_NOINLINE void multiply_dependent(const statevector::Call<T>& call, statevector::Workspace<T>& work,
                                     const NoisyDiagonal& diagonal, const NoisyDiagonal::Factor& factor) {
  const auto one = hn::Set(Tag<T>(), T{1});
  sv::ComplexVector<T> values[2] = {{one, sv::zero<T>()}, {one, sv::zero<T>()}};
  multiply_phases(work, factor, values[0], values[1]);
  const std::size_t size = std::size_t{1} << call.program.qubits;
  for (std::size_t u = 0, s = 0; u < size; ++u) {
    const auto entry = sv::load_complex(work.phases, s);
    sv::store_complex(sv::multiply(values[rotations::odd(u & factor.mask) ? 1 : 0], entry), work.phases, s);
    s ^= diagonal.walk[static_cast<std::size_t>(std::countr_zero(u + 1)) % diagonal.walk.size()];
  }
}

/// Makes Workspace::phases hold a noisy diagonal.
template <class T>
HWY_NOINLINE void write_noisy_diagonal(const statevector::Call<T>& call, Lanes<T>& block, std::size_t index) {
  const auto& diagonal = block.noisy.diagonals[index];
  auto& work = block.work;
  decide_all(call, block, diagonal);
  const auto qubits = static_cast<std::size_t>(call.program.qubits);
  const auto low = static_cast<std::size_t>(call.program.layers.low.end);
  const auto scale = hn::Set(Tag<T>(), static_cast<T>(call.binding.magnitudes[index]));
  for (std::size_t j = 0; j < qubits; ++j) {
    sv::ComplexVector<T> values[2];
    for (std::size_t k = 0; k < 2; ++k) {
      const auto weight = sv::load_complex(work.product, 2 * j + k);
      values[k] = {hn::Sqrt(weight.re), sv::zero<T>()};
      if (j == 0) values[k].re = hn::Mul(values[k].re, scale);
    }
    multiply_phases(work, diagonal.factors[j], values[0], values[1]);
    sv::store_complex(values[0], work.product, 2 * j);
    sv::store_complex(values[1], work.product, 2 * j + 1);
  }
  sv::write_half(work, 0, low, 1, work.low);
  sv::write_half(work, low, qubits, 1, work.high);
  const std::size_t low_size = std::size_t{1} << low, high_size = std::size_t{1} << (qubits - low);
  std::size_t s = 0;
  for (std::size_t h = 0, u = 1; h < high_size; ++h) {
    const auto factor = sv::load_complex(work.high, h);
    for (std::size_t l = 0; l < low_size; ++l, ++u) {
      sv::store_complex(sv::multiply(factor, sv::load_complex(work.low, l)), work.phases, s);
      s ^= diagonal.walk[static_cast<std::size_t>(std::countr_zero(u)) % qubits];
    }
  }
  for (std::size_t j = qubits; j < diagonal.factors.size(); ++j)
    multiply_dependent(call, work, diagonal, diagonal.factors[j]);
}

}  // namespace qupel::trajectories::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
