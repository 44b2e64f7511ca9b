#pragma once
#include <memory>
#include <span>
#include <vector>

#include "qupel/engine/batch/batch.h"
#include "qupel/noise/noise_model.h"

// Exact mixed states of many samples of one noisy circuit. The state of a sample is its 4^n Pauli
// coefficients; samples lie in the SIMD lanes (coefficient-major, sample-minor), and a block of eight samples
// stays in cache from the first gate to the expectation value. All gates and channels on one qubit between
// two gates that join it to others are one matrix a sample; a gate on two qubits and its noise is one sparse
// matrix. What follows the last feature is alike for all samples: up to eight observables are taken back
// through it once a call, and its derivatives are those of one weighted sum of the samples' states.
namespace qupel {

/// A noisy circuit compiled for batches of samples. Immutable and safe to share between threads. Computes in
/// double precision.
///
/// In all calls `features` is samples x circuit.features() and `parameters` has circuit.parameters() values;
/// a circuit without features takes a matrix with zero columns and as many rows as samples wanted. Results
/// have the same bits for any number of threads, and those of a sample whatever other samples there are.
/// @throws InputError for wrong shapes, or what does not fit in memory
class NoisyBatch {
 public:
  static constexpr int most_qubits = 10;
  static void require_qubits(int qubits);  ///< @throws InputError for more

  /// @throws InputError if the circuit has operations beside gates, barriers and delays, or too many qubits,
  /// if an observable acts beyond it, or as CircuitNoise and as_read()
  NoisyBatch(const Circuit& circuit, const NoiseModel& noise, std::vector<Observable> observables);
  ~NoisyBatch();
  NoisyBatch(NoisyBatch&&) noexcept;
  NoisyBatch& operator=(NoisyBatch&&) noexcept;

  /// What measurements average to, readout errors included: samples x observables.
  Matrix<double> expectations(const Matrix<double>& features, std::span<const double> parameters,
                              int threads) const;

  /// Expectation values as above, and the derivatives of a loss, by one pass forward and one back with the
  /// transposed maps: exact, and the cost does not depend on the number of parameters. Noise cannot be
  /// undone, so each thread keeps states of a block of samples, 64 * 4^n bytes each, for the way back: one
  /// for each window of steps (three or four two-qubit gates), or, if these would take more than 64 MiB,
  /// about twice the square root of the number of windows; the others are computed again.
  BatchGradient gradient(const Matrix<double>& features, std::span<const double> parameters,
                         const Cotangent& cotangent, bool feature_gradient, int threads) const;

  /// The states: samples x 4^n expectation values of Pauli strings, by PauliString::index().
  Matrix<double> coefficients(const Matrix<double>& features, std::span<const double> parameters,
                              int threads) const;

  /// Of the basis states before readout errors: samples x 2^n. Up to rounding; those below zero are set to
  /// zero.
  Matrix<double> probabilities(const Matrix<double>& features, std::span<const double> parameters,
                               int threads) const;

  /// About how many multiplications a sample takes.
  double work() const;

 private:
  struct Implementation;
  class Gradient;
  std::unique_ptr<const Implementation> implementation_;
};

}  // namespace qupel
