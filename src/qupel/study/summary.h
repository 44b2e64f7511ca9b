#pragma once
#include <vector>

#include "qupel/device/price.h"
#include "qupel/study/contest.h"
#include "qupel/study/result.h"
#include "qupel/study/runner.h"
#include "qupel/study/spec.h"

namespace qupel {

/// One contender over all its trials: scores with intervals, choices, costs, circuit.
/// Intervals (95 %): BCa bootstrap over the rows for metrics that are functions of sums over rows
/// (Problem::row_sums); corrected resampled t over the folds for others.
ContenderResult summarise_contender(const StudySpec& spec, const Problem& problem, const Entry& entry,
                                    const EntryTrials& trials);

/// What a contender answered in all trials.
ContenderAnswers answers_of(const Entry& entry, const EntryTrials& trials);

/// What each of the study's devices makes of a quantum contender; nothing for others.
/// @param qasm the contender's circuit with the settings chosen most often
std::vector<DeviceReading> read_devices(const StudySpec& spec, const Problem& problem, const Entry& entry,
                                        const EntryTrials& trials, const std::string& qasm);
/// The verdict on each of the study's devices; adds the contenders' own verdicts to their readings.
std::vector<DeviceVerdict> device_verdicts(const Contest& contest, std::vector<ContenderResult>& contenders);

/// What all contenders' circuits on a device cost together; without a currency if it has no price.
Cost cost_on(const StudyResult& result, const std::string& device);

/// Metrics with intervals of what the trials answered under one execution; nothing unless all did.
std::map<std::string, Interval> metrics_under(const StudySpec& spec, const Problem& problem,
                                              const EntryTrials& trials, const std::string& execution);

/// Sets verdict, headline, reason and both sides from comparisons and checks.
void conclude(const Contest& contest, StudyResult& result);

/// The whole study. @param trials all of them, split after split, entries in the study's order within a split
StudyResult summarise(const StudySpec& spec, const Problem& problem, const std::vector<Trial>& trials,
                      int threads);

}  // namespace qupel
