#pragma once
#include <memory>
#include <optional>
#include <vector>

#include "qupel/problem/problem.h"
#include "qupel/study/result.h"
#include "qupel/study/spec.h"

namespace qupel {

/// Tunes one entry on a split's inner tasks, fits it on the whole training set and asks it
/// about the test rows. A fit that throws counts as a failure (the floor answers, and
/// Trial::failure says why); it is never dropped.
Trial run_trial(const StudySpec& spec, const Problem& problem, const Entry& entry, const Split& split,
                const Work& work);

/// What a fit is made with.
struct ChosenSettings {
  Settings settings;
  double validation = 0;       ///< inner score of these settings, by the study's metric
  Adjustment adjustment = {};  ///< Trial::adjustment
};

/// The choice that most of an entry's trials made, for a fit on all rows: of equally frequent settings those
/// with the best mean validation score, then those of the earliest trial. Of the trials that chose them each
/// adjustment's most frequent value, and of equally frequent ones the middle one (of two the smaller). Failed
/// trials count only if all failed. @param trials at least one
ChosenSettings most_frequent_settings(const std::vector<Trial>& trials, const Metric& metric);

/// A contender fitted on all training rows of a split, to be kept.
struct FinalFit {
  ChosenSettings choice;
  std::unique_ptr<Fitted> model;
};
/// @param chosen what it is fitted with; nothing: what the search on the work's inner tasks chooses
/// @throws InputError if the fit fails
FinalFit fit_for_good(const StudySpec& spec, const Problem& problem, const Entry& entry, const Split& split,
                      const Work& work, const std::optional<ChosenSettings>& chosen);

}  // namespace qupel
