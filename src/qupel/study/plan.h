#pragma once
#include "qupel/study/result.h"
#include "qupel/study/spec.h"

namespace qupel {

/// What a study could show, before it runs. The smallest lead is what "quantum better" finds with a
/// probability of 0.8, by the variance of mean_difference() for N rows, r repeats and k folds if a row's lead
/// has the variance v that the problem assumes (of classes: both sides disagree on a quarter of the rows):
///   s^2 = v f / N,  f = 1 - (1 - 1/r)/k + (k+1)/(2k)  (r = 1: 1 + (k+1)/(2 sqrt k)),
///   lead = max(rope + t_(1 - claim/q) s, t_(1 - test/(2q)) s) + t_0.8 s
/// with N - 1 degrees of freedom and q quantum contenders; N is the number of rows that the metric counts.
/// For a metric that is no mean over rows, s is the scale of the corrected resampled t-test.
/// @param quantum contenders of the quantum side
PlannedPower planned_power(const StudySpec& spec, const Problem& problem, std::size_t quantum);

/// How many entries are of the quantum family: the quantum side before anything is known of their circuits.
std::size_t quantum_entries(const StudySpec& spec);

}  // namespace qupel
