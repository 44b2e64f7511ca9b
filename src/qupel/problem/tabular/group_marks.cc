#include "qupel/problem/tabular/group_marks.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "qupel/base/code_points.h"

namespace qupel {
namespace {

/// How many cells have a mark between groups of three digits, and how many are too small for one.
struct GroupedCells {
  std::size_t with = 0, without = 0;
};

/// Nothing if a cell is neither.
std::optional<GroupedCells> grouped_cells(const std::vector<std::string>& cells, char mark) {
  GroupedCells count;
  for (const auto& cell : cells) {
    if (std::ranges::none_of(cell, is_digit)) continue;  // missing, or a slip: other rules say which
    std::string_view digits = cell;
    if (digits.starts_with('-') || digits.starts_with('+')) digits.remove_prefix(1);
    std::size_t group = 0, marks = 0;  // digits since the last mark
    for (const char c : digits) {
      if (is_digit(c)) {
        ++group;
      } else if (c == mark && group > 0 && group <= 3 && (marks == 0 || group == 3)) {
        ++marks;
        group = 0;
      } else {
        return std::nullopt;
      }
    }
    if (marks > 0 ? group != 3 || digits.starts_with('0') : group > 3) return std::nullopt;
    ++(marks > 0 ? count.with : count.without);
  }
  return count;
}

}  // namespace

bool parts_groups(const std::vector<std::string>& cells, char mark) {
  const auto count = grouped_cells(cells, mark);
  return count && count->with > 1 && count->without > 0;
}

bool could_part_groups(const std::vector<std::string>& cells, char mark) {
  const auto count = grouped_cells(cells, mark);
  return count && count->with > 0;
}

bool is_one_group(std::string_view number, char mark) {
  if (number.starts_with('-') || number.starts_with('+')) number.remove_prefix(1);
  const auto at = number.find(mark);
  return at != number.npos && at > 0 && at <= 3 && number.size() == at + 4 && number.front() != '0' &&
         std::ranges::all_of(number.substr(0, at), is_digit) &&
         std::ranges::all_of(number.substr(at + 1), is_digit);
}

}  // namespace qupel
