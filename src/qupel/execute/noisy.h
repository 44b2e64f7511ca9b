#pragma once
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "qupel/circuit/shot_estimator.h"
#include "qupel/engine/noisy_batch/noisy_batch.h"
#include "qupel/engine/noisy_batch/noisy_kernel.h"
#include "qupel/engine/noisy_batch/noisy_readings.h"
#include "qupel/execute/placement.h"

// Private to execute/.
namespace qupel {

/// A circuit with its noise, compiled for batches of samples: each part when it is first asked for, then
/// kept. Safe to share between threads.
class NoisyPrograms {
 public:
  /// @param placement of a circuit that was compiled for a device: then rotations are in its operations, too
  NoisyPrograms(Circuit circuit, std::vector<Observable> observables, NoiseModel noise,
                std::optional<Placement> placement);

  bool made_for(const NoiseModel& noise) const { return noise.source() == noise_.source(); }

  /// The circuit itself. @throws InputError as NoisyBatch
  const NoisyBatch& circuit() const;
  /// With the rotations after which Z measures the strings of each group, and their noise.
  /// @param groups the same in every call
  const NoisyReadings& readings(std::span<const MeasurementGroup> groups) const;
  const NoisyKernel& kernel() const;

 private:
  Circuit circuit_;
  std::vector<Observable> observables_;
  NoiseModel noise_;
  std::optional<Placement> placement_;
  mutable std::mutex mutex_;
  mutable std::optional<NoisyBatch> own_;
  mutable std::optional<NoisyReadings> readings_;
  mutable std::optional<NoisyKernel> kernel_;
};

}  // namespace qupel
