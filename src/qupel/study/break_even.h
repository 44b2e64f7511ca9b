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

/// The study's verdict on a device whose every error is multiplied by one factor, with so many shots and the
/// study's error mitigation.
struct BreakEvenPoint {
  double factor = 1;                         ///< of all errors; T1 and T2 are divided by it
  double two_qubit_error = 0;                ///< median of that device
  std::size_t shots = 0;                     ///< of every circuit
  double difference = 0, low = 0, high = 0;  ///< of the comparison that decides
  Verdict verdict = Verdict::inconclusive;
};

struct BreakEven {
  bool flips = false;  ///< some device of this kind makes the verdict "quantum better"
  std::string device;
  std::optional<double> two_qubit_error;  ///< the largest median at which it does, of those tried
  /// The fewest shots of every circuit with which it does at that error, of those tried; nothing if it does
  /// not flip.
  std::optional<std::size_t> shots;
  /// How many times faster and cheaper the device must be for its predictions, mitigated if the study asks
  /// for that and with `shots` if it flips, to take as long and to cost as much as those of the best
  /// contender that is not quantum; nothing without shots, or without a price in dollars.
  std::optional<double> speed_factor, price_factor;
  std::string reason;                  ///< a sentence
  std::vector<BreakEvenPoint> points;  ///< in descending order of the factor; none: nothing had to be tried
  std::vector<BreakEvenPoint> shot_points;  ///< at one factor, in descending order of shots
};

/// The device with all errors multiplied, and T1 and T2 divided, by a factor.
Device with_errors_scaled(Device device, double factor);

/// Fits the quantum contenders that lead on a perfect quantum computer once more, with the settings of the
/// run's trials, and judges them on scaled devices with the study's shots and error mitigation: factors 1,
/// 1/2, 1/4, ... down to 1/1024, until the verdict is "quantum better", then between by bisection. At the
/// factor that flips it, shots: a half, a quarter, ... until it no longer does. If none flips it, at the last
/// factor ten, a hundred, ... times as many shots, up to a million, until it does. Where the ideal model does
/// not lead, no device does, and nothing is run. @param trials all of the run's @param result of the run
BreakEven break_even(const StudySpec& spec, const Problem& problem, const StudyResult& result,
                     const std::vector<Trial>& trials, const DeviceEntry& device, int threads,
                     Progress& progress);

}  // namespace qupel
