#pragma once
#include <memory>
#include <span>
#include <vector>

#include "qupel/base/matrix.h"
#include "qupel/noise/noise_model.h"

namespace qupel {

/// What a noisy device measures on circuits of two rows each, in which every operation that uses the first
/// row comes before every one that uses the second. The first half of the circuit makes a mixed state of the
/// first row; the second half, applied backwards to what is measured, makes an observable ("effect") of the
/// second row; the value of a pair is the product of state and effect. So n x m pairs take n + m half
/// circuits, not n m whole ones. The noise is that of both halves as one circuit, readout errors included.
/// Immutable and safe to share between threads; computes in double precision.
class NoisyKernel {
 public:
  /// Entries of a kernel matrix: the circuit of one row, followed by the inverse of the circuit of another;
  /// how often all qubits are read as 0. @throws InputError for a circuit that cannot be undone, and as
  /// NoisyBatch
  NoisyKernel(const Circuit& circuit, const NoiseModel& noise);

  /// @param both a circuit that separates() @param features of each row
  /// @param counted one list for each wanted number: entry b is what a shot contributes if basis state b of
  /// all qubits is read; the number is the mean over shots
  /// @throws InputError for another circuit, and as NoisyBatch
  NoisyKernel(const Circuit& both, int features, const NoiseModel& noise,
              const std::vector<std::vector<double>>& counted);
  /// Whether slots of features 0 .. features - 1 all end before those of other features begin.
  static bool separates(const Circuit& both, int features);

  ~NoisyKernel();
  NoisyKernel(NoisyKernel&&) noexcept;
  NoisyKernel& operator=(NoisyKernel&&) noexcept;

  /// The mean of each number that is wanted, up to rounding: rows of a x rows of b; those of a come first in
  /// the circuit. Same bits for any number of threads, and those of an entry whatever other rows there are.
  /// @throws InputError for wrong shapes, or what does not fit in memory
  std::vector<Matrix<double>> entries(const Matrix<double>& a, const Matrix<double>& b,
                                      std::span<const double> parameters, int threads) const;

  /// About how many multiplications a row takes on both sides together.
  double work() const;

 private:
  struct Implementation;
  std::unique_ptr<const Implementation> implementation_;
};

}  // namespace qupel
