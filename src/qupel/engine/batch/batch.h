#pragma once
#include <complex>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "qupel/base/matrix.h"
#include "qupel/base/precision.h"
#include "qupel/circuit/circuit.h"
#include "qupel/circuit/observable.h"
#include "qupel/engine/bit_counts.h"
#include "qupel/engine/simd/aligned.h"

// Exact state vectors for batches of samples: one circuit structure, many feature vectors. Samples sit in the
// SIMD lanes (amplitude-major, sample-minor, real and imaginary parts apart), so every gate is vectorised
// whatever its qubit; a block of samples stays in cache from encoding to expectation value.
namespace qupel {

/// Expectation values and the derivatives of a loss.
struct BatchGradient {
  Matrix<double> values;           ///< expectation values, samples x observables
  std::vector<double> parameters;  ///< d loss / d parameter, summed over samples
  Matrix<double> features;         ///< d loss / d feature slot, samples x features (empty unless asked for)
};

/// Expectation values from shots and their standard errors, both samples x observables.
struct BatchEstimate {
  Matrix<double> values, errors;
};

/// Called once for each block of consecutive samples, possibly from several threads: given the block's
/// expectation values, fills d loss / d value (same shape). `first` is the index of the block's first sample.
using Cotangent =
    std::function<void(std::size_t first, const Matrix<double>& values, Matrix<double>& derivatives)>;

/// The states of a set of samples, kept for kernel matrices.
class StateSet {
 public:
  std::size_t samples() const { return samples_; }
  int qubits() const { return qubits_; }

 private:
  friend class BatchProgram;
  friend Matrix<double> fidelities(const StateSet& a, const StateSet& b, int threads);
  std::size_t samples_ = 0;
  int qubits_ = 0;
  Precision precision_ = Precision::double_;
  AlignedVector<float> single_;  // panels (panels.h)
  AlignedVector<double> double_;
};

/// |<a_i|b_j>|^2 as samples(a) x samples(b): one complex matrix product. Same bits for any number of threads.
Matrix<double> fidelities(const StateSet& a, const StateSet& b, int threads);

/// A circuit compiled for the batched state-vector engine. Immutable and safe to share between threads. In
/// all calls `features` is samples x circuit.features() and `parameters` has circuit.parameters() values; a
/// circuit without features takes a matrix with zero columns and as many rows as samples wanted. Results have
/// the same bits for any number of threads. @throws InputError for wrong shapes or too many qubits
class BatchProgram {
 public:
  BatchProgram(const Circuit& circuit, std::vector<Observable> observables, Precision precision);
  ~BatchProgram();
  BatchProgram(BatchProgram&&) noexcept;
  BatchProgram& operator=(BatchProgram&&) noexcept;

  /// samples x observables
  Matrix<double> expectations(const Matrix<double>& features, std::span<const double> parameters,
                              int threads) const;

  /// One forward and one adjoint backward pass (Jones and Gacon, arXiv:2009.02823): the cost does not depend
  /// on the number of parameters.
  BatchGradient gradient(const Matrix<double>& features, std::span<const double> parameters,
                         const Cotangent& cotangent, bool feature_gradient, int threads) const;

  /// samples x 2^qubits
  Matrix<std::complex<double>> states(const Matrix<double>& features, std::span<const double> parameters,
                                      int threads) const;
  Matrix<double> probabilities(const Matrix<double>& features, std::span<const double> parameters,
                               int threads) const;
  StateSet prepare(const Matrix<double>& features, std::span<const double> parameters, int threads) const;

  /// How often each basis state is drawn from each sample's distribution, in ascending order of the states;
  /// keyed by (seed, sample). Up to `most_shots_one_by_one`, more shots add to the first ones.
  std::vector<BasisCounts> counts(const Matrix<double>& features, std::span<const double> parameters,
                                  std::uint64_t shots, std::uint64_t seed, int threads) const;
  /// More shots are drawn as counts, by groups of basis states (sampling.h).
  static constexpr std::uint64_t most_shots_one_by_one = 100'000;

  /// Unbiased estimates of the expectation values: the observables' Pauli strings are measured in groups
  /// (shot_estimator.h), each with `shots` shots of its own.
  BatchEstimate estimate(const Matrix<double>& features, std::span<const double> parameters,
                         std::uint64_t shots, std::uint64_t seed, int threads) const;

  const Circuit& circuit() const;
  std::span<const Observable> observables() const;
  Precision precision() const;

 private:
  struct Implementation;
  std::unique_ptr<const Implementation> implementation_;
};

}  // namespace qupel
