#pragma once
#include <vector>

#include "qupel/study/result.h"
#include "qupel/study/runner.h"
#include "qupel/study/spec.h"

namespace qupel {

/// All trials of one entry, in the order of the splits.
using EntryTrials = std::vector<const Trial*>;

/// One contender over all its trials: scores with intervals, choices, costs, circuit.
/// Intervals (95 %): BCa bootstrap over the rows for accuracy, balanced accuracy and log-loss; corrected
/// resampled t over the folds for ROC-AUC and calibration error.
/// @param features columns of the reduced inputs
ContenderResult summarise_contender(const StudySpec& spec, const TabularProblem& problem, const Entry& entry,
                                    const EntryTrials& trials, int features);

/// Every comparison of a study: each quantum contender against the best classical one (chosen in each
/// training set by validation score), the best quantum one likewise, quantum against its separable twin,
/// quantum against the best classical one on the same reduced inputs, quantum-inspired against the best
/// classical, all against reduced inputs, and both sides against the floor contender. Deciding comparisons
/// of two sides that learned nothing are inconclusive.
std::vector<Comparison> compare_all(const StudySpec& spec, const std::vector<EntryTrials>& by_entry);

/// The whole study. @param trials all of them, split after split, entries in the study's order within a split
StudyResult summarise(const StudySpec& spec, const TabularProblem& problem, const std::vector<Trial>& trials,
                      int threads);

}  // namespace qupel
