#pragma once
#include <memory>
#include <span>
#include <vector>

#include "qupel/base/matrix.h"
#include "qupel/circuit/circuit.h"
#include "qupel/noise/noise_model.h"

namespace qupel {

/// Noisy circuits that begin alike, as one circuit does that is followed by the rotations of several
/// measurements: what they have in common runs once for each sample. Immutable and safe to share between
/// threads. As NoisyBatch in all else.
class NoisyReadings {
 public:
  /// @param circuits at least one, on the same qubits and with the same slots @throws InputError as
  /// NoisyBatch
  NoisyReadings(const std::vector<Circuit>& circuits, const NoiseModel& noise);
  ~NoisyReadings();
  NoisyReadings(NoisyReadings&&) noexcept;
  NoisyReadings& operator=(NoisyReadings&&) noexcept;

  /// Of the basis states before readout errors, by circuit: samples x 2^n (NoisyBatch::probabilities).
  std::vector<Matrix<double>> probabilities(const Matrix<double>& features,
                                            std::span<const double> parameters, int threads) const;

  /// The share of the steps of all circuits that runs once.
  double common_share() const;

 private:
  struct Implementation;
  std::unique_ptr<const Implementation> implementation_;
};

}  // namespace qupel
