#include "qupel/engine/density/state.h"

#include <algorithm>
#include <cmath>

#include "qupel/base/parallel.h"
#include "qupel/base/pool.h"
#include "qupel/base/walsh_hadamard.h"
#include "qupel/engine/moments.h"
#include "qupel/engine/simd/aligned.h"

namespace qupel::density {
namespace {

// A tile of five qubits and the two in the vectors takes 128 KiB in double precision: a second-level cache.
constexpr int largest_window = 5, smallest_window = 3;
constexpr std::size_t fewest_shared_tiles = 8;

// The index of Z on these qubits, a bit a qubit.
std::size_t strings_of_z(std::size_t qubits_with_z) {
  return PauliString::of_masks(0, qubits_with_z).index();
}

}  // namespace

int window_of(int qubits) { return std::clamp(qubits - lane_qubits, smallest_window, largest_window); }

int padded(int qubits) { return std::max(qubits, smallest_window + lane_qubits); }

template <class T>
State<T>::State(int qubits) : qubits_(qubits), values_(std::size_t{1} << (2 * padded(qubits))) {
  // Every string of I and Z has the expectation value 1.
  for (std::size_t zs = 0; zs < std::size_t{1} << padded(qubits); ++zs) values_.data()[strings_of_z(zs)] = 1;
}

template <class T>
State<T> State<T>::copy() const {
  State made(qubits_);
  std::copy_n(values_.data(), values_.size(), made.values_.data());
  return made;
}

template <class T>
void State<T>::apply(const std::vector<Transfer>& transfers, Touched& touched, int threads) {
  for (const auto& sweep : schedule(transfers, padded(qubits_), window_of(qubits_))) {
    run(plan(sweep, touched), threads);
    for (const auto& transfer : sweep.transfers) {
      for (const int q : transfer.qubits) touched[static_cast<std::size_t>(q)] = 1;
    }
  }
}

template <class T>
void State<T>::run(const SweepPlan& plan, int threads) {
  Pool<AlignedVector<T>> tiles([&] { return std::make_unique<AlignedVector<T>>(plan.size); });
  parallel_for(plan.tiles.size(), plan.tiles.size() < fewest_shared_tiles ? 1 : threads, [&](std::size_t i) {
    tiles.lend(
        [&](AlignedVector<T>& tile) { kernels_->sweep(plan, values_.data() + plan.tiles[i], tile.data()); });
  });
}

// P rho P with P = (1 +- Z)/2: I and Z become (I +- Z)/2 and +- that, X and Y nothing.
template <class T>
void State<T>::project(int qubit, double in_zero, double in_one) {
  const std::size_t stride = std::size_t{1} << (2 * qubit);
  const T kept_zero = static_cast<T>(in_zero), kept_one = static_cast<T>(in_one);
  T* const values = values_.data();
  for (std::size_t block = 0; block < values_.size(); block += 4 * stride) {
    for (std::size_t i = block; i < block + stride; ++i) {
      const T zero = kept_zero * ((values[i] + values[i + 3 * stride]) / 2);
      const T one = kept_one * ((values[i] - values[i + 3 * stride]) / 2);
      values[i] = zero + one;
      values[i + stride] = values[i + 2 * stride] = 0;
      values[i + 3 * stride] = zero - one;
    }
  }
}

template <class T>
void State<T>::add(const State& other) {
  for (std::size_t i = 0; i < values_.size(); ++i) values_.data()[i] += other.values_.data()[i];
}

template <class T>
std::vector<double> State<T>::probabilities() const {
  std::vector<double> result(std::size_t{1} << qubits_);
  for (std::size_t zs = 0; zs < result.size(); ++zs) result[zs] = std::ldexp(at(strings_of_z(zs)), -qubits_);
  walsh_hadamard(result);
  for (double& p : result) p = std::max(p, 0.0);
  return result;
}

double expectation(const Observable& observable, const Expectation& of) {
  double sum = 0;
  for (const auto& term : observable.terms) sum += term.weight * of(term.pauli);
  return sum;
}

double variance(const Observable& observable, const Expectation& of) {
  const auto& terms = observable.terms;
  double square = 0;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    square += terms[i].weight * terms[i].weight;
    for (std::size_t j = 0; j < i; ++j) {
      const auto [string, turns] = terms[i].pauli * terms[j].pauli;
      if (turns % 2 == 0)  // strings that anticommute cancel
        square += (turns == 0 ? 2 : -2) * terms[i].weight * terms[j].weight * of(string);
    }
  }
  return Moments{expectation(observable, of), square}.variance();
}

template class State<float>;
template class State<double>;

}  // namespace qupel::density
