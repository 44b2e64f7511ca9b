#include <algorithm>
#include <cmath>
#include <numeric>

#include "qupel/base/random.h"
#include "qupel/encode/encoding.h"
#include "qupel/study/balanced_accuracy.h"
#include "qupel/study/entries.h"
#include "qupel/study/inputs.h"
#include "qupel/study/sample.h"
#include "qupel/study/statistics.h"
#include "qupel/study/summary.h"

namespace qupel {
namespace {

/// What happened to every row in the test sets of an entry: each row is tested once a repeat.
struct RowOutcomes {
  std::vector<double> tests, correct, log_loss;  // sums by row
};

RowOutcomes outcomes(const TabularProblem& problem, const EntryTrials& trials,
                     const Classes& (*prediction)(const Trial&)) {
  const auto rows = problem.labels.size();
  RowOutcomes sums{std::vector<double>(rows), std::vector<double>(rows), std::vector<double>(rows)};
  for (const auto* trial : trials) {
    const auto& predicted = prediction(*trial);
    for (std::size_t i = 0; i < trial->test_rows.size(); ++i) {
      const auto row = trial->test_rows[i];
      const auto truth = static_cast<std::size_t>(problem.labels[row]);
      const double probability = predicted.probabilities(i, truth);
      sums.tests[row] += 1;
      sums.correct[row] += predicted.labels[i] == problem.labels[row] ? 1 : 0;
      sums.log_loss[row] -= std::log(std::max(std::isnan(probability) ? 0 : probability, 1e-15));
    }
  }
  return sums;
}

/// Bootstraps metrics that are means over rows; rows are the resampled units.
class RowBootstrap {
 public:
  RowBootstrap(const TabularProblem& problem, RowOutcomes outcomes)
      : problem_(problem), sums_(std::move(outcomes)) {
    for (std::size_t row = 0; row < sums_.tests.size(); ++row)
      if (sums_.tests[row] > 0) tested_.push_back(row);
  }

  Bounds accuracy(std::uint64_t seed) const {
    const auto bounds = interval(seed, [&](auto rows) { return ratio(rows, sums_.correct); });
    if (bounds.low < bounds.high) return bounds;
    // Every row right (or wrong): the bootstrap sees no variation, the binomial does.
    const auto right =
        static_cast<std::size_t>(std::lround(bounds.low * static_cast<double>(tested_.size())));
    return wilson(right, tested_.size());
  }
  Bounds log_loss(std::uint64_t seed) const {
    return interval(seed, [&](auto rows) { return ratio(rows, sums_.log_loss); });
  }
  Bounds balanced_accuracy(std::uint64_t seed) const {
    return interval(seed, [&](auto rows) { return balanced(rows); });
  }

 private:
  template <typename Statistic>
  Bounds interval(std::uint64_t seed, Statistic statistic) const {
    return bca(
        tested_.size(), [&](std::span<const std::size_t> rows) { return statistic(rows); }, seed, 1000);
  }
  double ratio(std::span<const std::size_t> rows, const std::vector<double>& sum) const {
    double total = 0, tests = 0;
    for (const auto i : rows) {
      total += sum[tested_[i]];
      tests += sums_.tests[tested_[i]];
    }
    return total / tests;
  }
  double balanced(std::span<const std::size_t> rows) const {
    std::vector<double> right(problem_.classes.size()), tests(problem_.classes.size());
    for (const auto i : rows) {
      const auto label = static_cast<std::size_t>(problem_.labels[tested_[i]]);
      right[label] += sums_.correct[tested_[i]];
      tests[label] += sums_.tests[tested_[i]];
    }
    return qupel::balanced_accuracy(right, tests);
  }

  const TabularProblem& problem_;
  RowOutcomes sums_;
  std::vector<std::size_t> tested_;
};

/// Mean over folds, with the corrected resampled t interval.
Interval over_folds(const std::vector<double>& scores, double test_train_ratio, bool probability) {
  const auto test = corrected_resampled_t(scores, test_train_ratio);
  const auto clip = [&](double x) { return probability ? std::clamp(x, 0.0, 1.0) : x; };
  return {test.mean, clip(test.low), clip(test.high)};
}

using Metrics = std::map<std::string, double> Trial::*;

std::vector<double> by_fold(const EntryTrials& trials, Metrics metrics, const std::string& name) {
  std::vector<double> values;
  for (const auto* trial : trials)
    if (const auto& scored = trial->*metrics; scored.contains(name)) values.push_back(scored.at(name));
  return values;
}

std::map<std::string, Interval> intervals(const StudySpec& spec, const TabularProblem& problem,
                                          const EntryTrials& trials, Metrics metrics,
                                          const Classes& (*prediction)(const Trial&)) {
  std::map<std::string, Interval> found;
  const double ratio = spec.protocol == Protocol::fixed ? 0 : 1.0 / (spec.outer_folds - 1);
  for (const auto& [name, value] : trials.front()->*metrics)
    found[name] = over_folds(by_fold(trials, metrics, name), ratio, name != "log-loss");
  const RowBootstrap rows(problem, outcomes(problem, trials, prediction));
  const auto seed = derive(spec.seed, {key_of("bootstrap")});
  const auto bound = [&](const char* name, Bounds bounds) {
    auto& interval = found.at(name);
    interval.low = std::min(bounds.low, interval.mean);
    interval.high = std::max(bounds.high, interval.mean);
  };
  bound("accuracy", rows.accuracy(seed));
  bound("balanced-accuracy", rows.balanced_accuracy(seed));
  bound("log-loss", rows.log_loss(seed));
  return found;
}

std::vector<std::vector<int>> confusion_of(const TabularProblem& problem, const EntryTrials& trials) {
  const auto classes = problem.classes.size();
  std::vector<std::vector<int>> counts(classes, std::vector<int>(classes));
  for (const auto* trial : trials)
    for (std::size_t i = 0; i < trial->test_rows.size(); ++i)
      ++counts[static_cast<std::size_t>(problem.labels[trial->test_rows[i]])]
              [static_cast<std::size_t>(trial->prediction.labels[i])];
  return counts;
}

/// Mean probability of the predicted class and how often it was right, in ten bins of that probability.
std::vector<std::pair<double, double>> calibration_of(const TabularProblem& problem,
                                                      const EntryTrials& trials) {
  constexpr std::size_t bins = 10;
  std::vector<double> probability(bins), right(bins), count(bins);
  for (const auto* trial : trials)
    for (std::size_t i = 0; i < trial->test_rows.size(); ++i) {
      const auto row = trial->prediction.probabilities.row(i);
      const auto top = static_cast<std::size_t>(std::max_element(row.begin(), row.end()) - row.begin());
      const auto bin = std::min(bins - 1, static_cast<std::size_t>(row[top] * bins));
      probability[bin] += row[top];
      right[bin] += static_cast<int>(top) == problem.labels[trial->test_rows[i]] ? 1 : 0;
      count[bin] += 1;
    }
  std::vector<std::pair<double, double>> points;
  for (std::size_t b = 0; b < bins; ++b)
    if (count[b] > 0) points.emplace_back(probability[b] / count[b], right[b] / count[b]);
  return points;
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
  for (const auto* trial : trials) mean += trial->metrics.at(metric) / static_cast<double>(trials.size());
  points.emplace_back(1, mean);
  return points;
}

/// Standard deviation over the seeds of a fit, of all splits together.
double seed_spread(const EntryTrials& trials, const std::string& metric) {
  double variance = 0;
  for (const auto* trial : trials) {
    if (trial->reseeded.empty()) return 0;
    std::vector<double> scores{trial->metrics.at(metric)};
    for (const auto& refit : trial->reseeded) scores.push_back(refit.score);
    variance += sample(scores).variance / static_cast<double>(trials.size());
  }
  return std::sqrt(variance);
}

/// False and true positive rate of the second of two classes, over all test predictions, thinned.
std::vector<std::pair<double, double>> roc_of(const TabularProblem& problem, const EntryTrials& trials) {
  constexpr std::size_t most_points = 200;
  if (problem.classes.size() != 2) return {};
  std::vector<std::pair<double, bool>> ranked;
  for (const auto* trial : trials)
    for (std::size_t i = 0; i < trial->test_rows.size(); ++i) {
      const double p = trial->prediction.probabilities(i, 1);
      ranked.emplace_back(std::isnan(p) ? 0 : p, problem.labels[trial->test_rows[i]] == 1);
    }
  std::sort(ranked.begin(), ranked.end(), std::greater{});
  const auto positives =
      static_cast<double>(std::ranges::count(ranked, true, &std::pair<double, bool>::second));
  const auto negatives = static_cast<double>(ranked.size()) - positives;
  if (positives == 0 || negatives == 0) return {};
  std::vector<std::pair<double, double>> points{{0, 0}};
  double hits = 0, alarms = 0;
  for (std::size_t i = 0; i < ranked.size(); ++i) {
    (ranked[i].second ? hits : alarms) += 1;
    if (i + 1 == ranked.size() || ranked[i + 1].first != ranked[i].first)
      points.emplace_back(alarms / negatives, hits / positives);
  }
  if (points.size() <= most_points) return points;
  std::vector<std::pair<double, double>> kept;
  for (std::size_t i = 0; i < most_points; ++i)
    kept.push_back(points[i * (points.size() - 1) / (most_points - 1)]);
  return kept;
}

void describe_circuit(int features, const TabularProblem& problem, const Contender& record,
                      const Settings& settings, ContenderResult& result) {
  if (!record.circuit_cost) return;
  const auto classes = static_cast<int>(problem.classes.size());
  result.circuit_cost = record.circuit_cost(features, classes, settings);
  result.qubits = result.circuit_cost.qubits;
  auto page = record.circuit_page(features, classes, settings);
  result.drawing = std::move(page.drawing);
  result.qasm = std::move(page.qasm);
  result.growth = std::move(page.growth);
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

ContenderResult summarise_contender(const StudySpec& spec, const TabularProblem& problem, const Entry& entry,
                                    const EntryTrials& trials, std::size_t prepared) {
  const auto& record = entry.contender();
  ContenderResult result;
  result.name = entry.name;
  result.contender = record.name;
  result.summary = record.summary;
  result.family = record.family;
  result.floor = record.floor;
  result.inputs = entry.inputs;
  count_fits(trials, result);
  result.metrics = intervals(spec, problem, trials, &Trial::metrics,
                             [](const Trial& t) -> const Classes& { return t.prediction; });
  const bool all_with_shots =
      std::all_of(trials.begin(), trials.end(), [](auto* trial) { return trial->with_shots.has_value(); });
  if (all_with_shots)
    result.shot_metrics = intervals(spec, problem, trials, &Trial::shot_metrics,
                                    [](const Trial& t) -> const Classes& { return *t.with_shots; });
  result.scores = by_fold(trials, &Trial::metrics, spec.metric);
  result.validation = mean_of(trials, &Trial::validation);
  result.train_score = mean_of(trials, &Trial::train_score);
  result.confusion = confusion_of(problem, trials);
  result.calibration = calibration_of(problem, trials);
  result.learning_curve = trials.front()->fit.losses;
  result.predict_seconds_per_1000 = predict_seconds_per_1000(trials);
  result.score_by_rows = score_by_rows(trials, spec.metric);
  result.seed_spread = seed_spread(trials, spec.metric);
  result.roc = roc_of(problem, trials);
  const auto settings = most_chosen(result, trials);
  describe_circuit(input_width(spec, prepared, entry, settings), problem, record,
                   own_settings(entry, settings), result);
  return result;
}

}  // namespace qupel
