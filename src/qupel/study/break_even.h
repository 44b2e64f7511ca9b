#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "qupel/base/progress.h"
#include "qupel/study/result.h"
#include "qupel/study/spec.h"

// Which device would change a study's verdict.
namespace qupel {

/// The study's verdict on a device whose every error is multiplied by one factor.
struct BreakEvenPoint {
  double factor = 1;                         ///< of all errors; T1 and T2 are divided by it
  double two_qubit_error = 0;                ///< median of that device
  double difference = 0, low = 0, high = 0;  ///< of the comparison that decides
  Verdict verdict = Verdict::inconclusive;
};

struct BreakEven {
  bool flips = false;  ///< some device of this kind makes the verdict "quantum better"
  std::string device;
  std::optional<double> two_qubit_error;  ///< the largest median at which it does, of those tried
  /// How many times faster and cheaper the device must be for its predictions to take as long and to cost as
  /// much as those of the best contender that is not quantum; nothing without shots, or without a price.
  std::optional<double> speed_factor, price_factor;
  std::string reason;                  ///< a sentence
  std::vector<BreakEvenPoint> points;  ///< in descending order of the factor; none: nothing had to be tried
};

/// The device with all errors multiplied, and T1 and T2 divided, by a factor.
Device with_errors_scaled(Device device, double factor);

/// Fits the quantum contenders that lead on a perfect quantum computer once more, with the settings of the
/// run's trials, and judges them on scaled devices: factors 1, 1/2, 1/4, ... down to 1/1024, until the
/// verdict is "quantum better", then between by bisection. Where the ideal model does not lead, no device
/// does, and nothing is run. @param trials all of the run's @param result of the run
BreakEven break_even(const StudySpec& spec, const Problem& problem, const StudyResult& result,
                     const std::vector<Trial>& trials, const DeviceEntry& device, int threads,
                     Progress& progress);

}  // namespace qupel
