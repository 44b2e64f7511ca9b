#pragma once
#include <memory>
#include <span>
#include <vector>

#include "qupel/base/matrix.h"
#include "qupel/noise/noise_model.h"

namespace qupel {

/// What a noisy device measures of pairs of rows: of circuits of two rows, whose operations with the features
/// of the first come before those with the features of the second. The first half makes a state of each row;
/// the second takes what is measured back to an effect of each row; what is measured of a pair is the product
/// of the two. So n x m pairs take n + m circuits, not n m. The noise is that of both halves as one circuit,
/// readout errors included. Immutable and safe to share between threads; computes in double precision.
class NoisyKernel {
 public:
  /// Entries of a kernel matrix: the circuit of one row, followed by the inverse of the circuit of another;
  /// how often all qubits are read as 0. @throws InputError for a circuit that cannot be undone, and as
  /// NoisyBatch
  NoisyKernel(const Circuit& circuit, const NoiseModel& noise);

  /// @param both a circuit that separates() @param features of each row
  /// @param counted for each number that is wanted what each basis state counts if it is read, by basis state
  /// of all qubits
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
