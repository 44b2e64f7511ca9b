#include "qupel/problem/tabular/target.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "qupel/base/code_points.h"
#include "qupel/base/error.h"
#include "qupel/problem/tabular/cell.h"
#include "qupel/problem/tabular/missing_marks.h"
#include "qupel/problem/tabular/number_column.h"
#include "qupel/problem/tabular/number_wording.h"
#include "qupel/problem/tabular/tabular.h"
#include "qupel/problem/wording.h"

namespace qupel {
namespace {

/// Rows by a key that sorts as the classes shall.
template <typename Key>
Target classes_of(const std::vector<std::optional<Key>>& keys, const std::vector<std::string>& names) {
  std::map<Key, int> code;
  std::map<Key, std::string> name;
  for (std::size_t row = 0; row < keys.size(); ++row)
    if (keys[row]) name.emplace(*keys[row], names[row]);
  Target target;
  for (const auto& [key, text] : name) {
    code.emplace(key, static_cast<int>(target.classes.size()));
    target.classes.push_back(text);
  }
  for (const auto& key : keys) target.labels.push_back(key ? code.at(*key) : -1);
  return target;
}

/// How many different numbers there are, and whether all are whole.
struct Distinct {
  std::size_t count = 0;
  bool whole = true;
};

Distinct distinct(const NumberColumn& numbers) {
  std::vector<double> values;
  for (const double v : numbers.values)
    if (!std::isnan(v)) values.push_back(v);
  const bool whole = std::ranges::all_of(values, [](double v) { return v == std::floor(v); });
  std::ranges::sort(values);
  return {static_cast<std::size_t>(std::unique(values.begin(), values.end()) - values.begin()), whole};
}

/// Fewer rows than a table needs say nothing; they are refused for that.
bool are_classes(const NumberColumn& numbers, const Distinct& seen) {
  constexpr std::size_t few_fractions = 20;
  return numbers.numbers < min_rows ||
         (seen.count <= (seen.whole ? max_classes : few_fractions) && 2 * seen.count <= numbers.numbers);
}

Target quantity(std::string_view name, const NumberColumn& numbers, const Distinct& seen,
                std::string_view source, TableTask task) {
  if (seen.count < 2)
    throw InputError(
        fmt::format("{}: target \"{}\" holds one number only, so there is nothing to predict; choose another "
                    "column",
                    source, name));
  Target target;
  target.numbers = numbers.values;
  if (task == TableTask::regression && are_classes(numbers, seen))
    target.warnings.push_back(fmt::format("its {} numbers are predicted as numbers, as asked", seen.count));
  return target;
}

Target number_classes(std::string_view name, const NumberColumn& numbers, const Distinct& seen,
                      std::string_view source, TableTask task) {
  if (seen.count > max_classes)
    throw InputError(fmt::format(
        "{}: target \"{}\" holds {} different numbers in {} rows; at most {} classes are supported, "
        "so predict it as a number (--task regression, or task = \"regression\" under [data])",
        source, name, seen.count, numbers.numbers, max_classes));
  std::vector<std::optional<double>> keys;
  std::vector<std::string> names;
  for (const double v : numbers.values) {
    keys.push_back(std::isnan(v) ? std::nullopt : std::optional(v == 0 ? 0.0 : v));
    names.push_back(fmt::format("{}", v == 0 ? 0.0 : v));
  }
  constexpr std::size_t few = 10;  // digits, for example
  auto target = classes_of(keys, names);
  if (task == TableTask::classification && !are_classes(numbers, seen))
    target.warnings.push_back(
        fmt::format("its {} numbers are taken as classes, as asked", target.classes.size()));
  else if (task == TableTask::automatic && (target.classes.size() > few || !seen.whole))
    target.warnings.push_back(fmt::format(
        "its {} numbers are few and repeat, so they are taken as classes, without their order; --task "
        "regression (or task = \"regression\" under [data]) predicts them as numbers",
        target.classes.size()));
  return target;
}

/// Equal numbers whose spelling differs by more than a point and zeros after it, as codes do: 007 and 7, 1E2
/// and 100.
void tell_merged_codes(const std::vector<std::string>& cells, const NumberColumn& numbers, Target& target) {
  const auto is_code = [](std::string_view cell) {
    const bool leading_zero = cell.size() > 1 && cell[0] == '0' && cell[1] >= '0' && cell[1] <= '9';
    return leading_zero || cell.find_first_of("eEdD") != cell.npos;
  };
  std::map<double, std::set<std::string>> spellings;
  for (std::size_t row = 0; row < cells.size(); ++row)
    if (!std::isnan(numbers.values[row])) spellings[numbers.values[row]].insert(cells[row]);
  std::vector<std::string> merged;
  for (const auto& [value, written] : spellings)
    if (written.size() > 1 && std::ranges::any_of(written, is_code))
      merged.push_back(fmt::format("\"{}\"", fmt::join(written, "\" = \"")));
  if (!merged.empty())
    target.warnings.push_back(fmt::format(
        "labels that are equal as numbers are one class: {}; if they are codes, put a letter before them",
        listed(merged, "; ")));
}

/// The classes false and true.
std::optional<Target> boolean_target(const std::vector<std::string>& cells) {
  if (!are_of_one_language(cells)) return std::nullopt;
  std::vector<std::optional<bool>> keys;
  for (const auto& cell : cells) {
    keys.push_back(parse_boolean(cell));
    if (!keys.back() && !cell.empty()) return std::nullopt;
  }
  return classes_of(keys, cells);
}

/// Truths in several spellings, such as TRUE and 1, are different classes.
void tell_mixed_truths(Target& target) {
  const auto is_truth = [](const std::string& label) {
    return label == "0" || label == "1" || parse_boolean(label);
  };
  if (target.classes.size() > 2 && std::ranges::all_of(target.classes, is_truth))
    target.warnings.push_back(
        fmt::format("its labels are truths in several spellings ({}), which are different "
                    "classes; write alike what is the same",
                    fmt::join(target.classes, ", ")));
}

bool stands_for_missing(std::string_view cell) { return is_missing(cell) || may_be_missing(cell); }

bool is_number(const std::string& cell, std::size_t line, NumberMarks marks, std::string_view name,
               std::string_view source) {
  return !stands_for_missing(cell) &&
         read_numbers({cell}, {line}, marks, Strays::none, name, source).has_value();
}

/// Names the first cell that keeps the column from being one of numbers.
[[noreturn]] void refuse_text(std::string_view name, const std::vector<std::string>& cells,
                              const std::vector<std::size_t>& lines, NumberMarks marks,
                              std::string_view source) {
  for (std::size_t i = 0; i < cells.size(); ++i)
    if (!stands_for_missing(cells[i]) && !is_number(cells[i], lines[i], marks, name, source))
      throw InputError(
          fmt::format("{}:{}: target \"{}\" holds \"{}\", which is no number; a regression needs "
                      "numbers in every row (empty ones are left out)",
                      source, lines[i], name, shortened(cells[i], 40)));
  throw InputError(
      fmt::format("{}: target \"{}\" mixes ways of writing numbers; write all alike", source, name));
}

/// Whether most cells are numbers: then the others are likely slips.
bool mostly_numbers(const std::vector<std::string>& cells, const std::vector<std::size_t>& lines,
                    NumberMarks marks, std::string_view name, std::string_view source) {
  std::size_t numbers = 0;
  for (std::size_t i = 0; i < cells.size(); ++i)
    if (is_number(cells[i], lines[i], marks, name, source)) ++numbers;
  return 2 * numbers > cells.size();
}

/// A class whose label may stand for a missing one.
void tell_marks_among_classes(Target& target) {
  std::vector<std::string> marks;
  for (std::size_t k = 0; k < target.classes.size(); ++k)
    if (stands_for_missing(target.classes[k]))
      marks.push_back(fmt::format(
          "\"{}\" ({})", target.classes[k],
          counted(static_cast<std::size_t>(std::ranges::count(target.labels, static_cast<int>(k))), "row")));
  if (!marks.empty())
    target.warnings.push_back(
        fmt::format("{} {} taken as {}; where that marks a missing label, empty the cells", listed(marks),
                    marks.size() == 1 ? "is" : "are", marks.size() == 1 ? "a class" : "classes"));
}

Target text_target(std::string_view name, const std::vector<std::string>& cells,
                   const std::vector<std::size_t>& lines, NumberMarks marks, std::string_view source,
                   TableTask task) {
  std::vector<std::optional<std::string_view>> keys;
  for (const auto& cell : cells)
    keys.push_back(cell.empty() ? std::nullopt : std::optional<std::string_view>(cell));
  auto target = classes_of(keys, cells);
  if (target.classes.size() > max_classes && task == TableTask::automatic &&
      mostly_numbers(cells, lines, marks, name, source))
    refuse_text(name, cells, lines, marks, source);
  if (target.classes.size() > max_classes)
    throw InputError(fmt::format(
        "{}: target \"{}\" holds {} different labels in {} rows; at most {} classes are supported, "
        "so choose another column or merge labels",
        source, name, target.classes.size(), cells.size(), max_classes));
  tell_marks_among_classes(target);
  tell_mixed_truths(target);
  return target;
}

/// Texts beside numbers that count as missing.
void tell_marks_among_numbers(const std::vector<std::string>& cells, const std::vector<std::size_t>& lines,
                              Target& target) {
  std::vector<std::size_t> marks;
  for (std::size_t row = 0; row < cells.size(); ++row)
    if (!cells[row].empty() && stands_for_missing(cells[row])) marks.push_back(row);
  if (!marks.empty())
    target.warnings.push_back(unread_words(cells, lines, marks, "number") +
                              "; if that is a class, give it another name");
}

}  // namespace

Target read_target(std::string_view name, const std::vector<std::string>& cells,
                   const std::vector<std::size_t>& lines, NumberMarks marks, std::string_view source,
                   TableTask task) {
  const auto numbers = read_numbers(cells, lines, marks, Strays::none, name, source);
  const bool codes = numbers && task != TableTask::regression && holds_rounded_numbers(cells, *numbers);
  if (numbers && !codes) {
    const auto seen = distinct(*numbers);
    const bool classes =
        task == TableTask::automatic ? are_classes(*numbers, seen) : task == TableTask::classification;
    auto target = classes ? number_classes(name, *numbers, seen, source, task)
                          : quantity(name, *numbers, seen, source, task);
    tell_marks_among_numbers(cells, lines, target);
    target.format = format_findings(*numbers, name);
    if (!target.classes.empty()) tell_merged_codes(cells, *numbers, target);
    return target;
  }
  if (task == TableTask::regression) refuse_text(name, cells, lines, marks, source);
  if (auto target = boolean_target(cells)) return *target;
  return text_target(name, cells, lines, marks, source, codes ? TableTask::classification : task);
}

}  // namespace qupel
