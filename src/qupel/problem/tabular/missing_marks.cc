#include "qupel/problem/tabular/missing_marks.h"

#include <algorithm>
#include <array>

#include "qupel/base/code_points.h"
#include "qupel/base/text.h"
#include "qupel/problem/tabular/cell.h"

namespace qupel {
namespace {

constexpr std::size_t longest_mark = 20;

/// In lower case, sorted.
constexpr auto sure_marks = [] {
  std::array<std::string_view, 37> marks{
      // people, R, Weka, SAS, Stata, JSON
      "?", "-", ".", "na", "n/a", "nan", "null", "na_integer_", "na_real_", "na_character_",
      // pandas, NumPy, C libraries
      "<na>", "nat", "-nan", "+nan", "-nan(ind)", "nan(ind)", "1.#ind", "-1.#ind", "1.#qnan", "-1.#qnan",
      "#na", "#n/a n/a",
      // MySQL, PostgreSQL and their tools
      "\\n", "(null)", "<null>", "[null]",
      // spreadsheets: the errors of a formula
      "#n/a", "#null!", "#div/0!", "#value!", "#ref!", "#name?", "#num!", "#error!", "#nv", "#calc!",
      "#spill!"};
  std::sort(marks.begin(), marks.end());
  return marks;
}();

/// In lower case, sorted.
constexpr auto likely_marks = [] {
  std::array<std::string_view, 49> marks{"none",
                                         "nil",
                                         "void",
                                         "undefined",
                                         "undef",
                                         "unknown",
                                         "unk",
                                         "missing",
                                         "miss",
                                         "blank",
                                         "empty",
                                         "invalid",
                                         "error",
                                         "n.a.",
                                         "n.a",
                                         "n. a.",
                                         "na.",
                                         "n/d",
                                         "n.d.",
                                         "nd",
                                         "n/k",
                                         "not available",
                                         "not applicable",
                                         "not known",
                                         "not reported",
                                         "no data",
                                         "nodata",
                                         "no value",
                                         "(missing)",
                                         "(none)",
                                         "(blank)",
                                         "(empty)",
                                         "<none>",
                                         "<missing>",
                                         "<unknown>",
                                         "--",
                                         "---",
                                         "----",
                                         "..",
                                         "...",
                                         "\xe2\x80\x93",
                                         "\xe2\x80\x94",
                                         "\xe2\x80\xa6",
                                         "*",
                                         "**",
                                         "._",
                                         "0000-00-00",
                                         "0000-00-00 00:00:00",
                                         "00/00/0000"};
  std::sort(marks.begin(), marks.end());
  return marks;
}();

/// .a to .z: the further kinds of missing values of SAS and Stata.
bool is_lettered_point(std::string_view low) {
  return low.size() == 2 && low[0] == '.' && low[1] >= 'a' && low[1] <= 'z';
}

/// Most cells begin as no mark does: they need no look at the list.
bool may_be_listed(std::string_view cell) {
  constexpr std::string_view starts = "?-.nN<+1\\([#";
  if (cell.size() > longest_mark || starts.find(cell.front()) == starts.npos) return false;
  const bool number = cell.size() > 1 && (is_digit(cell[1]) || is_digit(cell[0]));
  return !number || cell.find('#') != cell.npos;
}

}  // namespace

bool is_missing(std::string_view cell) {
  if (cell.empty()) return true;
  return may_be_listed(cell) && std::ranges::binary_search(sure_marks, lower(cell));
}

bool may_be_missing(std::string_view cell) {
  if (cell.empty() || cell.size() > longest_mark || (cell.front() >= '1' && cell.front() <= '9'))
    return false;
  const auto low = lower(cell);
  return is_lettered_point(low) || std::ranges::binary_search(likely_marks, low);
}

}  // namespace qupel
