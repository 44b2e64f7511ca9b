#pragma once
#include <string_view>
#include <vector>

#include "qupel/study/result.h"

// Which contenders and comparisons a part of the report speaks of.
namespace qupel::report {

/// The contender that stands for its family: the one that the study chose inside the training sets, else the
/// one with the best mean validation score (never the best test score: that would flatter it). Null if the
/// family has none.
const ContenderResult* best_of(const StudyResult& result, Family family);

/// The mean of the study's metric with its interval; NaN if it is missing.
Interval interval_of(const StudyResult& result, const ContenderResult& contender);

/// All contenders, highest mean of the study's metric first, those without one last.
std::vector<const ContenderResult*> by_score(const StudyResult& result);

const ContenderResult* find_contender(const StudyResult& result, std::string_view name);
const Comparison* find_comparison(const StudyResult& result, std::string_view contender,
                                  std::string_view against);

/// The comparison that the overall verdict rests on; null without one.
const Comparison* overall(const StudyResult& result);

/// The family of a name in a comparison: of a contender, or of "best quantum" and "best classical".
Family family_of(const StudyResult& result, std::string_view name);

/// A quantum contender's comparison with its separable twin; null without one.
const Comparison* twin_comparison(const StudyResult& result, std::string_view quantum);

/// The first gate that refuses a verdict; null if none does.
const Gate* refusal(const StudyResult& result);

/// Whether a contender runs circuits.
bool has_circuit(const ContenderResult& contender);

}  // namespace qupel::report
