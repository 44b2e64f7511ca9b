#include "qupel/problem/tabular/target.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include "qupel/base/code_points.h"
#include "qupel/base/error.h"
#include "qupel/problem/tabular/cell.h"
#include "qupel/problem/tabular/class_labels.h"
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

/// Statistics take fourth powers of errors, which no number holds where the target's are larger, or differ by
/// less.
void require_usual_size(std::string_view name, const std::vector<double>& values, std::string_view source) {
  constexpr double most = 1e75;
  double low = most, high = -most;
  for (const double v : values) {
    if (std::abs(v) > most)
      throw InputError(fmt::format(
          "{}: target \"{}\" holds {}: beyond {} errors cannot be squared; write it in another unit", source,
          name, v, most));
    if (!std::isnan(v)) low = std::min(low, v), high = std::max(high, v);
  }
  if (high - low < 1 / most)
    throw InputError(
        fmt::format("{}: the numbers of target \"{}\" differ by {} at most, the squares of which are 0; "
                    "write it in another unit",
                    source, name, high - low));
}

Target quantity(std::string_view name, const NumberColumn& numbers, const Distinct& seen,
                std::string_view source, TableTask task) {
  if (seen.count < 2)
    throw InputError(
        fmt::format("{}: target \"{}\" holds one number only, so there is nothing to predict; choose another "
                    "column",
                    source, name));
  require_usual_size(name, numbers.values, source);
  Target target;
  target.numbers = numbers.values;
  if (task == TableTask::regression && are_classes(numbers, seen))
    target.warnings.push_back(fmt::format("its {} numbers are predicted as numbers, as asked", seen.count));
  return target;
}

Target number_classes(std::string_view name, const std::vector<std::string>& cells,
                      const NumberColumn& numbers, const Distinct& seen, std::string_view source,
                      TableTask task) {
  if (seen.count > max_classes)
    throw InputError(fmt::format(
        "{}: target \"{}\" holds {} different numbers in {} rows; at most {} classes are supported, "
        "so predict it as a number (--task regression, or task = \"regression\" under [data])",
        source, name, seen.count, numbers.numbers, max_classes));
  std::vector<std::optional<NumberLabel>> keys;
  std::vector<std::string> names;
  for (std::size_t row = 0; row < cells.size(); ++row) {
    const double v = numbers.values[row] == 0 ? 0.0 : numbers.values[row];  // no -0
    keys.push_back(std::isnan(v) ? std::nullopt : std::optional(NumberLabel{v, sign_place(cells[row])}));
    names.push_back(class_name(cells[row], v, numbers));
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
  if (auto merged = merged_labels_warning(cells, target.labels, numbers.format); !merged.empty())
    target.warnings.push_back(std::move(merged));
  return target;
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

/// Names the first cell that keeps the column from being one of numbers in the unit.
[[noreturn]] void refuse_text(std::string_view name, const std::vector<std::string>& cells,
                              const std::vector<std::size_t>& lines, std::string_view unit,
                              std::string_view source, std::string_view way_out = "") {
  for (std::size_t i = 0; i < cells.size(); ++i)
    if (!stands_for_missing(cells[i]) && unit_of_number(cells[i]) != unit)
      throw InputError(
          fmt::format("{}:{}: target \"{}\" holds \"{}\", which is no number{}; a regression needs "
                      "numbers in every row (empty ones are left out){}",
                      source, lines[i], name, shortened(cells[i], 40),
                      unit.empty() ? "" : fmt::format(" in {}", unit), way_out));
  throw InputError(fmt::format("{}: target \"{}\" mixes ways of writing numbers; write all alike{}", source,
                               name, way_out));
}

/// Labels that are mostly numbers, but not all.
void tell_other_labels(const NumbersAmongLabels& numbers, const std::vector<std::size_t>& lines,
                       Target& target) {
  std::vector<std::string> others;
  for (std::size_t k = 0; k < target.classes.size(); ++k) {
    if (unit_of_number(target.classes[k]) == numbers.unit) continue;
    const auto first = std::ranges::find(target.labels, static_cast<int>(k)) - target.labels.begin();
    others.push_back(
        fmt::format("{} (line {})", in_quotes(target.classes[k]), lines[static_cast<std::size_t>(first)]));
  }
  if (!others.empty())
    target.warnings.push_back(fmt::format(
        "{} of {} labels are numbers, but these are not, so all are taken as classes: {}; where they mark "
        "missing labels, empty the cells",
        numbers.rows, target.labels.size(), listed(others)));
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

/// Numbers with a slip or two are no classes. @throws InputError naming the first slip
void refuse_slips(std::string_view name, const std::vector<std::string>& cells,
                  const std::vector<std::size_t>& lines, std::string_view source,
                  const NumbersAmongLabels& numbers, std::size_t classes, std::size_t labelled) {
  constexpr std::size_t few = 10;  // grades, for example
  if (classes > max_classes && 2 * numbers.rows > labelled)
    refuse_text(name, cells, lines, numbers.unit, source);
  if (numbers.all && numbers.different > few && 10 * numbers.rows >= 9 * labelled)
    refuse_text(name, cells, lines, numbers.unit, source,
                "; if the labels are classes, say so with --task classification (or task = "
                "\"classification\" under [data])");
}

Target text_target(std::string_view name, const std::vector<std::string>& cells,
                   const std::vector<std::size_t>& lines, std::string_view source, TableTask task) {
  std::vector<std::optional<std::string_view>> keys;
  for (const auto& cell : cells)
    keys.push_back(cell.empty() ? std::nullopt : std::optional<std::string_view>(cell));
  auto target = classes_of(keys, cells);
  const auto numbers = numbers_among(target.classes, target.labels);
  const auto labelled = cells.size() - static_cast<std::size_t>(std::ranges::count(target.labels, -1));
  if (task == TableTask::regression) refuse_text(name, cells, lines, numbers.unit, source);
  if (task == TableTask::automatic)
    refuse_slips(name, cells, lines, source, numbers, target.classes.size(), labelled);
  if (target.classes.size() > max_classes)
    throw InputError(fmt::format(
        "{}: target \"{}\" holds {} different labels in {} rows; at most {} classes are supported, "
        "so choose another column or merge labels",
        source, name, target.classes.size(), cells.size(), max_classes));
  if (numbers.all && 2 * numbers.rows > labelled) tell_other_labels(numbers, lines, target);
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
    auto target = classes ? number_classes(name, cells, *numbers, seen, source, task)
                          : quantity(name, *numbers, seen, source, task);
    tell_marks_among_numbers(cells, lines, target);
    target.format = format_findings(*numbers, name);
    return target;
  }
  if (task != TableTask::regression)
    if (auto target = boolean_target(cells)) return *target;
  return text_target(name, cells, lines, source, codes ? TableTask::classification : task);
}

}  // namespace qupel
