#include "qupel/engine/branching/pure_state.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "qupel/base/parallel.h"
#include "qupel/circuit/decomposition.h"
#include "qupel/circuit/dense.h"
#include "qupel/engine/sampling.h"

namespace qupel::branching {
namespace {

// Work is handed out, and sums are formed, in chunks of so many groups of amplitudes.
constexpr std::size_t chunk = std::size_t{1} << 14;

std::size_t bit(int qubit) { return std::size_t{1} << qubit; }

// The index whose other bits are those of `group`, with zeros at the places of `bits`, which are in ascending
// order.
std::size_t spread(std::size_t group, std::span<const int> bits) {
  for (const int q : bits) group = ((group >> q) << (q + 1)) | (group & (bit(q) - 1));
  return group;
}

// Calls work(first, last) on chunks of 0 .. count-1.
template <class Work>
void in_chunks(std::size_t count, int threads, Work&& work) {
  const std::size_t chunks = (count + chunk - 1) / chunk;
  parallel_for(chunks, chunks < 4 ? 1 : threads,
               [&](std::size_t c) { work(c * chunk, std::min(count, (c + 1) * chunk)); });
}

// The sum of what work(first, last) gives, in an order that threads do not change.
template <class Sum, class Work>
Sum sum_of_chunks(std::size_t count, int threads, Work&& work) {
  std::vector<Sum> parts((count + chunk - 1) / chunk);
  in_chunks(count, threads,
            [&](std::size_t first, std::size_t last) { parts[first / chunk] = work(first, last); });
  Sum total{};
  for (const auto& part : parts) {
    if constexpr (requires { total += part; }) {
      total += part;
    } else {
      for (std::size_t k = 0; k < total.size(); ++k) total[k] += part[k];
    }
  }
  return total;
}

template <int size, class T>
void apply_to_groups(const std::array<std::array<std::complex<T>, size>, size>& matrix,
                     const std::array<std::size_t, size>& offsets, std::span<const int> fixed,
                     std::size_t controls, std::complex<T>* amplitudes, std::size_t first, std::size_t last) {
  for (std::size_t g = first; g < last; ++g) {
    auto* const group = amplitudes + (spread(g, fixed) | controls);
    std::array<T, size> re, im;
    for (std::size_t k = 0; k < size; ++k) re[k] = group[offsets[k]].real(), im[k] = group[offsets[k]].imag();
    for (std::size_t row = 0; row < size; ++row) {
      T sum_re = 0, sum_im = 0;
      for (std::size_t k = 0; k < size; ++k) {
        const auto& entry = matrix[row][k];
        sum_re += entry.real() * re[k] - entry.imag() * im[k];
        sum_im += entry.real() * im[k] + entry.imag() * re[k];
      }
      group[offsets[row]] = {sum_re, sum_im};
    }
  }
}

template <int size, class T>
void apply_matrix(const Placed& operation, int qubits, std::complex<T>* amplitudes, int threads) {
  std::array<std::array<std::complex<T>, size>, size> matrix;
  for (std::size_t row = 0; row < size; ++row) {
    for (std::size_t k = 0; k < size; ++k) matrix[row][k] = std::complex<T>(operation.matrix(row, k));
  }
  std::array<std::size_t, size> offsets{};
  std::vector<int> fixed = operation.targets;
  for (std::size_t k = 0; k < size; ++k) {
    for (std::size_t t = 0; t < operation.targets.size(); ++t)
      if (((k >> t) & 1) != 0) offsets[k] |= bit(operation.targets[t]);
  }
  for (int q = 0; q < qubits; ++q)
    if (((operation.controls >> q) & 1) != 0) fixed.push_back(q);
  std::ranges::sort(fixed);
  in_chunks(bit(qubits) >> fixed.size(), threads, [&](std::size_t first, std::size_t last) {
    apply_to_groups<size, T>(matrix, offsets, fixed, operation.controls, amplitudes, first, last);
  });
}

}  // namespace

std::vector<Placed> placed(const Operation& gate) {
  const auto controls = static_cast<std::size_t>(gate.spec->controls);
  if (gate.spec->matrix == nullptr || gate.qubits.size() - controls > 2) {
    std::vector<Placed> all;
    for (const auto& part : decomposed_in_place(gate))
      std::ranges::move(placed(part), std::back_inserter(all));
    return all;
  }
  std::vector<double> angles;
  for (const auto& angle : gate.angles) angles.push_back(angle.value({}, {}));
  Placed made{gate.spec->matrix(angles), {gate.qubits.begin() + gate.spec->controls, gate.qubits.end()}};
  for (std::size_t k = 0; k < controls; ++k) made.controls |= std::uint64_t{1} << gate.qubits[k];
  return {made};
}

template <class T>
PureState<T>::PureState(int qubits, Uninitialised) : qubits_(qubits), amplitudes_(bit(qubits), false) {}

template <class T>
PureState<T>::PureState(int qubits) : qubits_(qubits), amplitudes_(bit(qubits)) {
  amplitudes_.data()[0] = 1;
}

template <class T>
PureState<T> PureState<T>::copy() const {
  PureState made(qubits_, Uninitialised{});
  std::copy_n(amplitudes_.data(), amplitudes_.size(), made.amplitudes_.data());
  return made;
}

template <class T>
void PureState<T>::apply(const Placed& operation, int threads) {
  if (operation.targets.size() == 1) {
    apply_matrix<2, T>(operation, qubits_, amplitudes_.data(), threads);
  } else {
    apply_matrix<4, T>(operation, qubits_, amplitudes_.data(), threads);
  }
}

template <class T>
Matrix<Complex> PureState<T>::reduced(std::span<const int> qubits, int threads) const {
  const std::size_t size = bit(static_cast<int>(qubits.size()));
  std::vector<int> fixed(qubits.begin(), qubits.end());
  std::ranges::sort(fixed);
  std::array<std::size_t, 4> offsets{};
  for (std::size_t k = 0; k < size; ++k) {
    for (std::size_t t = 0; t < qubits.size(); ++t)
      if (((k >> t) & 1) != 0) offsets[k] |= bit(qubits[t]);
  }
  const auto sum = sum_of_chunks<std::array<Complex, 16>>(
      amplitudes_.size() / size, threads, [&](std::size_t first, std::size_t last) {
        std::array<Complex, 16> part{};
        for (std::size_t g = first; g < last; ++g) {
          const auto* const group = amplitudes_.data() + spread(g, fixed);
          for (std::size_t row = 0; row < size; ++row) {
            for (std::size_t column = 0; column <= row; ++column)
              part[4 * row + column] +=
                  Complex(group[offsets[row]]) * std::conj(Complex(group[offsets[column]]));
          }
        }
        return part;
      });
  Matrix<Complex> result(size, size);
  for (std::size_t row = 0; row < size; ++row) {
    for (std::size_t column = 0; column <= row; ++column) {
      result(row, column) = sum[4 * row + column];
      result(column, row) = std::conj(sum[4 * row + column]);
    }
  }
  return result;
}

template <class T>
double PureState<T>::expectation(const Observable& observable, int threads) const {
  double total = 0;
  for (const auto& [weight, string] : observable.terms) {
    const auto word = string.word();
    const auto sum =
        sum_of_chunks<Complex>(amplitudes_.size(), threads, [&](std::size_t first, std::size_t last) {
          Complex part = 0;
          for (std::size_t i = first; i < last; ++i) {
            const Complex product =
                std::conj(Complex(amplitudes_.data()[i ^ word.x])) * Complex(amplitudes_.data()[i]);
            part += odd(i & word.z) ? -product : product;
          }
          return part;
        });
    constexpr Complex powers[] = {{1, 0}, {0, 1}, {-1, 0}, {0, -1}};
    total += weight * (powers[word.phase] * sum).real();
  }
  return total;
}

template <class T>
Moments PureState<T>::moments(const Observable& observable, bool with_square, int threads) const {
  if (!with_square) return {expectation(observable, threads), 0};
  const std::vector<Complex> state(amplitudes_.data(), amplitudes_.data() + amplitudes_.size());
  return qupel::moments(index_terms(observable), state, threads);
}

template <class T>
BasisCounts PureState<T>::counts(std::uint64_t shots, std::uint64_t seed, int threads) const {
  return draw_counts(
      [&](std::uint64_t first, std::span<double> weights) {
        for (std::size_t k = 0; k < weights.size(); ++k)
          weights[k] = std::norm(Complex(amplitudes_.data()[first + k]));
      },
      qubits_, shots, seed, threads);
}

template <class T>
double PureState<T>::fingerprint() const {
  double sum = 0;
  for (std::size_t i = 0; i < amplitudes_.size(); ++i) {
    const auto mixed = (i + 1) * 0x9E3779B97F4A7C15U;  // any weights that differ
    sum += static_cast<double>(mixed >> 32) * 0x1p-32 * std::norm(Complex(amplitudes_.data()[i]));
  }
  return sum;
}

template <class T>
double PureState<T>::distance(const PureState& other) const {
  Complex overlap = 0;
  for (std::size_t i = 0; i < amplitudes_.size(); ++i)
    overlap += std::conj(Complex(amplitudes_.data()[i])) * Complex(other.amplitudes_.data()[i]);
  const double size = std::abs(overlap);
  const Complex phase = size > 0 ? overlap / size : Complex(1);
  double sum = 0;
  for (std::size_t i = 0; i < amplitudes_.size(); ++i)
    sum += std::norm(Complex(amplitudes_.data()[i]) * phase - Complex(other.amplitudes_.data()[i]));
  return std::sqrt(sum);
}

template class PureState<float>;
template class PureState<double>;

}  // namespace qupel::branching
