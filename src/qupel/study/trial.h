#pragma once
#include "qupel/problem/problem.h"
#include "qupel/study/result.h"
#include "qupel/study/spec.h"

namespace qupel {

/// Tunes one entry on a split's inner tasks, fits it on the whole training set and asks it about the test
/// rows. A fit that throws counts as a failure (the floor answers, and Trial::failure says why); it is never
/// dropped.
Trial run_trial(const StudySpec& spec, const Problem& problem, const Entry& entry, const Split& split,
                const Work& work);

}  // namespace qupel
