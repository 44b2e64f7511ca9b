#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

#include "qupel/base/error.h"
#include "qupel/base/interrupt.h"
#include "qupel/base/random.h"
#include "qupel/circuit/shot_estimator.h"
#include "qupel/engine/batch/implementation.h"
#include "qupel/engine/batch/panels.h"
#include "qupel/engine/distribution.h"
#include "qupel/engine/sampling.h"
#include "qupel/engine/statevector/blocks.h"

// States, probabilities and shots: what is read from the amplitudes of each sample.
namespace qupel {
namespace {

using rotations::Mask;
using statevector::Block;
using statevector::for_each_block;
using statevector::Program;

// Where the amplitude of each basis state is stored.
std::vector<Mask> stored_indices(const Program& program) {
  std::vector<Mask> indices(std::size_t{1} << program.qubits, program.frame.offset());
  for (Mask l = 1; l < indices.size(); ++l) {
    indices[l] = indices[l & (l - 1)] ^ program.frame.column(std::countr_zero(l));
  }
  return indices;
}

template <class T>
class Amplitudes {
 public:
  Amplitudes(const Block<T>& block, std::span<const Mask> indices) : block_(block), indices_(indices) {}

  Complex operator()(std::size_t lane, std::size_t basis_state) const {
    const std::size_t lanes = block_.kernels.lanes;
    const T* re = block_.work.state + 2 * indices_[basis_state] * lanes + lane;
    const double scale = block_.call.binding.scale * static_cast<double>(block_.work.sign[lane]);
    return {scale * static_cast<double>(re[0]), scale * static_cast<double>(re[lanes])};
  }

 private:
  const Block<T>& block_;
  std::span<const Mask> indices_;
};

// Calls visit(amplitudes, first, count) for all blocks of samples.
template <class Visit>
void for_each_amplitudes(Precision precision, const Program& program, const Matrix<double>& features,
                         std::span<const double> parameters, int threads, Visit&& visit) {
  const auto indices = stored_indices(program);
  const auto run = [&]<class T>(T) {
    for_each_block<T>(program, features, parameters, threads, false, [&](const Block<T>& block) {
      visit(Amplitudes<T>(block, indices), block.first, block.count);
    });
  };
  precision == Precision::single ? run(float{}) : run(double{});
}

void check_shots(std::uint64_t shots) {
  if (shots == 0) throw InputError("0 shots: an estimate needs at least 1");
}

std::vector<std::uint64_t> draw(std::span<const Complex> state, std::uint64_t shots, std::uint64_t seed) {
  std::vector<double> weights(state.size());
  for (std::size_t i = 0; i < state.size(); ++i) weights[i] = std::norm(state[i]);
  const Distribution distribution(std::move(weights), shots);
  Random random(seed);
  std::vector<std::uint64_t> drawn(shots);
  for (auto& basis_state : drawn) basis_state = distribution.draw(random);
  return drawn;
}

/// How often each basis state was drawn. @param states how many there are
BasisCounts counted(std::vector<std::uint64_t> drawn, std::size_t states) {
  BasisCounts counts;
  if (states <= 4 * drawn.size()) {
    std::vector<std::uint64_t> each(states);
    for (const auto basis_state : drawn) ++each[basis_state];
    for (std::size_t state = 0; state < states; ++state)
      if (each[state] > 0) counts.emplace_back(state, each[state]);
    return counts;
  }
  std::ranges::sort(drawn);
  for (const auto basis_state : drawn) {
    if (counts.empty() || counts.back().first != basis_state) counts.emplace_back(basis_state, 0);
    ++counts.back().second;
  }
  return counts;
}

BasisCounts drawn_counts(std::span<const Complex> state, std::uint64_t shots, std::uint64_t seed) {
  if (shots > BatchProgram::most_shots_one_by_one) {
    const auto weights = [&](std::uint64_t first, std::span<double> to) {
      for (std::size_t i = 0; i < to.size(); ++i) to[i] = std::norm(state[first + i]);
    };
    return draw_counts(weights, std::countr_zero(state.size()), shots, seed, 1);
  }
  return counted(draw(state, shots, seed), state.size());
}

// Shots of a state measured in one basis, added to sums. Few are added one by one, without being counted.
void add_shots(const ShotEstimator& estimator, std::size_t group, std::span<const Complex> state,
               std::uint64_t shots, std::uint64_t seed, ShotEstimator::Sums& sums) {
  std::vector<std::uint64_t> states, counts;
  if (shots <= BatchProgram::most_shots_one_by_one) {
    states = draw(state, shots, seed);
  } else {
    for (const auto& [basis_state, count] : drawn_counts(state, shots, seed)) {
      states.push_back(basis_state);
      counts.push_back(count);
    }
  }
  estimator.add(group, {states, counts}, sums);
}

// Keys of random streams.
constexpr std::uint64_t shot_stream = 0, group_stream = 1;

// Turns the letters of a basis to Z, as rotated_to_z() does by gates: H for X, H after the adjoint of S for
// Y.
void turn_to_z(const PauliString& basis, std::vector<Complex>& state) {
  for (const auto& [qubit, letter] : basis.letters()) {
    if (letter == 'Z') continue;
    const std::size_t bit = std::size_t{1} << qubit;
    for (std::size_t base = 0; base < state.size(); base += 2 * bit) {
      for (std::size_t l = base; l < base + bit; ++l) {
        const Complex zero = state[l];
        Complex one = state[l + bit];
        if (letter == 'Y') one = {one.imag(), -one.real()};
        state[l] = (zero + one) * std::numbers::sqrt2 / 2.0;
        state[l + bit] = (zero - one) * std::numbers::sqrt2 / 2.0;
      }
    }
  }
}

}  // namespace

Matrix<Complex> BatchProgram::states(const Matrix<double>& features, std::span<const double> parameters,
                                     int threads) const {
  implementation_->check(features, parameters);
  const std::size_t size = std::size_t{1} << circuit().qubits();
  implementation_->require(features.rows(), size * sizeof(Complex));
  Matrix<Complex> result(features.rows(), size);
  for_each_amplitudes(precision(), implementation_->states, features, parameters, threads,
                      [&](const auto& amplitudes, std::size_t first, std::size_t count) {
                        for (std::size_t lane = 0; lane < count; ++lane) {
                          for (std::size_t l = 0; l < size; ++l)
                            result(first + lane, l) = amplitudes(lane, l);
                        }
                      });
  return result;
}

Matrix<double> BatchProgram::probabilities(const Matrix<double>& features, std::span<const double> parameters,
                                           int threads) const {
  implementation_->check(features, parameters);
  const std::size_t size = std::size_t{1} << circuit().qubits();
  implementation_->require(features.rows(), size * sizeof(double));
  Matrix<double> result(features.rows(), size);
  for_each_amplitudes(precision(), implementation_->states, features, parameters, threads,
                      [&](const auto& amplitudes, std::size_t first, std::size_t count) {
                        for (std::size_t lane = 0; lane < count; ++lane) {
                          for (std::size_t l = 0; l < size; ++l) {
                            result(first + lane, l) = std::norm(amplitudes(lane, l));
                          }
                        }
                      });
  return result;
}

StateSet BatchProgram::prepare(const Matrix<double>& features, std::span<const double> parameters,
                               int threads) const {
  implementation_->check(features, parameters);
  StateSet set;
  set.samples_ = features.rows();
  set.qubits_ = circuit().qubits();
  set.precision_ = precision();
  const std::size_t size = std::size_t{1} << set.qubits_;
  const std::size_t element_bytes = precision() == Precision::single ? sizeof(float) : sizeof(double);
  implementation_->require(set.samples_ + batch::Panels<float>::width, size * 2 * element_bytes);
  const auto fill = [&](auto& panels) {
    batch::Panels layout(panels, set.samples_, size);
    for_each_amplitudes(precision(), implementation_->states, features, parameters, threads,
                        [&](const auto& amplitudes, std::size_t first, std::size_t count) {
                          for (std::size_t l = 0; l < size; ++l) {
                            for (std::size_t lane = 0; lane < count; ++lane) {
                              layout.set(first + lane, l, amplitudes(lane, l));
                            }
                          }
                        });
  };
  precision() == Precision::single ? fill(set.single_) : fill(set.double_);
  return set;
}

std::vector<BasisCounts> BatchProgram::counts(const Matrix<double>& features,
                                              std::span<const double> parameters, std::uint64_t shots,
                                              std::uint64_t seed, int threads) const {
  implementation_->check(features, parameters);
  const std::size_t size = std::size_t{1} << circuit().qubits();
  implementation_->require(features.rows(),
                           std::min<std::uint64_t>(shots, size) * sizeof(BasisCounts::value_type));
  std::vector<BasisCounts> found(features.rows());
  for_each_amplitudes(
      precision(), implementation_->states, features, parameters, threads,
      [&](const auto& amplitudes, std::size_t first, std::size_t count) {
        std::vector<Complex> state(size);
        for (std::size_t lane = 0; lane < count; ++lane) {
          for (std::size_t l = 0; l < size; ++l) state[l] = amplitudes(lane, l);
          check_interrupt();
          found[first + lane] = drawn_counts(state, shots, derive(seed, {first + lane, shot_stream}));
        }
      });
  return found;
}

BatchEstimate BatchProgram::estimate(const Matrix<double>& features, std::span<const double> parameters,
                                     std::uint64_t shots, std::uint64_t seed, int threads) const {
  implementation_->check(features, parameters);
  check_shots(shots);
  const ShotEstimator estimator(observables());
  std::vector<ShotEstimator::Sums> sums(features.rows(), estimator.empty());
  const std::size_t size = std::size_t{1} << circuit().qubits();
  const auto groups = estimator.groups();
  // The state is computed once: turning it for a group takes a fraction of the circuit's time.
  for_each_amplitudes(precision(), implementation_->states, features, parameters, threads,
                      [&](const auto& amplitudes, std::size_t first, std::size_t count) {
                        std::vector<Complex> state(size), turned;
                        for (std::size_t lane = 0; lane < count; ++lane) {
                          for (std::size_t l = 0; l < size; ++l) state[l] = amplitudes(lane, l);
                          for (std::size_t g = 0; g < groups.size(); ++g) {
                            check_interrupt();
                            turned = state;
                            turn_to_z(groups[g].basis, turned);
                            const auto of_group = g == 0 ? seed : derive(seed, {group_stream, g});
                            add_shots(estimator, g, turned, shots,
                                      derive(of_group, {first + lane, shot_stream}), sums[first + lane]);
                          }
                        }
                      });
  BatchEstimate result{Matrix<double>(features.rows(), observables().size()),
                       Matrix<double>(features.rows(), observables().size())};
  for (std::size_t i = 0; i < sums.size(); ++i)
    estimator.finish(sums[i], result.values.row(i), result.errors.row(i));
  return result;
}

}  // namespace qupel
