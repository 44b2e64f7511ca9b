#pragma once
#include <utility>
#include <vector>

namespace qupel {

/// What a report draws of a contender's answers, as far as the problem has it.
struct Figures {
  std::vector<std::vector<int>> confusion;             ///< true class x predicted class
  std::vector<std::pair<double, double>> calibration;  ///< mean predicted probability, observed frequency
  /// With two classes: false and true positive rate of the second class.
  std::vector<std::pair<double, double>> roc;
  std::vector<std::pair<double, double>> true_and_predicted;  ///< numbers, thinned
};

}  // namespace qupel
