#pragma once
#include <vector>

#include "qupel/problem/tabular.h"
#include "qupel/study/result.h"
#include "qupel/study/spec.h"

namespace qupel {

/// One gate for each code, in a fixed order; a code that found several things lists them in one message.
///  leak: a column alone predicts the target (copy: refused; nearly: warning)   duplicate: equal rows (kept in one fold)
///  granularity: a score that is no multiple of 1/test rows                     train-is-test: equal rows on both sides
///  above-validation: test far above validation                                 failed-fit: failed or unconverged fits
///  unequal-budget: configurations differ                                       imbalance: rarest class below 20 %
///  too-small: fewer than 50 rows, or fewer than 10 test rows a fold
/// A refused gate makes the study's verdict inconclusive, with the gate's message as reason.
std::vector<Gate> check_gates(const StudySpec& spec, const TabularProblem& problem, const std::vector<Trial>& trials);

}  // namespace qupel
