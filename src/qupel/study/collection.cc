#include "qupel/study/collection.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "qupel/base/error.h"
#include "qupel/base/hash.h"
#include "qupel/base/random.h"
#include "qupel/study/collection_verdict.h"
#include "qupel/study/runner.h"
#include "qupel/study/sample.h"

namespace qupel {
namespace {

void require_distinct(const CollectionSpec& spec, std::span<const std::unique_ptr<Problem>> problems) {
  std::map<std::string, std::string> names;
  for (std::size_t i = 0; i < problems.size(); ++i) {
    const auto name = data_set_name(spec.members[i]);
    const auto [seen, fresh] = names.emplace(problems[i]->facts().data_hash, name);
    if (!fresh)
      throw InputError(fmt::format("data sets \"{}\" and \"{}\" hold the same bytes; a data set counts once",
                                   seen->second, name));
    if (problems[i]->kind() != problems.front()->kind())
      throw InputError(fmt::format("data set \"{}\" is a {}, \"{}\" a {}; a collection compares one kind",
                                   data_set_name(spec.members.front()), problems.front()->kind(), name,
                                   problems[i]->kind()));
  }
}

DataSetResult describe(const StudySpec& spec, const StudyResult& member) {
  DataSetResult set;
  set.name = data_set_name(spec);
  set.run = std::filesystem::path(member.run).filename().string();
  set.study_hash = member.study_hash;
  set.data_hash = member.data_hash;
  set.results_hash = member.results_hash;
  set.rows = member.rows;
  set.columns = member.columns;
  set.classes = member.classes.size();
  set.metric = metric_of(member);
  set.verdict = member.verdict;
  set.reason = member.reason;
  std::ranges::copy_if(member.checks, std::back_inserter(set.refused),
                       [](const Check& check) { return check.severity == Check::Severity::refused; });
  return set;
}

double score_of(const StudyResult& member, std::size_t contender) {
  return member.contenders.at(contender).metrics.at(member.metric).mean;
}

/// Data sets x contenders: the mean of the study's metric, so that more is better.
Matrix<double> oriented_scores(const std::vector<StudyResult>& members) {
  Matrix<double> scores(members.size(), members.front().contenders.size());
  for (std::size_t set = 0; set < members.size(); ++set)
    for (std::size_t c = 0; c < scores.columns(); ++c)
      scores(set, c) = metric_of(members[set]).oriented(score_of(members[set], c));
  return scores;
}

void rank_contenders(const std::vector<StudyResult>& members, CollectionResult& result) {
  const auto scores = oriented_scores(members);
  const auto test = friedman(scores);
  for (std::size_t c = 0; c < scores.columns(); ++c) {
    const auto& known = members.front().contenders[c];
    result.contenders.push_back(
        {known.name, known.contender, known.family, known.inputs, {}, {}, test.mean_ranks[c]});
  }
  for (std::size_t set = 0; set < scores.rows(); ++set) {
    const auto ranks = score_ranks(scores.row(set));
    for (std::size_t c = 0; c < scores.columns(); ++c) {
      result.contenders[c].scores.push_back(score_of(members[set], c));
      result.contenders[c].ranks.push_back(ranks[c]);
    }
  }
  result.chi2 = test.chi2;
  result.p_chi2 = test.p_chi2;
  result.f = test.f;
  result.p_f = test.p_f;
  result.critical_difference = test.critical_difference;
}

/// The leads of a quantum contender over its rival, one a data set, in units of the metric's spread there;
/// empty if it was not compared on all.
std::vector<double> differences_of(const std::vector<StudyResult>& members, const std::string& contender) {
  std::vector<double> differences;
  for (const auto& member : members)
    for (const auto& c : member.comparisons)
      if (c.decides && c.contender == contender)
        differences.push_back(c.difference / metric_of(member).spread);
  if (differences.size() != members.size()) differences.clear();
  return differences;
}

Comparison compare_over_sets(const CollectionResult& result, const std::string& contender,
                             std::vector<double> differences) {
  const auto [mean, variance] = sample(differences);
  const auto p = bayesian_signed_rank(differences, result.rope,
                                      derive(result.seed, {key_of("signed rank"), key_of(contender)}));
  const auto n = static_cast<double>(differences.size());
  const auto posterior =
      n < 2 ? Posterior{.location = mean, .scale2 = 0, .degrees = 0} : mean_of_resplits(mean, variance, n, 0);
  Comparison c;
  c.contender = contender;
  c.against = best_classical;
  c.metric = result.metric;
  c.difference = mean;
  const double widest = metric_of(result).widest_difference();
  c.low = std::clamp(posterior.quantile(0.025), -widest, widest);
  c.high = std::clamp(posterior.quantile(0.975), -widest, widest);
  c.p_better = p.better;
  c.p_equivalent = p.equivalent;
  c.p_worse = p.worse;
  c.p_value = wilcoxon(differences).p_value;
  c.decides = true;
  c.differences = std::move(differences);
  return c;
}

Verdict judge(const Comparison& c, double rope) {
  constexpr double certain = 0.95, level = 0.05;
  if (c.p_better >= certain && c.p_holm < level && c.difference > rope) return Verdict::quantum_better;
  if (c.p_worse >= certain && c.p_value < level) return Verdict::classical_better;
  if (c.p_equivalent >= certain) return Verdict::equivalent;
  return c.p_better <= 1 - certain ? Verdict::no_advantage : Verdict::inconclusive;
}

void compare_quantum_contenders(const std::vector<StudyResult>& members, CollectionResult& result) {
  std::vector<double> p_values;
  for (const auto& contender : result.contenders) {
    if (contender.family != Family::quantum) continue;
    auto differences = differences_of(members, contender.name);
    if (differences.empty()) continue;
    result.comparisons.push_back(compare_over_sets(result, contender.name, std::move(differences)));
    p_values.push_back(result.comparisons.back().p_value);
  }
  const auto adjusted = holm(p_values);
  for (std::size_t i = 0; i < adjusted.size(); ++i) {
    auto& c = result.comparisons[i];
    c.p_holm = adjusted[i];
    c.verdict = judge(c, result.rope);
  }
}

std::string hash_of(const std::vector<DataSetResult>& sets, std::string DataSetResult::*hash) {
  std::string all = "collection\n";
  for (const auto& set : sets) all += set.*hash + "\n";
  return sha256(all);
}

/// Maximal runs of neighbours in mean rank that do not differ.
std::vector<std::vector<std::string>> groups_of(const CollectionResult& result) {
  const auto ranked = by_rank(result);
  const bool rejected = result.p_f < rank_test_level;
  std::vector<std::vector<std::string>> groups;
  for (std::size_t first = 0, covered = 0; first < ranked.size(); ++first) {
    auto end = first + 1;
    while (end < ranked.size() &&
           (!rejected || ranked[end]->mean_rank - ranked[first]->mean_rank < result.critical_difference))
      ++end;
    if (end <= covered || end - first < 2) continue;
    covered = end;
    auto& group = groups.emplace_back();
    for (auto i = first; i < end; ++i) group.push_back(ranked[i]->name);
  }
  return groups;
}

std::string in_data_set(const StudySpec& member, const InputError& error) {
  return fmt::format("data set \"{}\": {}", data_set_name(member), error.what());
}

}  // namespace

std::vector<std::unique_ptr<Problem>> load_problems(const CollectionSpec& spec) {
  std::vector<std::unique_ptr<Problem>> problems;
  for (const auto& member : spec.members) {
    try {
      problems.push_back(load_problem(member));
      require_runnable(member, *problems.back());
    } catch (const SettingError& error) {
      throw placed(member, {error.key, in_data_set(member, error)});
    } catch (const InputError& error) {
      throw InputError(in_data_set(member, error));
    }
  }
  require_distinct(spec, problems);
  return problems;
}

std::string study_hash(const CollectionSpec& spec, std::span<const std::unique_ptr<Problem>> problems) {
  std::vector<DataSetResult> sets(problems.size());
  for (std::size_t i = 0; i < problems.size(); ++i)
    sets[i].study_hash = study_hash(spec.members[i], problems[i]->facts().data_hash);
  return hash_of(sets, &DataSetResult::study_hash);
}

CollectionResult summarise_collection(const CollectionSpec& spec, const std::vector<StudyResult>& members) {
  CollectionResult result;
  const auto& first = members.front();
  result.name = spec.name;
  result.study_toml = to_toml(spec);
  result.version = first.version;
  result.seed = first.seed;
  result.protocol = first.protocol;
  result.metric = first.metric;
  result.rope = first.rope / metric_of(first).spread;
  for (std::size_t i = 0; i < members.size(); ++i) {
    result.data_sets.push_back(describe(spec.members[i], members[i]));
    result.seconds += members[i].seconds;
  }
  rank_contenders(members, result);
  result.groups = groups_of(result);
  compare_quantum_contenders(members, result);
  result.study_hash = hash_of(result.data_sets, &DataSetResult::study_hash);
  result.results_hash = hash_of(result.data_sets, &DataSetResult::results_hash);
  conclude(result);
  return result;
}

bool in_spreads(const CollectionResult& result) {
  return std::ranges::any_of(result.data_sets, [](const DataSetResult& set) {
    return !set.metric.share && (set.metric.spread != 1 || !set.metric.unit.empty());
  });
}

Metric metric_of(const CollectionResult& result) {
  if (result.data_sets.empty()) return metric_of_older_version(result.metric);
  auto metric = result.data_sets.front().metric;
  if (!in_spreads(result)) return metric;
  metric.unit = "spreads";
  metric.low /= metric.spread;
  metric.high /= metric.spread;
  metric.spread = 1;
  return metric;
}

std::vector<const RankedContender*> by_rank(const CollectionResult& result) {
  std::vector<const RankedContender*> ranked;
  for (const auto& contender : result.contenders) ranked.push_back(&contender);
  std::ranges::stable_sort(ranked, {}, &RankedContender::mean_rank);
  return ranked;
}

}  // namespace qupel
