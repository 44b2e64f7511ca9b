#include "qupel/report/answer_words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "qupel/report/html.h"
#include "qupel/report/selection.h"

namespace qupel::report {
namespace {

using nlohmann::ordered_json;

std::string plain(const ordered_json& value) {
  return value.is_string() ? value.get<std::string>()
                           : value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

std::vector<std::string> variables_not_0(const ordered_json& values) {
  std::vector<std::string> words;
  for (const auto& [name, value] : values.items()) {
    if (value == 0) continue;
    words.push_back(value == 1 ? name : fmt::format("{} = {}", name, plain(value)));
  }
  return words;
}

std::vector<std::string> in_order(const ordered_json& list) {
  std::vector<std::string> words;
  for (const auto& entry : list)
    words.push_back(entry.is_array() ? fmt::format("{}", fmt::join(in_order(entry), ", ")) : plain(entry));
  return words;
}

std::string words_of(const ordered_json& solution) {
  constexpr std::size_t shown = 60;
  if (!solution.is_structured()) return "none";
  auto words = solution.is_object() ? variables_not_0(solution) : in_order(solution);
  if (words.empty()) return "all 0";
  const bool routes = solution.is_array() && solution.front().is_array();
  const auto more = words.size() - std::min(shown, words.size());
  words.resize(words.size() - more);
  auto text = fmt::format("{}", fmt::join(words, routes ? " | " : ", "));
  return more > 0 ? fmt::format("{} and {} more", text, more) : text;
}

/// How many instances the decision has; 0: it is none.
std::size_t instances_of(const StudyResult& result) {
  const auto problem = ordered_json::parse(result.problem_description, nullptr, false);
  return problem.is_object() && problem.contains("sense") ? problem.value("instances", std::size_t{1}) : 0;
}

}  // namespace

std::string answer_words(std::string_view solution) {
  return words_of(ordered_json::parse(solution, nullptr, false));
}

std::string answers_table(const StudyResult& result) {
  const auto instances = instances_of(result);
  if (instances == 0) return "";
  std::vector<std::vector<std::string>> rows;
  for (const auto* c : by_score(result)) {
    auto solution = ordered_json::parse(c->solution, nullptr, false);
    if (instances > 1) solution = solution.is_array() && !solution.empty() ? solution.back() : ordered_json();
    rows.push_back({escaped(c->name), escaped(words_of(solution))});
  }
  return table(instances > 1 ? "best answer to the last instance" : "best answer",
               {"contender", instances > 1 ? "best answer to the last instance" : "best answer"}, rows);
}

}  // namespace qupel::report
