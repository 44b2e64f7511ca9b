#include "qupel/cli/run_comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

namespace qupel::cli {
namespace {

using json = nlohmann::ordered_json;
constexpr int schema_version = 1;

/// Every `key = value` of a canonical study file, the key with its table's name.
std::map<std::string, std::string> choices_of(const std::string& toml) {
  std::map<std::string, std::string> choices;
  std::string table, prefix;
  std::istringstream in(toml);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("[")) {
      const auto name =
          line.substr(line.find_first_not_of('['), line.find(']') - line.find_first_not_of('['));
      prefix = name + ".";
      if (name == "contender") table.clear();
      if (!table.empty() && name.starts_with("contender.")) prefix = table + name.substr(9) + ".";
      continue;
    }
    const auto equals = line.find(" = ");
    if (equals == std::string::npos) continue;
    const auto key = line.substr(0, equals), value = line.substr(equals + 3);
    if (prefix == "contender." && key == "name") {
      table = "contender " + value;
      prefix = table + ".";
      choices[table] = "present";
    } else {
      choices[prefix + key] = value;
    }
  }
  return choices;
}

std::vector<RunComparison::Choice> differing(const std::map<std::string, std::string>& a,
                                             const std::map<std::string, std::string>& b) {
  std::vector<RunComparison::Choice> all;
  for (const auto& [key, value] : a) all.push_back({key, value, b.contains(key) ? b.at(key) : ""});
  for (const auto& [key, value] : b)
    if (!a.contains(key)) all.push_back({key, "", value});
  std::erase_if(all, [](const auto& choice) { return choice.a == choice.b; });
  return all;
}

std::map<std::string, std::string> asked(const RunInfo& run, const StudyResult& result) {
  auto choices = choices_of(result.study_toml);
  choices["code version"] = run.version;
  choices["data"] = run.data_hash;
  return choices;
}

std::optional<double> score_of(const StudyResult& result, const std::string& contender) {
  for (const auto& each : result.contenders) {
    const auto metric = each.metrics.find(result.metric);
    if (each.name == contender && metric != each.metrics.end()) return metric->second.mean;
  }
  return std::nullopt;
}

std::string shown(const std::optional<double>& score) { return score ? fmt::format("{:.4f}", *score) : "-"; }
json shown_json(const std::optional<double>& score) { return score ? json(*score) : json(nullptr); }

json as_json(const RunInfo& run) {
  json object{{"id", run.id},
              {"run", run.directory.string()},
              {"name", run.name},
              {"study_hash", run.study_hash},
              {"data_hash", run.data_hash},
              {"source", run.source},
              {"version", run.version},
              {"started", run.started},
              {"finished", run.finished},
              {"trials_done", run.trials_done},
              {"trials_total", run.trials_total},
              {"verdict", run.verdict},
              {"results_hash", run.results_hash},
              {"problem", run.problem}};
  if (!run.members.empty()) object["members"] = run.members;
  return object;
}

std::string dump(const json& object) {
  return object.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace

RunComparison compare_runs(const RunInfo& a, const StudyResult& result_a, const RunInfo& b,
                           const StudyResult& result_b) {
  RunComparison made;
  made.run_a = a.id;
  made.run_b = b.id;
  made.verdict_a = a.verdict;
  made.verdict_b = b.verdict;
  made.metric_a = result_a.metric;
  made.metric_b = result_b.metric;
  made.same_results = a.results_hash == b.results_hash;
  made.choices = differing(asked(a, result_a), asked(b, result_b));
  std::vector<std::string> names;
  for (const auto* result : {&result_a, &result_b})
    for (const auto& each : result->contenders)
      if (std::find(names.begin(), names.end(), each.name) == names.end()) names.push_back(each.name);
  for (const auto& name : names)
    made.scores.push_back({name, score_of(result_a, name), score_of(result_b, name)});
  return made;
}

std::string to_text(const RunComparison& x) {
  std::string out = fmt::format("a  {}: {}\nb  {}: {}\n{}\n", x.run_a, x.verdict_a, x.run_b, x.verdict_b,
                                x.same_results ? "all trials are the same bit for bit" : "the trials differ");
  if (!x.choices.empty()) out += "\nasked differently:\n";
  for (const auto& choice : x.choices)
    out += fmt::format("  {}: {} -> {}\n", choice.key, choice.a.empty() ? "-" : choice.a,
                       choice.b.empty() ? "-" : choice.b);
  out += fmt::format("\n{:<32} {:>18} {:>18} {:>10}\n", "contender", "a " + x.metric_a, "b " + x.metric_b,
                     "b - a");
  for (const auto& score : x.scores)
    out += fmt::format(
        "{:<32} {:>18} {:>18} {:>10}\n", score.contender, shown(score.a), shown(score.b),
        score.a && score.b && x.metric_a == x.metric_b ? fmt::format("{:+.4f}", *score.b - *score.a) : "-");
  return out;
}

std::string to_json(const RunComparison& x) {
  json choices = json::array(), scores = json::array();
  for (const auto& choice : x.choices)
    choices.push_back({{"key", choice.key}, {"a", choice.a}, {"b", choice.b}});
  for (const auto& score : x.scores)
    scores.push_back(
        {{"contender", score.contender}, {"a", shown_json(score.a)}, {"b", shown_json(score.b)}});
  return dump({{"schema_version", schema_version},
               {"a", {{"id", x.run_a}, {"verdict", x.verdict_a}, {"metric", x.metric_a}}},
               {"b", {{"id", x.run_b}, {"verdict", x.verdict_b}, {"metric", x.metric_b}}},
               {"same_results", x.same_results},
               {"choices", std::move(choices)},
               {"scores", std::move(scores)}});
}

std::string runs_json(const std::string& root, const std::vector<RunInfo>& runs) {
  json all = json::array();
  for (const auto& run : runs) all.push_back(as_json(run));
  return dump({{"schema_version", schema_version}, {"root", root}, {"runs", std::move(all)}});
}

std::string run_json(const RunInfo& run, const std::string& summary) {
  return dump({{"schema_version", schema_version},
               {"run", as_json(run)},
               {"result", summary.empty() ? json(nullptr) : json::parse(summary)}});
}

}  // namespace qupel::cli
