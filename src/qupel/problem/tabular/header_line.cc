#include "qupel/problem/tabular/header_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>

#include "qupel/base/code_points.h"
#include "qupel/base/error.h"
#include "qupel/problem/tabular/cell.h"
#include "qupel/problem/tabular/identifier_name.h"
#include "qupel/problem/tabular/missing_marks.h"

namespace qupel {
namespace {

/// Cells of the first line that are numbers, with the column.
using NumbersInLine = std::vector<std::pair<std::size_t, double>>;

std::optional<double> number_in_line(const Field& field) {
  const auto cell = field.cell();
  if (const auto value = parse_number(cell)) return value;
  return parse_number(cell, number_formats::decimal_comma);
}

NumbersInLine numbers_in_line(const std::vector<Field>& line) {
  NumbersInLine numbers;
  for (std::size_t c = 0; c < line.size(); ++c)
    if (const auto value = number_in_line(line[c])) numbers.emplace_back(c, *value);
  return numbers;
}

bool is_number_above_number(const std::vector<Field>& second, const NumbersInLine& numbers) {
  return std::ranges::any_of(
      numbers, [&](const auto& n) { return n.first < second.size() && number_in_line(second[n.first]); });
}

bool is_text_above_number(const std::vector<Field>& first, const std::vector<Field>& second) {
  for (std::size_t c = 0; c < std::min(first.size(), second.size()); ++c)
    if (!number_in_line(first[c]) && !is_missing(first[c].cell()) && number_in_line(second[c])) return true;
  return false;
}

/// Numbers that count columns (0, 1, 2 or 1, 2, 3 from the left, or behind a first name such as pandas' empty
/// one) or years and the like (2019, 2020, 2021). One number counts nothing, unless "id" or no name is before
/// it.
bool count_up(const std::vector<Field>& first, const NumbersInLine& numbers) {
  const auto at_position = [&](double base) {
    return std::ranges::all_of(
        numbers, [=](const auto& n) { return n.second == static_cast<double>(n.first) + base; });
  };
  const auto name = first.front().cell();
  const bool row_names = name.empty() || is_identifier_name(name);
  if (row_names && (at_position(-1) || at_position(0))) return true;
  if (numbers.size() < 2) return false;
  const auto by_one = [](const auto& a, const auto& b) { return b.second != a.second + 1; };
  const bool run = numbers.size() >= 3 && std::ranges::adjacent_find(numbers, by_one) == numbers.end();
  return at_position(0) || at_position(1) || run;
}

bool holds_name(const std::vector<Field>& line, std::string_view name) {
  return std::ranges::any_of(line, [=](const Field& field) { return field.cell() == name; });
}

bool is_numbered(std::string_view name) {
  return name.size() > 1 && name.front() == 'c' && std::ranges::all_of(name.substr(1), is_digit);
}

/// Which columns are often called.
bool is_year(std::string_view name) {
  return name.size() == 4 && (name.starts_with("18") || name.starts_with("19") || name.starts_with("20")) &&
         std::ranges::all_of(name, is_digit);
}

/// By the names of a model's columns, if they decide it.
std::optional<FirstLine> by_model(const std::vector<Field>& first, std::span<const std::string> names) {
  const auto here = std::ranges::count_if(names, [&](const auto& name) { return holds_name(first, name); });
  if (names.empty()) return std::nullopt;
  if (here == std::ssize(names)) return FirstLine::names;
  if (here == 0 && std::ranges::all_of(names, is_numbered)) return FirstLine::data_of_model;
  return std::nullopt;
}

}  // namespace

FirstLine first_line(const std::vector<Field>& first, const std::vector<Field>& second,
                     const KnownNames& known) {
  if (const auto decided = by_model(first, known.all)) return *decided;
  const bool is_named = !known.name.empty() && holds_name(first, known.name);
  const bool is_likely_name = !is_number(known.name) || is_year(known.name);
  if (is_named && (is_likely_name || is_text_above_number(first, second))) return FirstLine::names;
  const auto numbers = numbers_in_line(first);
  if (!is_number_above_number(second, numbers)) return FirstLine::names;
  return count_up(first, numbers) ? FirstLine::counting_names : FirstLine::data;
}

void name_columns(RawTable& raw, const std::vector<Field>& header, FirstLine kind, const KnownNames& known) {
  std::size_t unnamed = 0;
  for (std::size_t c = 0; c < header.size(); ++c) {
    auto name = header[c].cell();
    if (name.empty()) {
      name = fmt::format("c{}", c + 1);
      ++unnamed;
    }
    raw.names.push_back(std::move(name));
  }
  if (unnamed > 0)
    raw.findings.push_back(
        {Finding::Level::warning, "",
         fmt::format("{} of the header's names {} empty and became c and the column's number", unnamed,
                     unnamed == 1 ? "is" : "are")});
  if (kind == FirstLine::counting_names)
    raw.findings.push_back(
        {is_number(known.name) ? Finding::Level::warning : Finding::Level::info, "",
         "the numbers of the first line count up, so they were read as the names of the columns; if they are "
         "data, write a line of names above them"});
}

void number_columns(RawTable& raw, std::size_t count, FirstLine kind) {
  for (std::size_t c = 0; c < count; ++c) raw.names.push_back(fmt::format("c{}", c + 1));
  raw.findings.push_back({Finding::Level::warning, "",
                          fmt::format("{}, so it was read as data and the columns were named c1 to c{}",
                                      kind == FirstLine::data_of_model
                                          ? "the first line holds none of the names of the model's columns"
                                          : "the first line holds numbers as the second does",
                                      count)});
}

void take_names(RawTable& raw, const StackedHeader& header) {
  raw.names = header.names;
  raw.findings.push_back(
      {Finding::Level::info, "",
       fmt::format("the names of columns stand in {} lines, as pandas writes them, and were "
                   "joined: \"{}\"",
                   header.records, raw.names.back())});
}

void check_names_differ(const RawTable& raw, std::size_t line, std::string_view source) {
  std::unordered_map<std::string_view, std::size_t> first;
  for (std::size_t c = 0; c < raw.names.size(); ++c) {
    const auto [at, is_new] = first.emplace(raw.names[c], c);
    if (!is_new)
      throw InputError(
          fmt::format("{}:{}: columns {} and {} are both named \"{}\"; give each its own name, or "
                      "write a line of names above the rows if there is none",
                      source, line, at->second + 1, c + 1, raw.names[c]));
  }
}

}  // namespace qupel
