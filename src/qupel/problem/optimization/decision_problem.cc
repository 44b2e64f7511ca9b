#include "qupel/problem/optimization/decision_problem.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "qupel/base/error.h"
#include "qupel/base/hash.h"

namespace qupel {
namespace {

Reference reference_of(const Decision& decision, const std::optional<Reference>& known) {
  if (known && known->proven) return *known;
  if (const auto optimum = decision.proven_optimum()) return {*optimum, true};
  if (known) return *known;
  if (const auto bound = decision.bound()) return {*bound, false};
  return {decision.objective(decision.first_answer()), false};
}

std::vector<Metric> metrics_for(const Decision& decision) {
  const double unlimited = std::numeric_limits<double>::infinity();
  std::vector<Metric> metrics{
      {.name = "gap", .unit = {}, .higher_is_better = false, .high = 1, .share = true, .decides = true},
      {.name = "objective",
       .unit = {},
       .higher_is_better = decision.maximised(),
       .low = -unlimited,
       .decides = true},
      {.name = "feasible", .unit = {}, .high = 1, .share = true},
      {.name = "optimal", .unit = {}, .high = 1, .share = true, .decides = true},
      {.name = "expected-gap",
       .unit = {},
       .higher_is_better = false,
       .high = 1,
       .share = true,
       .decides = true},
      {.name = "tries-to-solution",
       .unit = "tries",
       .higher_is_better = false,
       .low = 1,
       .high = most_tries,
       .decides = true}};
  for (auto& metric : decision.own_metrics()) metrics.push_back(std::move(metric));
  for (auto& metric : metrics) metric.problem = decision.kind();
  return metrics;
}

std::size_t only(std::span<const std::size_t> rows) {
  if (rows.size() != 1)
    throw InputError(fmt::format("an answer to {} decisions: each has its own", rows.size()));
  return rows.front();
}

/// How often one tries until one has met, with a probability of 99 %, what a share of tries meets.
double tries_for(double share) {
  if (share <= 0) return most_tries;
  if (share >= 0.99) return 1;
  return std::min(most_tries, std::log(0.01) / std::log1p(-share));
}

}  // namespace

Facts named_facts(std::string name, std::string source) {
  Facts facts;
  facts.name = std::move(name);
  facts.source = std::move(source);
  return facts;
}

DecisionProblem::DecisionProblem(Facts facts, std::vector<Row> decisions, FloorWords floor,
                                 std::vector<std::optional<Reference>> known)
    : facts_(std::move(facts)), decisions_(std::move(decisions)), floor_(std::move(floor)) {
  if (decisions_.empty()) throw InputError("no decision to be made");
  known.resize(decisions_.size());
  std::string all;
  for (std::size_t i = 0; i < decisions_.size(); ++i) {
    if (decisions_[i]->kind() != decisions_.front()->kind())
      throw InputError(
          fmt::format("decisions of the kinds {} and {} in one problem", kind(), decisions_[i]->kind()));
    references_.push_back(reference_of(*decisions_[i], known[i]));
    all += decisions_[i]->digest();
  }
  metrics_ = metrics_for(*decisions_.front());
  facts_.data_hash = sha256(all);
  facts_.rows = facts_.rows_read = decisions_.size();
  facts_.columns = facts_.features = static_cast<std::size_t>(width({}));
}

std::vector<Split> DecisionProblem::splits(const Splitting& splitting) const {
  std::vector<Split> splits;
  const auto repeats = decisions_.size() == 1 ? splitting.outer_folds : static_cast<int>(decisions_.size());
  for (int r = 0; r < splitting.repeats; ++r)
    for (int f = 0; f < repeats; ++f) {
      const std::size_t row = decisions_.size() == 1 ? 0 : static_cast<std::size_t>(f);
      splits.push_back({.repeat = r, .fold = f, .train = {row}, .test = {row}});
    }
  return splits;
}

Work DecisionProblem::prepare(const Splitting&, const Split& split) const {
  const auto& decision = decisions_.at(only(split.test));
  const Task task{split.train, split.test, decision, decision};
  return {task, {task}};
}

std::string DecisionProblem::split_words(const Splitting& splitting) const {
  const auto units = splits(splitting).size();
  return decisions_.size() == 1 ? fmt::format("{} repeats with other random numbers", units)
                                : fmt::format("{} instances", units);
}

int DecisionProblem::width(const InputChoice&) const {
  std::size_t widest = 0;
  for (const auto& decision : decisions_) widest = std::max(widest, decision->variables());
  return static_cast<int>(widest);
}

double DecisionProblem::gap(std::size_t row, double objective) const {
  const auto& [best, proven] = references_[row];
  if (decisions_[row]->reaches(objective, best)) return 0;
  return best == 0 ? 1 : std::min(1.0, std::abs(objective - best) / std::abs(best));
}

void DecisionProblem::score_tries(const Assignment& answer, std::size_t row, Scores& scores) const {
  double feasible = 0, met = 0, gaps = 0;
  for (const auto& [objective, count] : answer.tried) {
    const auto often = static_cast<double>(count);
    feasible += often;
    gaps += often * gap(row, objective);
    if (decisions_[row]->reaches(objective, references_[row].value)) met += often;
  }
  const double tries = std::max(feasible, static_cast<double>(answer.tries));
  if (tries == 0) return;
  scores["expected-gap"] = (gaps + (tries - feasible)) / tries;
  scores["tries-to-solution"] = tries_for(met / tries);
}

Scores DecisionProblem::score(const Answer& answer, std::span<const std::size_t> rows) const {
  const auto row = only(rows);
  const auto& decision = *decisions_[row];
  const auto* given = std::get_if<Assignment>(&answer);
  if (given == nullptr)
    throw InputError(
        fmt::format("{} are no answer to a {} problem: an assignment is", to_string(answer), kind()));
  const bool feasible = decision.violation(given->values).empty();
  const auto values = feasible ? given->values : decision.first_answer();
  const double objective = decision.objective(values);
  const bool met = feasible && decision.reaches(objective, references_[row].value);
  Scores scores{{"gap", gap(row, objective)},          {"objective", objective},
                {"feasible", feasible ? 1 : 0},        {"optimal", met ? 1 : 0},
                {"expected-gap", gap(row, objective)}, {"tries-to-solution", met ? 1 : most_tries}};
  score_tries(*given, row, scores);
  for (auto& [name, value] : decision.own_scores(values)) scores[name] = value;
  return scores;
}

std::string DecisionProblem::contradiction(const Answer& answer, std::span<const std::size_t> rows,
                                           const Scores& scores) const {
  const auto* given = std::get_if<Assignment>(&answer);
  if (given == nullptr || rows.size() != 1 || rows.front() >= decisions_.size())
    return "an answer to something else";
  return score(answer, rows) == scores ? "" : "scores that this answer does not have";
}

Answer DecisionProblem::floor(const Task& task) const {
  const auto row = only(task.ask_rows);
  Assignment answer{.values = decisions_[row]->first_answer()};
  answer.tried = {{decisions_[row]->objective(answer.values), 1}};
  answer.tries = 1;
  return answer;
}

}  // namespace qupel
