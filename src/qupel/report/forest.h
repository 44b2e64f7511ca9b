#pragma once
#include <string>
#include <vector>

#include "qupel/study/result.h"

namespace qupel::report {

/// Paired differences, a row a comparison: mean and 95 % interval against the band of practical equality, and
/// a bar that splits the probability into worse, equal and better.
/// @param with_opponent names the other side in each row, for charts in which it changes
std::string forest(const StudyResult& result, const std::vector<const Comparison*>& comparisons,
                   bool with_opponent);

}  // namespace qupel::report
