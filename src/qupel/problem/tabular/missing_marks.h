#pragma once
#include <string_view>

// Texts that stand for a missing value (docs/data.md has the list).
namespace qupel {

/// Empty, or what programs write where a value is missing and nobody means as a value: NA, NaN, null, <NA>,
/// \N, #N/A, ?, -, . and others, in any case. Missing in every column of features.
bool is_missing(std::string_view cell);

/// A word or mark that stands for a missing value beside numbers, dates and times but may be a category
/// beside other text: None, unknown, missing, --, n.a., 0000-00-00 and others, in any case.
bool may_be_missing(std::string_view cell);

}  // namespace qupel
