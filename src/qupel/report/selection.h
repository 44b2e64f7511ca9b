#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "qupel/study/result.h"

// Which contenders and comparisons a part of the report speaks of.
namespace qupel::report {

/// The contender that stands for its family: the one that the study chose inside the training sets, else the
/// one with the best mean validation score (never the best test score: that would flatter it). Null if the
/// family has none.
const ContenderResult* best_of(const StudyResult& result, Family family);

/// The classical contender with the best mean validation score of those that see all columns, or of those
/// that see the reduced ones; null without one. (The majority vote only if there is no other.)
const ContenderResult* best_classical_on(const StudyResult& result, Inputs inputs);

/// best_quantum or best_classical as a side of the verdict; null in results of older versions.
const Side* side_of(const StudyResult& result, std::string_view name);
/// "svm-rbf in 7 splits, mlp in 3": who stood for a side, most often first.
std::string made_of(const Side& side);

/// The mean of the study's metric with its interval; NaN if it is missing.
Interval interval_of(const StudyResult& result, const ContenderResult& contender);

/// All contenders, best mean of the study's metric first, those without one last.
std::vector<const ContenderResult*> by_score(const StudyResult& result);

const ContenderResult* find_contender(const StudyResult& result, std::string_view name);
const Comparison* find_comparison(const StudyResult& result, std::string_view contender,
                                  std::string_view against);

/// The comparison that the verdict rests on, as the study's reason: of those that decide one that is shown to
/// be better, else that of best_quantum (in results of older versions), else the one most likely to be
/// better; null without one.
const Comparison* overall(const StudyResult& result);

/// The family of a name in a comparison: of a contender, or of "best quantum" and "best classical".
Family family_of(const StudyResult& result, std::string_view name);

/// A quantum contender's comparison with its separable twin; null without one.
const Comparison* twin_comparison(const StudyResult& result, std::string_view quantum);

/// The first check that refuses a verdict; null if none does.
const Check* refusal(const StudyResult& result);

/// What stands beside the answer: checks that refuse or warn, refusals first.
std::vector<const Check*> open_checks(const StudyResult& result);
/// Warnings about the column that is predicted.
std::vector<const Finding*> target_warnings(const StudyResult& result);

/// Of numbers that are asked for.
struct TargetRange {
  double smallest, largest, mean, deviation;
};
std::optional<TargetRange> range_of_target(const StudyResult& result);

/// Ledger::hardware_circuits; nothing in results of older versions, which did not count them.
std::optional<long long> hardware_circuits(const ContenderResult& contender);

/// Whether rows of columns are encoded, and asked about one by one; else a problem of another kind is solved.
bool is_table(const StudyResult& result);

/// Whether a contender runs circuits.
bool has_circuit(const ContenderResult& contender);

}  // namespace qupel::report
