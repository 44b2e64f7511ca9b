#include "qupel/problem/tabular/target.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "qupel/base/error.h"
#include "qupel/problem/tabular/cell.h"
#include "qupel/problem/tabular/number_column.h"
#include "qupel/problem/tabular/tabular.h"

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

/// Numbers are classes if they are few and repeat: at most max_classes whole numbers or 20 others, each on
/// two rows or more on average. (Fewer rows than a table needs say nothing; they are refused for that.)
void refuse_continuous(const NumberColumn& numbers, std::string_view name, std::string_view source) {
  constexpr std::size_t few_fractions = 20;
  std::vector<double> values;
  for (const double v : numbers.values)
    if (!std::isnan(v)) values.push_back(v);
  const bool whole = std::ranges::all_of(values, [](double v) { return v == std::floor(v); });
  std::ranges::sort(values);
  const auto distinct = static_cast<std::size_t>(std::unique(values.begin(), values.end()) - values.begin());
  if (numbers.numbers < min_rows) return;
  if (distinct <= (whole ? max_classes : few_fractions) && 2 * distinct <= numbers.numbers) return;
  throw InputError(fmt::format(
      "{}: target \"{}\" holds {} different numbers in {} rows, so it is continuous; regression is "
      "not supported yet: choose a column of classes, or cut this one into ranges first",
      source, name, distinct, numbers.numbers));
}

Target number_target(const NumberColumn& numbers) {
  std::vector<std::optional<double>> keys;
  std::vector<std::string> names;
  for (const double v : numbers.values) {
    keys.push_back(std::isnan(v) ? std::nullopt : std::optional(v == 0 ? 0.0 : v));
    names.push_back(fmt::format("{}", v == 0 ? 0.0 : v));
  }
  constexpr std::size_t few = 10;  // digits, for example
  auto target = classes_of(keys, names);
  target.ordered = target.classes.size() > few ||
                   std::ranges::any_of(keys, [](const auto& v) { return v && *v != std::floor(*v); });
  return target;
}

std::optional<Target> boolean_target(const std::vector<std::string>& cells) {
  std::vector<std::optional<bool>> keys;
  for (const auto& cell : cells) {
    keys.push_back(is_missing(cell) ? std::nullopt : parse_boolean(cell));
    if (!keys.back() && !is_missing(cell)) return std::nullopt;
  }
  return classes_of(keys, cells);
}

Target text_target(std::string_view name, const std::vector<std::string>& cells, std::string_view source) {
  std::vector<std::optional<std::string_view>> keys;
  for (const auto& cell : cells)
    keys.push_back(is_missing(cell) ? std::nullopt : std::optional<std::string_view>(cell));
  auto target = classes_of(keys, cells);
  if (target.classes.size() > max_classes)
    throw InputError(fmt::format(
        "{}: target \"{}\" holds {} different labels in {} rows; at most {} classes are supported, "
        "so choose another column or merge labels",
        source, name, target.classes.size(), cells.size(), max_classes));
  return target;
}

}  // namespace

Target read_target(std::string_view name, const std::vector<std::string>& cells,
                   const std::vector<std::size_t>& lines, char delimiter, std::string_view source) {
  if (const auto numbers = read_numbers(cells, lines, delimiter, 0, name, source)) {
    refuse_continuous(*numbers, name, source);
    return number_target(*numbers);
  }
  if (auto target = boolean_target(cells)) return *target;
  return text_target(name, cells, source);
}

}  // namespace qupel
