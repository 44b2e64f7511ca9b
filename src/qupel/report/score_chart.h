#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "qupel/study/result.h"

namespace qupel::report {

/// A row of a score chart.
struct Scored {
  std::string name;
  Family family = Family::classical;
  Interval interval;           ///< of the study's metric
  std::vector<double> scores;  ///< by test fold
  std::string remark;          ///< after its name
  bool sets_scale = true;      ///< false: may lie outside, then an arrow says so
};
Scored scored(const StudyResult& result, const ContenderResult& contender, std::string_view remark = "");
/// A side of the verdict, with who stood for it.
Scored scored(const Side& side);

/// A row each: its folds as faint dots, the mean of the study's metric with its interval.
/// @param reference a dashed line through all rows; NaN for none
std::string score_chart(const StudyResult& result, const std::vector<Scored>& rows, double reference);

}  // namespace qupel::report
