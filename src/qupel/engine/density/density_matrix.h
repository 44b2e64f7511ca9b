#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "qupel/base/matrix.h"
#include "qupel/base/precision.h"
#include "qupel/circuit/observable.h"
#include "qupel/noise/noise_model.h"

namespace qupel {

/// The exact mixed state that a noisy circuit ends in, kept as the expectation values of all 4^n Pauli
/// strings (transfer.h): real numbers, half the memory of the complex matrix. Results have the same bits for
/// any number of threads.
class DensityMatrix {
 public:
  /// Runs the circuit. @throws InputError for unbound slots, a state that does not fit in memory, or
  /// as CircuitNoise
  DensityMatrix(const Circuit& circuit, const NoiseModel& noise, Precision precision, int threads);
  ~DensityMatrix();
  DensityMatrix(DensityMatrix&&) noexcept;
  DensityMatrix& operator=(DensityMatrix&&) noexcept;

  int qubits() const;
  double expectation(const PauliString& pauli) const;
  double expectation(const Observable& observable) const;
  /// <O^2> - <O>^2; takes the square of the number of terms.
  double variance(const Observable& observable) const;
  /// tr rho^2: 1 for a pure state, 2^-n for the maximally mixed one.
  double purity() const;
  /// Of the 2^n basis states, up to rounding: those below zero are set to zero.
  std::vector<double> probabilities() const;
  /// How often each basis state is measured in `shots` shots: (basis state, count), no state twice, in no
  /// promised order. Keyed by the seed.
  std::vector<std::pair<std::uint64_t, std::uint64_t>> counts(std::uint64_t shots, std::uint64_t seed,
                                                              int threads) const;
  /// The matrix itself, 2^n square. @throws InputError if it does not fit in memory
  Matrix<Complex> matrix() const;

  /// Bytes that a state takes while it is computed.
  static double bytes(int qubits, Precision precision);
  /// How a circuit would run.
  struct Plan {
    int sweeps = 0;     ///< how many times memory is read and written
    int transfers = 0;  ///< matrices applied
    double work = 0;    ///< coefficients times multiplications
  };
  static Plan plan(const Circuit& circuit, const NoiseModel& noise);

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace qupel
