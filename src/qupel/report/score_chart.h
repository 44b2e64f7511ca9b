#pragma once
#include <string>
#include <vector>

#include "qupel/study/result.h"

namespace qupel::report {

/// A contender in a score chart, with a remark after its name.
struct Scored {
  const ContenderResult* contender = nullptr;
  std::string remark;
};

/// A row a contender: its folds as faint dots, the mean of the study's metric with its interval. The scale is
/// that of the contenders worth a look: the majority vote may lie outside, then an arrow says so.
/// @param reference a dashed line through all rows; NaN for none
std::string score_chart(const StudyResult& result, const std::vector<Scored>& scored, double reference);

}  // namespace qupel::report
