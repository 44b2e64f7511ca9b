#pragma once
#include <memory>
#include <span>

#include "qupel/base/matrix.h"
#include "qupel/noise/noise_model.h"

namespace qupel {

/// Entries of a kernel matrix as a noisy device measures them: how often the circuit of one sample, followed
/// by the inverse of the circuit of another, ends with all qubits read as 0. The noise is that of both
/// circuits as one, readout errors included. The first half makes a state of each row; the second takes what
/// is measured back to an effect of each row; an entry is the product of the two. So n x m entries take n + m
/// circuits, not n m. Immutable and safe to share between threads; computes in double precision.
class NoisyKernel {
 public:
  /// @throws InputError for a circuit that cannot be undone, and as NoisyBatch
  NoisyKernel(const Circuit& circuit, const NoiseModel& noise);
  ~NoisyKernel();
  NoisyKernel(NoisyKernel&&) noexcept;
  NoisyKernel& operator=(NoisyKernel&&) noexcept;

  /// Probabilities up to rounding, rows of a x rows of b: those of a come first in the circuit. Same bits for
  /// any number of threads, and those of an entry whatever other rows there are.
  /// @throws InputError for wrong shapes, or what does not fit in memory
  Matrix<double> entries(const Matrix<double>& a, const Matrix<double>& b, std::span<const double> parameters,
                         int threads) const;

  /// About how many multiplications a row takes on both sides together.
  double work() const;

 private:
  struct Implementation;
  std::unique_ptr<const Implementation> implementation_;
};

}  // namespace qupel
