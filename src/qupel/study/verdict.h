#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "qupel/study/result.h"

namespace qupel {

/// What overlapping training sets add to the correlation of test folds beyond Nadeau and Bengio's n_test /
/// n_train: with unstable learners their test alone finds a difference that is not there in up to 13 % of
/// studies.
constexpr double overlap_allowance = 0.15;

/// The decision rule. The burden of proof lies with the costlier side, the quantum model:
///  - quantum better: P(difference > rope) >= 0.95 and the corrected resampled t-test, with n_test / n_train
///  +
///    overlap_allowance as its ratio, is below 0.05 after Holm over all quantum contenders;
///  - not better: P(difference > rope) <= 0.10 (staying with the cheaper model needs less proof). Then
///  classical better if P(difference < -rope) >= P(within rope),
///    else equivalent (take the cheaper);
///  - otherwise inconclusive: `repeats_needed` says how many more repeats would decide at the seen
///  difference.
/// Measured false positive rate and rationale: docs/statistics.md.
///
/// Differences are score(contender) - score(against) by test fold, repeats one after the other. Scores lie in
/// [0, 1], so intervals end at -1 and 1. One fold a repeat (a fixed split) says nothing: p value 1, a third
/// for each region, interval [-1, 1], inconclusive.
/// @throws InputError for a NaN difference, or differences that are no multiple of `repeats`
Comparison compare(std::string contender, std::string against, std::string metric,
                   std::vector<double> differences, int repeats, double rope);

/// Applies Holm over the comparisons that decide and sets their verdicts and `repeats_needed`. Each of the
/// others is judged by the same rule as a family of its own; there, read "quantum" as contender and
/// "classical" as against.
void decide(std::span<Comparison> comparisons, double rope);

/// Whether `side` is better than the floor contender, by the same rule; true if they were not compared.
bool learned(std::span<const Comparison> comparisons, std::string_view side);
/// Whether neither side of `comparison` is: its difference is then no verdict on either.
bool nothing_learned(std::span<const Comparison> comparisons, const Comparison& comparison);

}  // namespace qupel
