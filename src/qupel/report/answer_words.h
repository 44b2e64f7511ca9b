#pragma once
#include <string>
#include <string_view>

#include "qupel/study/result.h"

namespace qupel::report {

/// An answer to a decision: a tour or picks in their order, routes with a bar between them, of variables
/// those that are not 0. Of many the first 60.
/// @param solution as ContenderResult::solution
std::string answer_words(std::string_view solution);

/// The best answer of each contender, the best contender first; of several instances to the last. "" for
/// problems that are no decisions.
std::string answers_table(const StudyResult& result);

}  // namespace qupel::report
