#include "qupel/problem/tabular/number_wording.h"

#include <fmt/format.h>

#include <string>
#include <utility>

namespace qupel {
namespace {

/// What to say of the other reading of 1,234 where nothing in the table says which one is meant.
std::string other_reading(NumberFormat format) {
  const bool groups = format.thousands != 0;
  const char mark = groups ? format.thousands : format.decimal;
  return fmt::format(
      "1{0}234 was read as {1}, and could be {2}: nothing in the column says which; write {3} to be sure",
      mark, groups ? "1234" : "1.234", groups ? "1.234" : "1234",
      groups        ? "1234, without a mark between groups"
      : mark == '.' ? "all columns of the table with one decimal mark"
                    : "1.234, with a decimal point");
}

/// What to say where other columns do.
std::string reading_as_others(NumberFormat format) {
  const bool groups = format.thousands != 0;
  return fmt::format("1{0}234 was read as {1}, as other columns have a decimal {2}",
                     groups ? format.thousands : format.decimal, groups ? "1234" : "1.234",
                     format.decimal == ',' ? "comma" : "point");
}

std::string spelling_words(const NumberColumn& numbers) {
  return "numbers are written with " + numbers.spelling;
}

}  // namespace

std::vector<std::string> doubts(const NumberColumn& numbers) {
  std::vector<std::string> sentences;
  if (numbers.trailing_minus)  // "1-" may be a grade, or an open range
    sentences.push_back(spelling_words(numbers) + "; if that is no sign, write the cells otherwise");
  if (numbers.ambiguous) sentences.push_back(other_reading(numbers.format));
  if (numbers.as_others) sentences.push_back(reading_as_others(numbers.format));
  return sentences;
}

std::vector<Finding> format_findings(const NumberColumn& numbers, std::string_view column) {
  using Level = Finding::Level;
  std::vector<Finding> findings;
  const auto tell = [&](Level level, std::string message) {
    findings.push_back({level, std::string(column), std::move(message)});
  };
  const auto format = numbers.format;
  if (!numbers.unit.empty()) tell(Level::info, fmt::format("numbers in {}", numbers.unit));
  if (format.decimal == ',') tell(Level::info, "numbers have a decimal comma");
  if (format.indian)
    tell(Level::info, "numbers have commas between groups of digits as in India, 12,34,567");
  else if (format.thousands != 0)
    tell(Level::info, fmt::format("numbers have \"{}\" between groups of three digits", format.thousands));
  if (!numbers.spelling.empty() && !numbers.trailing_minus) tell(Level::info, spelling_words(numbers));
  for (auto& doubt : doubts(numbers)) tell(Level::warning, std::move(doubt));
  return findings;
}

}  // namespace qupel
