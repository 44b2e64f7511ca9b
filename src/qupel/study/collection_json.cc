#include <nlohmann/json.hpp>

#include "qupel/study/collection.h"
#include "qupel/study/json_archive.h"

// A collection's result as JSON and back, and what programs read on standard output
// (cli/schema/collection.json describes it).
namespace qupel {

template <typename A>
void fields(A& archive, DataSetResult& x) {
  archive("name", x.name)("run", x.run)("study_hash", x.study_hash)("data_hash", x.data_hash)(
      "results_hash", x.results_hash)("rows", x.rows)("columns", x.columns)("classes", x.classes)(
      "verdict", x.verdict)("reason", x.reason)("refused", x.refused);
  archive.newer("metric", x.metric);
}
template <typename A>
void fields(A& archive, RankedContender& x) {
  archive("name", x.name)("contender", x.contender)("family", x.family)("inputs", x.inputs)(
      "scores", x.scores)("ranks", x.ranks)("mean_rank", x.mean_rank);
}
template <typename A>
void fields(A& archive, CollectionResult& x) {
  archive("run", x.run)("name", x.name)("study_toml", x.study_toml)("study_hash", x.study_hash)(
      "version", x.version)("seed", x.seed)("protocol", x.protocol)("metric", x.metric)("rope", x.rope);
  archive("data_sets", x.data_sets)("contenders", x.contenders)("chi2", x.chi2)("p_chi2", x.p_chi2)("f", x.f)(
      "p_f", x.p_f)("critical_difference", x.critical_difference)("groups", x.groups)("verdict", x.verdict)(
      "reason", x.reason)("results_hash", x.results_hash);
  archive.newer("comparisons", x.comparisons);
  archive.seconds("seconds", x.seconds);
}

namespace {

using ordered = nlohmann::ordered_json;  // a number that JSON lacks (infinity) becomes null
constexpr int collection_schema_version = 1;

ordered ranks(const CollectionResult& result) {
  ordered all = ordered::array();
  for (const auto* x : by_rank(result))
    all.push_back({{"contender", x->name},
                   {"family", to_string(x->family)},
                   {"mean_rank", x->mean_rank},
                   {"ranks", x->ranks},
                   {"scores", x->scores}});
  return all;
}

ordered pairs(const CollectionResult& result) {
  ordered all = ordered::array();
  for (const auto& x : result.comparisons) {
    all.push_back(comparison_summary<ordered>(x));
    all.back()["differences"] = x.differences;
  }
  return all;
}

ordered friedman_json(const CollectionResult& result) {
  return {{"chi2", result.chi2},
          {"p_chi2", result.p_chi2},
          {"f", result.f},
          {"p_f", result.p_f},
          {"critical_difference", result.critical_difference},
          {"groups", result.groups}};
}

}  // namespace

std::string to_json(const CollectionResult& result) { return written<nlohmann::json>(result, true); }
CollectionResult collection_result_from_json(std::string_view json) {
  auto result = read<nlohmann::json, CollectionResult>(json, "collection");
  for (auto& set : result.data_sets)
    if (set.metric.name.empty()) set.metric = metric_of_older_version(result.metric);
  return result;
}

std::string summary_json(const CollectionResult& result, const std::vector<StudyResult>& members,
                         std::optional<bool> replayed) {
  ordered object{{"schema_version", collection_schema_version},
                 {"run", result.run},
                 {"report", result.run + "/report.html"},
                 {"name", result.name},
                 {"study_hash", result.study_hash},
                 {"results_hash", result.results_hash},
                 {"version", result.version},
                 {"seed", result.seed}};
  if (replayed) object["replayed"] = *replayed;
  ordered sets = ordered::array();
  for (const auto& member : members) sets.push_back(ordered::parse(summary_json(member)));
  object.update({{"verdict", to_string(result.verdict)},
                 {"reason", result.reason},
                 {"metric", result.metric},
                 {"rope", result.rope},
                 {"protocol", result.protocol},
                 {"ranks", ranks(result)},
                 {"comparisons", pairs(result)},
                 {"friedman", friedman_json(result)},
                 {"data_sets", std::move(sets)},
                 {"seconds", result.seconds}});
  return object.dump(2, ' ', false, ordered::error_handler_t::replace);
}

}  // namespace qupel
