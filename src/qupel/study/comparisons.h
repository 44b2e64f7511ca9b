#pragma once
#include <span>
#include <vector>

#include "qupel/study/contest.h"

namespace qupel {

/// Every comparison of a study:
///  - each entangled quantum contender against the rival, the best of all others (chosen in each training set
///    by validation score): these decide; the best quantum contender, chosen likewise, is shown beside them
///  - each against its separable twin, and against the best other on the same reduced columns
///  - quantum-inspired contenders against the rival; all columns against the reduced ones
///  - both sides and each contender against the floor
/// Where nobody is shown to beat the floor, comparisons that decide are about nothing: inconclusive.
std::vector<Comparison> compare_all(const Contest& contest);

/// Whether the contender with the best mean validation score over all splits is shown to beat the floor. One
/// test, by a choice that looks at no test row: contenders that learn nothing change it neither way, however
/// many take part.
/// @param comparisons of compare_all()
bool best_validated_learned(const Contest& contest, std::span<const Comparison> comparisons);

/// The deciding comparisons with the quantum side read with the study's shots; only of contenders that were.
std::vector<Comparison> compare_with_shots(const Contest& contest);

/// The deciding comparisons with the quantum side read on a device; only of contenders that were.
/// @param execution that answered there
std::vector<Comparison> compare_under(const Contest& contest, const std::string& execution);

/// The deciding comparisons alone, with each side's scores read as given.
std::vector<Comparison> compare_sides(const Contest& contest, const Read& quantum, const Read& others);

/// Best quantum against best classical when both are trained on a share of the training rows.
std::vector<LeadAtSize> lead_by_rows(const Contest& contest);

/// The study's verdict with the fits of each random seed. @param own with its own fits: the first
std::vector<Verdict> verdicts_by_seed(const Contest& contest, Verdict own);

}  // namespace qupel
