#pragma once
#include <span>
#include <vector>

#include "qupel/problem/answer.h"

// Where classes count alike (balanced accuracy), the most probable class is the wrong answer for rare ones:
// the best one is the largest probability divided by the class's share of the training rows, if the
// probabilities are right. How far to go is tuned on the inner folds, for every contender in the same way.
namespace qupel {

/// The powers that tuning tries: labels are the largest p_c / share_c^power.
std::span<const double> prior_powers();

/// Labels anew from the probabilities. Power 0 keeps the prediction's labels.
void shift_labels(Classes& prediction, std::span<const double> shares, double power);

/// Each class's share of the labels.
std::vector<double> class_shares(std::span<const int> labels, int classes);

}  // namespace qupel
