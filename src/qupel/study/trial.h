#pragma once
#include "qupel/study/result.h"
#include "qupel/study/spec.h"
#include "qupel/study/split.h"

namespace qupel {

/// Tunes one entry on a split's inner folds, fits it on the whole training set and predicts the test rows. A
/// fit that throws counts as a failure (the majority class is predicted, and Trial::failure says why); it is
/// never dropped.
Trial run_trial(const StudySpec& spec, const Entry& entry, const Split& split, const SplitData& data,
                int classes);

}  // namespace qupel
