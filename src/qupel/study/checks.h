#pragma once
#include <vector>

#include "qupel/study/contest.h"
#include "qupel/study/result.h"
#include "qupel/study/spec.h"

namespace qupel {

/// One check for each code, in this order; a code that found several things lists them in one message.
///  - leak: a column alone predicts the target, or columns together spell it out (table_checks.h)
///  - duplicate: rows with equal features (kept in one fold)
///  - granularity: a score that is no multiple of 1/test rows, or not what the stored predictions give
///  - train-is-test: equal rows with equal labels on both sides (all: refused)
///  - above-validation: test far above validation, beyond what more training rows explain; not of the floor
///  - failed-fit: failed (most of a contender: refused) or unconverged fits
///  - unequal-budget: contenders tried different numbers of configurations
///  - imbalance: the rarest class has less than 20 % of the rows (with four or more classes: than two thirds
///    of an equal share)
///  - too-small: fewer than 50 rows, or fewer than 10 test rows a fold
/// A refused check makes the study's verdict inconclusive, with the check's message as reason.
std::vector<Check> integrity_checks(const StudySpec& spec, const Problem& problem,
                                    const std::vector<Trial>& trials);

/// Checks that a "quantum better" must pass, one for each code; without one they pass or warn.
///  - no-entanglement: no quantum contender has an entangled circuit (refused); some have none (warning: they
///    stand with the classical side)
///  - weak-baselines: fewer than three classical families learned. A family learned if a contender of it
///  beats
///    the floor on the test rows or, where the target may be beyond all of them, gets at least half of the
///    way from the floor to a perfect score on its own training rows. Refuses a "quantum better"; warns where
///    fewer than three took part.
///  - lost-with-shots: the lead is gone when the quantum side is read with the study's shots (refused)
std::vector<Check> claim_checks(const Contest& contest, const std::vector<Comparison>& comparisons,
                                const std::vector<Comparison>& with_shots);

}  // namespace qupel
