#include "qupel/problem/optimization/decision_problem.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "qupel/base/error.h"
#include "qupel/base/hash.h"

namespace qupel {
namespace {

/// @param bound of the decision, if it has one
Reference reference_of(const Decision& decision, const std::optional<Reference>& known,
                       const std::optional<double>& bound) {
  if (known && known->proven) return *known;
  if (const auto optimum = decision.proven_optimum()) return {*optimum, true};
  if (known) return *known;
  if (bound) return {*bound, false};
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

/// How many pairs of variables the QUBO couples, "null" where it is not made as one: a layer of QAOA has an
/// operation on two qubits for each.
std::string couplings_of(const Decision& decision) {
  try {
    return fmt::format("{}", decision.qubo().couplings.size());
  } catch (const InputError&) {
    return "null";
  }
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
    const auto bound = decisions_[i]->bound();
    if (i == 0) first_bound_ = bound;
    references_.push_back(reference_of(*decisions_[i], known[i], bound));
    all += decisions_[i]->digest();
  }
  facts_.summary = fmt::format("{}; {} qubits as one circuit", decisions_.front()->size_words(), width({}));
  if (decisions_.size() > 1) facts_.summary += fmt::format("; {} instances of that kind", decisions_.size());
  metrics_ = metrics_for(*decisions_.front());
  facts_.data_hash = sha256(all);
  facts_.rows = facts_.rows_read = decisions_.size();
  facts_.columns = facts_.features = static_cast<std::size_t>(width({}));
}

std::vector<Split> DecisionProblem::splits(const Splitting& splitting) const {
  const bool one = decisions_.size() == 1;
  std::vector<Split> splits;
  for (int r = 0; r < (one ? splitting.repeats : 1); ++r)
    for (int f = 0; f < (one ? splitting.outer_folds : static_cast<int>(decisions_.size())); ++f) {
      const std::size_t row = one ? 0 : static_cast<std::size_t>(f);
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
  if (decisions_.size() == 1) return fmt::format("{} repeats with other random numbers", units);
  auto words = fmt::format("{} instances", units);
  if (overlap_ > 0)
    words += fmt::format(
        ", of which two share {:.1f} % of what they are made from on the mean: they are not independent, and "
        "their differences are judged as correlating by so much",
        100 * overlap_);
  return words;
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

std::string DecisionProblem::description() const {
  const auto& first = *decisions_.front();
  const auto number = [](double value) { return fmt::format("{}", value); };
  const bool one = decisions_.size() == 1;
  const auto bound = one ? first_bound_ : std::nullopt;
  return fmt::format(
      R"({{"kind": "{}", "variables": {}, "qubits": {}, "couplings": {}, "sense": "{}", "instances": {}, "optimum": {}, "bound": {}}})",
      first.kind(), first.unknowns(), width({}), couplings_of(first), first.maximised() ? "max" : "min",
      decisions_.size(), one && references_[0].proven ? number(references_[0].value) : "null",
      bound ? number(*bound) : "null");
}

const Assignment* DecisionProblem::best_answer(std::span<const Answered> answers, std::size_t row) const {
  const auto& decision = *decisions_[row];
  const Assignment* best = nullptr;
  for (const auto& [answer, rows] : answers) {
    const auto* given = std::get_if<Assignment>(answer);
    if (given == nullptr || rows.front() != row || !decision.violation(given->values).empty()) continue;
    if (best == nullptr ||
        !decision.reaches(decision.objective(best->values), decision.objective(given->values)))
      best = given;
  }
  return best;
}

std::string DecisionProblem::solution(std::span<const Answered> answers) const {
  std::vector<std::string> all;
  for (std::size_t row = 0; row < decisions_.size(); ++row) {
    const auto* best = best_answer(answers, row);
    all.push_back(best == nullptr ? "null" : decisions_[row]->solution(best->values));
  }
  return all.size() == 1 ? all.front() : fmt::format("[{}]", fmt::join(all, ", "));
}

Scores DecisionProblem::overall_scores(std::span<const Answered> answers,
                                       std::span<const AnswerTime> times) const {
  double mean = 0, surely = 0, all = 0;
  bool always = true;  // met; else there is no time to a solution
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const auto to = time_to_solution(answers[i], times[i]);
    if (!to) return {};
    mean += to->on_the_mean;
    surely += to->surely;
    always = always && to->tries < most_tries;
    all += times[i].before + times[i].tries;
  }
  if (answers.empty()) return {};
  const auto count = always ? static_cast<double>(answers.size()) : std::nan("");
  return {{"time_to_solution", surely / count},
          {"mean_time_to_solution", mean / count},
          {"seconds_to_answer", all / static_cast<double>(answers.size())}};
}

std::optional<DecisionProblem::TimeToSolution> DecisionProblem::time_to_solution(
    const Answered& answered, const AnswerTime& time) const {
  const auto* given = std::get_if<Assignment>(answered.answer);
  if (given == nullptr) return std::nullopt;
  const double a_try = time.tries / static_cast<double>(std::max<std::int64_t>(1, given->tries));
  const double tries = score(*answered.answer, answered.rows).at("tries-to-solution");
  const double share = share_met(*given, only(answered.rows));
  return TimeToSolution{
      .tries = tries,
      .surely = time.before + a_try * tries,
      .on_the_mean = time.before + a_try * (share > 0 ? std::min(most_tries, 1 / share) : most_tries)};
}

double DecisionProblem::share_met(const Assignment& answer, std::size_t row) const {
  if (answer.tried.empty()) {
    const bool met =
        decisions_[row]->violation(answer.values).empty() &&
        decisions_[row]->reaches(decisions_[row]->objective(answer.values), references_[row].value);
    return met ? 1 : 0;
  }
  double met = 0, feasible = 0;
  for (const auto& [objective, count] : answer.tried) {
    feasible += static_cast<double>(count);
    if (decisions_[row]->reaches(objective, references_[row].value)) met += static_cast<double>(count);
  }
  return met / std::max(feasible, static_cast<double>(answer.tries));
}

Figures DecisionProblem::figures(std::span<const Answered> answers) const {
  Figures figures;
  const auto* best = best_answer(answers, 0);
  if (best == nullptr) return figures;
  if (auto drawing = decisions_[0]->drawing(best->values)) figures.networks.push_back(std::move(*drawing));
  if (best->tried.size() > 1) {
    Series series{.name = "tries", .points = {}};
    for (const auto& [objective, count] : best->tried)
      series.points.emplace_back(objective, static_cast<double>(count) / static_cast<double>(best->tries));
    Series reference{.name = references_[0].proven ? "optimum" : "best known or bound",
                     .points = {{references_[0].value, 0}},
                     .line = false};
    figures.plots.push_back({.title = "what single tries came to",
                             .x_label = "objective",
                             .y_label = "share of tries",
                             .series = {std::move(series), std::move(reference)}});
  }
  return figures;
}

Answer DecisionProblem::floor(const Task& task) const {
  const auto row = only(task.ask_rows);
  Assignment answer{.values = decisions_[row]->first_answer()};
  answer.tried = {{decisions_[row]->objective(answer.values), 1}};
  answer.tries = 1;
  return answer;
}

}  // namespace qupel
