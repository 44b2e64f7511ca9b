#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include <algorithm>

#include "qupel/report/format.h"
#include "qupel/report/html.h"
#include "qupel/report/sections.h"
#include "qupel/report/selection.h"

namespace qupel::report {
namespace {

std::string summary(const StudyResult& result) {
  if (!result.problem_summary.empty())
    return fmt::format("<b>{}</b>: {}. Asked for: <b>{}</b>.", escaped(result.source),
                       escaped(result.problem_summary), escaped(result.target));
  const auto columns =
      result.columns > 0 ? plural(static_cast<double>(result.columns), "column") + " of " : std::string();
  return fmt::format("{}<b>{}</b>, {} read, {} used. Target <b>{}</b>.", columns, escaped(result.source),
                     plural(static_cast<double>(result.rows_read), "row"),
                     count(static_cast<double>(result.rows)), escaped(result.target));
}

std::string classes(const StudyResult& result) {
  std::vector<std::vector<std::string>> rows;
  for (std::size_t c = 0; c < result.classes.size() && c < result.class_counts.size(); ++c) {
    const auto rows_of_class = static_cast<double>(result.class_counts[c]);
    const double share = result.rows > 0 ? rows_of_class / static_cast<double>(result.rows) : 0;
    rows.push_back(
        {escaped(result.classes[c]), count(rows_of_class),
         fmt::format("<span class=\"bar\" style=\"--share:{:.3f}\"></span>{}", share, percent(share))});
  }
  return rows.empty() ? ""
                      : table("classes of the target", {"class", "rows", "share"}, rows, "numbers narrow");
}

std::string numbers(const StudyResult& result) {
  const auto range = range_of_target(result);
  if (!range) return "";
  return table(
      "numbers of the target", {"smallest", "largest", "mean", "standard deviation"},
      {{number(range->smallest), number(range->largest), number(range->mean), number(range->deviation)}},
      "numbers narrow");
}

/// The target first, then what concerns the whole table, then columns; warnings before notes.
std::vector<const Finding*> in_order(const StudyResult& result) {
  std::vector<const Finding*> sorted;
  for (const auto& finding : result.findings) sorted.push_back(&finding);
  const auto rank = [&](const Finding* finding) {
    const int where = finding->column == result.target ? 0 : finding->column.empty() ? 1 : 2;
    return std::pair(finding->level == Finding::Level::warning ? 0 : 1, where);
  };
  std::stable_sort(sorted.begin(), sorted.end(), [&](auto* a, auto* b) { return rank(a) < rank(b); });
  return sorted;
}

std::string findings(const StudyResult& result) {
  std::vector<std::vector<std::string>> rows;
  for (const auto* finding : in_order(result)) {
    const bool warning = finding->level == Finding::Level::warning;
    const auto remark = finding->column == result.target ? " " + muted("target") : "";
    rows.push_back({finding->column.empty() ? muted("the table") : escaped(finding->column) + remark,
                    warning ? "<span class=\"state warning\">warning</span>" : muted("noted"),
                    escaped(as_sentence(finding->message))});
  }
  if (rows.empty()) return "";
  return element("h3", "", "Found, and done about it") +
         table("findings in the table", {"column", "", "what"}, rows);
}

std::string columns(const StudyResult& result) {
  if (result.columns_seen.empty()) return "";
  std::vector<std::vector<std::string>> rows;
  for (const auto& column : result.columns_seen)
    rows.push_back({escaped(column.name), std::string(to_string(column.type)),
                    column.missing ? count(static_cast<double>(column.missing)) : muted("none"),
                    column.used ? "used" : muted("left out")});
  return folded(fmt::format("All {}", plural(static_cast<double>(rows.size()), "column")),
                table("columns of the table", {"column", "type", "missing cells", ""}, rows));
}

/// Contenders that the problem is too much for (their absence says nothing about their quality), and work
/// that an audit saved.
std::string left_out(const StudyResult& result) {
  std::string items;
  for (const auto& reason : result.left_out) items += element("li", "", escaped(reason));
  return items.empty() ? "" : element("h3", "", "Left out") + element("ul", "", items);
}

using Rows = std::vector<std::vector<std::string>>;

void add_rows(const nlohmann::ordered_json& value, const std::string& name, Rows& rows) {
  if (value.is_object()) {
    for (const auto& [key, inner] : value.items())
      add_rows(inner, name.empty() ? key : fmt::format("{}, {}", name, key), rows);
    return;
  }
  std::string text;
  for (const auto& entry : value.is_array() ? value : nlohmann::ordered_json::array({value}))
    text += (text.empty() ? "" : "; ") + (entry.is_string() ? entry.get<std::string>() : entry.dump());
  rows.push_back({escaped(name), escaped(text)});
}

/// What the problem says of itself (Problem::description), a row for each number or text.
std::string description(const StudyResult& result) {
  if (result.problem_description.empty()) return "";
  Rows rows;
  add_rows(nlohmann::ordered_json::parse(result.problem_description), "", rows);
  return element("h3", "", "The problem in numbers") + table("what the problem is", {"", ""}, rows);
}

}  // namespace

std::string data_section(const StudyResult& result) {
  return paragraph("lead", summary(result)) + classes(result) + numbers(result) + description(result) +
         findings(result) + left_out(result) + columns(result);
}

}  // namespace qupel::report
