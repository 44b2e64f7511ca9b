#include "qupel/problem/tabular/class_labels.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "qupel/problem/tabular/cell.h"
#include "qupel/problem/wording.h"

namespace qupel {
namespace {

/// Without what may differ between spellings of one label: a plus sign, marks between groups, and zeros alone
/// behind the decimal mark.
std::string essential(std::string_view label, NumberFormat format) {
  if (label.starts_with('+')) label.remove_prefix(1);
  const auto point = label.find(format.decimal);
  if (point != label.npos && label.find_first_not_of('0', point + 1) == label.npos)
    label = label.substr(0, point);
  std::string text(label);
  if (format.thousands != 0) std::erase(text, format.thousands);
  return text;
}

}  // namespace

std::string class_name(const std::string& cell, double value, const NumberColumn& numbers) {
  const bool plain = numbers.unit.empty() && !may_be_spelled_otherwise(cell);
  return plain ? fmt::format("{}", value) : cell;
}

std::string merged_labels_warning(const std::vector<std::string>& cells, const std::vector<int>& labels,
                                  NumberFormat format) {
  std::map<int, std::set<std::string>> spellings;
  for (std::size_t row = 0; row < cells.size(); ++row)
    if (labels[row] >= 0) spellings[labels[row]].insert(cells[row]);
  std::vector<std::string> merged;
  for (const auto& [label, written] : spellings) {
    const auto first = essential(*written.begin(), format);
    if (std::ranges::any_of(written, [&](const auto& each) { return essential(each, format) != first; }))
      merged.push_back(fmt::format("\"{}\"", fmt::join(written, "\" = \"")));
  }
  if (merged.empty()) return "";
  return fmt::format(
      "labels that are equal as numbers are one class: {}; if they are codes, put a letter before them",
      listed(merged, "; "));
}

NumbersAmongLabels numbers_among(const std::vector<std::string>& classes, const std::vector<int>& labels) {
  std::vector<std::size_t> rows(classes.size(), 0);
  for (const int label : labels)
    if (label >= 0) ++rows[static_cast<std::size_t>(label)];
  std::map<std::string, NumbersAmongLabels> by_unit;
  for (std::size_t k = 0; k < classes.size(); ++k) {
    const auto unit = unit_of_number(classes[k]);
    if (!unit) continue;
    auto& numbers = by_unit[*unit];
    numbers.unit = *unit;
    numbers.rows += rows[k];
    ++numbers.different;
  }
  NumbersAmongLabels most;
  for (const auto& [unit, numbers] : by_unit)
    if (numbers.rows > most.rows) most = numbers;
  most.all = by_unit.size() == 1;
  return most;
}

}  // namespace qupel
