#pragma once
#include <map>
#include <span>
#include <string>

#include "qupel/problem/answer.h"

namespace qupel {

/// Scores of a prediction: accuracy, balanced-accuracy, roc-auc (macro one-vs-rest), log-loss,
/// calibration-error (expected, ten bins of the top probability).
std::map<std::string, double> score(const Classes& prediction, std::span<const int> truth, int classes);

}  // namespace qupel
