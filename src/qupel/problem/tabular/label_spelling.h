#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace qupel {

/// A label without what spellings differ in: folded() letters in lower case, no spaces, quotes, brackets or
/// . , ; : ! ? _, and no hyphens between letters. Marks that may mean something stay: points and commas
/// between digits, and signs (+, -, <, >, %). A label of such marks alone stays as it is.
std::string bare_label(std::string_view label);

/// The labels that are alike but for their spelling, or for letters of other alphabets that look the same,
/// each set in the order of `labels`; sets of two or more.
std::vector<std::vector<std::string>> spellings(const std::vector<std::string>& labels);

/// A sentence that names those sets; "" if there are none.
std::string spelling_warning(const std::vector<std::string>& labels);

}  // namespace qupel
