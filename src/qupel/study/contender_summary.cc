#include <algorithm>
#include <cmath>
#include <numeric>

#include "qupel/base/random.h"
#include "qupel/study/entries.h"
#include "qupel/study/inputs.h"
#include "qupel/study/sample.h"
#include "qupel/study/statistics.h"
#include "qupel/study/summary.h"

namespace qupel {
namespace {

using Evaluations = std::vector<const Evaluation*>;

std::vector<Answered> answered(const EntryTrials& trials, const Evaluations& evaluations) {
  std::vector<Answered> all;
  for (std::size_t i = 0; i < trials.size(); ++i)
    all.push_back({&evaluations[i]->answer, trials[i]->test_rows});
  return all;
}

/// Bootstraps a metric that is a function of sums over rows; rows are the resampled units.
class RowBootstrap {
 public:
  explicit RowBootstrap(const RowSums& rows) : rows_(rows) {
    for (std::size_t row = 0; row < rows.sums.rows(); ++row)
      if (rows.sums(row, 0) > 0) asked_.push_back(row);
  }

  Bounds interval(std::uint64_t seed) const {
    const auto bounds = bca(
        asked_.size(), [&](std::span<const std::size_t> rows) { return score(rows); }, seed, 1000);
    if (!rows_.proportion || bounds.low < bounds.high) return bounds;
    // Every row right (or wrong): the bootstrap sees no variation, the binomial does.
    const auto right = static_cast<std::size_t>(std::lround(bounds.low * static_cast<double>(asked_.size())));
    return wilson(right, asked_.size());
  }

 private:
  double score(std::span<const std::size_t> rows) const {
    std::vector<double> sums(rows_.sums.columns());
    for (const auto i : rows) {
      const auto row = rows_.sums.row(asked_[i]);
      for (std::size_t s = 0; s < sums.size(); ++s) sums[s] += row[s];
    }
    return rows_.score(sums);
  }

  const RowSums& rows_;
  std::vector<std::size_t> asked_;
};

/// Mean over folds, with the corrected resampled t interval; a point where nothing is sampled.
Interval over_folds(const std::vector<double>& scores, double test_train_ratio, const Metric& metric) {
  const auto test = corrected_resampled_t(scores, test_train_ratio);
  const auto clip = [&](double x) { return metric.share ? std::clamp(x, metric.low, metric.high) : x; };
  return {test.mean, clip(test.low), clip(test.high)};
}

std::vector<double> by_fold(const Evaluations& evaluations, const std::string& name) {
  std::vector<double> values;
  for (const auto* evaluation : evaluations)
    if (const auto found = evaluation->metrics.find(name); found != evaluation->metrics.end())
      values.push_back(found->second);
  return values;
}

std::map<std::string, Interval> intervals(const StudySpec& spec, const Problem& problem,
                                          const EntryTrials& trials, const Evaluations& evaluations) {
  std::map<std::string, Interval> found;
  const bool shared = spec.protocol == Protocol::nested && problem.dependence() == Dependence::resampled;
  const double ratio = shared ? 1.0 / (spec.outer_folds - 1) : shared_variance(problem.overlap());
  const auto answers = answered(trials, evaluations);
  for (const auto& metric : problem.metrics()) {
    const auto scores = by_fold(evaluations, metric.name);
    if (scores.empty()) continue;
    auto& interval = found[metric.name] = over_folds(scores, ratio, metric);
    if (problem.dependence() == Dependence::complete) interval.low = interval.high = interval.mean;
    const auto rows = problem.row_sums(answers, metric);
    if (!rows) continue;
    const auto bounds = RowBootstrap(*rows).interval(derive(spec.seed, {key_of("bootstrap")}));
    interval.low = std::min(bounds.low, interval.mean);
    interval.high = std::max(bounds.high, interval.mean);
  }
  return found;
}

double mean_of(const EntryTrials& trials, double Trial::*member) {
  double sum = 0;
  for (const auto* trial : trials) sum += trial->*member;
  return sum / static_cast<double>(trials.size());
}

/// The settings chosen in most folds, each hyperparameter by itself.
Settings most_chosen(const ContenderResult& result, const EntryTrials& trials) {
  Settings settings = trials.front()->settings;
  for (auto& [name, value] : settings) {
    int most = 0;
    for (const auto* trial : trials) {
      const auto& candidate = trial->settings.at(name);
      const int count = result.chosen.at(name).at(to_string(candidate));
      if (count > most) most = count, value = candidate;
    }
  }
  return settings;
}

/// Mean test score by share of the training rows, all of them last; empty if a trial has none.
std::vector<std::pair<double, double>> score_by_rows(const EntryTrials& trials, const std::string& metric) {
  std::vector<std::pair<double, double>> points;
  for (std::size_t i = 0; i < std::size(curve_shares); ++i) {
    double mean = 0;
    for (const auto* trial : trials) {
      if (trial->smaller.size() <= i) return {};
      mean += trial->smaller[i].score / static_cast<double>(trials.size());
    }
    points.emplace_back(curve_shares[i], mean);
  }
  double mean = 0;
  for (const auto* trial : trials)
    mean += trial->exact().metrics.at(metric) / static_cast<double>(trials.size());
  points.emplace_back(1, mean);
  return points;
}

/// Standard deviation over the seeds of a fit, of all splits together.
double seed_spread(const EntryTrials& trials, const std::string& metric) {
  double variance = 0;
  for (const auto* trial : trials) {
    if (trial->reseeded.empty()) return 0;
    std::vector<double> scores{trial->exact().metrics.at(metric)};
    for (const auto& refit : trial->reseeded) scores.push_back(refit.score);
    variance += sample(scores).variance / static_cast<double>(trials.size());
  }
  return std::sqrt(variance);
}

void describe_circuit(const StudySpec& spec, const Problem& problem, const Entry& entry,
                      const Settings& settings, ContenderResult& result) {
  if (!entry.contender().has_circuit()) return;
  auto [cost, page] = circuit_of(spec, problem, entry, settings);
  result.circuit_cost = std::move(cost);
  result.qubits = result.circuit_cost.qubits;
  result.drawing = std::move(page.drawing);
  result.qasm = std::move(page.qasm);
  result.growth = std::move(page.growth);
}

/// A circuit is trained before its first try; any other contender tries from the beginning on.
std::vector<AnswerTime> times_of(const Entry& entry, const EntryTrials& trials) {
  std::vector<AnswerTime> times;
  for (const auto* trial : trials)
    times.push_back(entry.contender().has_circuit()
                        ? AnswerTime{trial->fit_seconds, trial->predict_seconds}
                        : AnswerTime{0, trial->fit_seconds + trial->predict_seconds});
  return times;
}

/// What is known of all answers together.
std::map<std::string, Interval> overall_metrics(const Problem& problem, const ContenderAnswers& given) {
  std::map<std::string, Interval> found;
  for (const auto& [name, value] : problem.overall_scores(given.answers, given.times))
    found[name] = {value, value, value};
  return found;
}

void count_fits(const EntryTrials& trials, ContenderResult& result) {
  for (const auto* trial : trials) {
    ++result.trials;
    result.fits += trial->fits;
    result.failed += trial->failure.empty() ? 0 : 1;
    result.unconverged += trial->failure.empty() && !trial->fit.converged ? 1 : 0;
    result.parameters = std::max(result.parameters, trial->fit.parameters);
    result.ledger += trial->ledger;
    result.seconds += trial->seconds;
    for (const auto& [name, value] : trial->settings) ++result.chosen[name][to_string(value)];
  }
  result.status = result.failed ? "failed" : result.unconverged ? "unconverged" : "ok";
}

double predict_seconds_per_1000(const EntryTrials& trials) {
  double seconds = 0, rows = 0;
  for (const auto* trial : trials) {
    seconds += trial->predict_seconds;
    rows += static_cast<double>(trial->test_rows.size());
  }
  return rows > 0 ? 1000 * seconds / rows : 0;
}

}  // namespace

std::map<std::string, Interval> metrics_under(const StudySpec& spec, const Problem& problem,
                                              const EntryTrials& trials, const std::string& execution) {
  Evaluations found;
  for (const auto* trial : trials)
    if (const auto evaluation = trial->evaluations.find(execution); evaluation != trial->evaluations.end())
      found.push_back(&evaluation->second);
  return found.size() == trials.size() ? intervals(spec, problem, trials, found)
                                       : std::map<std::string, Interval>{};
}

ContenderAnswers answers_of(const Entry& entry, const EntryTrials& trials) {
  Evaluations exact;
  for (const auto* trial : trials) exact.push_back(&trial->exact());
  return {entry.name, answered(trials, exact), times_of(entry, trials)};
}

ContenderResult summarise_contender(const StudySpec& spec, const Problem& problem, const Entry& entry,
                                    const EntryTrials& trials) {
  const auto& record = entry.contender();
  ContenderResult result;
  result.name = entry.name;
  result.contender = record.name;
  result.summary = record.summary;
  result.family = record.family;
  result.floor = record.floor;
  result.inputs = entry.inputs;
  count_fits(trials, result);
  Evaluations exact;
  for (const auto* trial : trials) exact.push_back(&trial->exact());
  result.metrics = intervals(spec, problem, trials, exact);
  result.shot_metrics = metrics_under(spec, problem, trials, shots_execution);
  result.scores = by_fold(exact, spec.metric);
  result.validation = mean_of(trials, &Trial::validation);
  result.train_score = mean_of(trials, &Trial::train_score);
  const auto given = answers_of(entry, trials);
  result.figures = problem.figures(given.answers);
  result.solution = problem.solution(given.answers);
  result.metrics.merge(overall_metrics(problem, given));
  result.learning_curve = trials.front()->fit.losses;
  result.predict_seconds_per_1000 = predict_seconds_per_1000(trials);
  result.score_by_rows = score_by_rows(trials, spec.metric);
  result.seed_spread = seed_spread(trials, spec.metric);
  const auto settings = most_chosen(result, trials);
  describe_circuit(spec, problem, entry, settings, result);
  if (record.charts) {
    const auto splitting = splitting_of(spec);
    const auto first = problem.prepare(splitting, problem.splits(splitting).front());
    for (auto& plot : record.charts(*first.outer.learn, own_settings(entry, settings)))
      result.figures.plots.push_back(std::move(plot));
  }
  result.devices = read_devices(spec, problem, entry, trials, result.qasm);
  return result;
}

}  // namespace qupel
