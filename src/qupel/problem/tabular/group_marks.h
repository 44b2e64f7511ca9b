#pragma once
#include <string>
#include <string_view>
#include <vector>

// What the cells of a column say of a mark in their numbers: does 1,274 hold a group of digits or decimals?
namespace qupel {

/// Whether `mark` parts groups of three digits in every cell that holds it, in more than one, and the others
/// are too small for one: 834 beside 1,274. Decimals would seldom all have three digits.
bool parts_groups(const std::vector<std::string>& cells, char mark);

/// Whether it could: it stands so in every cell that holds it, and in one at least.
bool could_part_groups(const std::vector<std::string>& cells, char mark);

/// A number such as 1,234 or -12.345: one mark, at most three digits before it and three behind it.
bool is_one_group(std::string_view number, char mark);

}  // namespace qupel
