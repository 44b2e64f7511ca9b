#include "qupel/problem/tabular/regression.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "qupel/base/error.h"
#include "qupel/problem/tabular/adjustments.h"
#include "qupel/problem/tabular/number_checks.h"
#include "qupel/problem/wording.h"

namespace qupel {
namespace {

constexpr double held_share = 0.9;

double mean_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double mean_square(std::span<const double> values) {
  double sum = 0;
  for (const double v : values) sum += v * v;
  return sum / static_cast<double>(values.size());
}

double deviation(std::span<const double> values) {
  if (values.empty()) return 0;
  const double mean = mean_of(values);
  double sum = 0;
  for (const double v : values) sum += (v - mean) * (v - mean);
  return std::sqrt(sum / static_cast<double>(values.size()));
}

const Numbers& numbers_of(const Answer& answer) {
  if (const auto* numbers = std::get_if<Numbers>(&answer)) return *numbers;
  throw InputError(fmt::format("a regression was answered with {}, not with numbers", to_string(answer)));
}

/// The half width that a new row lies within with the held share, from errors of rows alike: their
/// ceil((n + 1) share)-th smallest size, or the largest.
double conformal_half_width(std::vector<double> errors) {
  for (double& error : errors) error = std::abs(error);
  std::ranges::sort(errors);
  const auto n = errors.size();
  const auto rank = static_cast<std::size_t>(std::ceil(static_cast<double>(n + 1) * held_share));
  return errors[std::min(rank, n) - 1];
}

}  // namespace

std::vector<Metric> number_metrics(double spread) {
  std::vector<Metric> metrics{
      {.name = "rmse",
       .unit = {},
       .higher_is_better = false,
       .decides = true,
       .over_rows = true,
       .spread = spread,
       .root_of_squares = true},
      {.name = "mae",
       .unit = {},
       .higher_is_better = false,
       .decides = true,
       .over_rows = true,
       .spread = spread},
      {.name = "r2", .unit = {}, .low = -std::numeric_limits<double>::infinity(), .high = 1},
      {.name = "coverage", .unit = {}, .high = 1, .share = true},
      {.name = "interval-width", .unit = {}, .higher_is_better = false, .spread = spread}};
  for (auto& metric : metrics) metric.problem = "regression";
  return metrics;
}

Regression::Regression(DataSet data, TableInputs inputs)
    : TableProblem(std::move(data), inputs),
      spread_(deviation(this->data().targets)),
      metrics_(number_metrics(spread_ > 0 ? spread_ : 1)) {}

Samples Regression::samples(Matrix<double> x, const TableRows& rows) const {
  return Samples(std::move(x), rows.targets);
}

std::vector<double> Regression::errors(const Answer& answer, std::span<const std::size_t> rows) const {
  const auto& values = numbers_of(answer).values;
  if (values.size() != rows.size() || rows.empty())
    throw InputError(
        fmt::format("an answer of {} numbers does not fit {}", values.size(), counted(rows.size(), "row")));
  std::vector<double> errors;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    // An answer that is no number, or beyond all bounds, is as bad as one can be without breaking the rest.
    constexpr double worst = 1e6;
    const double error = values[i] - truth(rows[i]), limit = worst * (spread_ > 0 ? spread_ : 1);
    errors.push_back(std::isfinite(error) ? std::clamp(error, -limit, limit) : limit);
  }
  return errors;
}

Scores Regression::score(const Answer& answer, std::span<const std::size_t> rows) const {
  const auto wrong = errors(answer, rows);
  double size = 0;
  std::vector<double> truths;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    size += std::abs(wrong[i]) / static_cast<double>(rows.size());
    truths.push_back(truth(rows[i]));
  }
  const double total = deviation(truths) * deviation(truths);
  Scores scores{{"rmse", std::sqrt(mean_square(wrong))},
                {"mae", size},
                {"r2", total > 0 ? 1 - mean_square(wrong) / total : 0}};
  const auto& half = numbers_of(answer).half_width;
  if (half >= 0) {
    const auto held = std::ranges::count_if(wrong, [&](double e) { return std::abs(e) <= half; });
    scores["coverage"] = static_cast<double>(held) / static_cast<double>(rows.size());
    scores["interval-width"] = 2 * half;
  }
  return scores;
}

std::string Regression::contradiction(const Answer& answer, std::span<const std::size_t> rows,
                                      const Scores&) const {
  const auto* numbers = std::get_if<Numbers>(&answer);
  if (!numbers) return fmt::format("{} in place of numbers", to_string(answer));
  const bool known = std::ranges::all_of(rows, [&](std::size_t row) { return row < data().targets.size(); });
  if (rows.empty() || !known || numbers->values.size() != rows.size())
    return fmt::format("{} numbers for {}", numbers->values.size(), counted(rows.size(), "test row"));
  return "";
}

Answer Regression::floor(const Task& task) const {
  std::vector<double> learned;
  for (const auto row : task.learn_rows) learned.push_back(truth(row));
  const double mean = mean_of(learned);
  for (double& value : learned) value -= mean;
  return Numbers{std::vector<double>(task.ask_rows.size(), mean), conformal_half_width(std::move(learned))};
}

void Regression::learn(std::span<const Held> held, Adjustment& adjustment) const {
  std::vector<double> all;
  for (const auto& [answer, task] : held) {
    const auto some = errors(*answer, task->ask_rows);
    all.insert(all.end(), some.begin(), some.end());
  }
  if (!all.empty()) adjustment[interval_half_width] = conformal_half_width(std::move(all));
}

void Regression::adjust(const Adjustment& adjustment, const Task&, Answer& answer) const {
  adjust_answer(adjustment, {}, answer);
}

std::vector<double> Regression::row_leads(const Answer& answer, const Answer* other,
                                          std::span<const std::size_t> rows, const Metric& metric) const {
  if (!metric.over_rows) return {};
  const auto own = errors(answer, rows);
  const auto others = other ? errors(*other, rows) : std::vector<double>(rows.size());
  const bool squares = metric.root_of_squares;
  const double together = squares ? std::sqrt(mean_square(own)) + std::sqrt(mean_square(others)) : 1;
  std::vector<double> leads;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double lead =
        squares ? others[i] * others[i] - own[i] * own[i] : std::abs(others[i]) - std::abs(own[i]);
    leads.push_back(together > 0 ? lead / together : 0);
  }
  return leads;
}

/// One row with an error as large as the target's spread beside one without: its square over twice the
/// spread, or its size.
double Regression::row_grain(const Metric& metric) const {
  return metric.root_of_squares ? spread_ / 2 : spread_;
}

/// For two models with errors of half the spread, correlated by 0.9: 2 (1 - 0.9) (spread / 2)^2.
double Regression::assumed_variance(const Metric&) const { return 0.05 * spread_ * spread_; }

std::optional<RowSums> Regression::row_sums(std::span<const Answered> answered, const Metric& metric) const {
  if (!metric.over_rows) return std::nullopt;
  const bool squares = metric.root_of_squares;
  RowSums result{Matrix<double>(data().targets.size(), 2), [squares](std::span<const double> s) {
                   return squares ? std::sqrt(s[1] / s[0]) : s[1] / s[0];
                 }};
  for (const auto& [answer, rows] : answered) {
    const auto wrong = errors(*answer, rows);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      result.sums(rows[i], 0) += 1;
      result.sums(rows[i], 1) += squares ? wrong[i] * wrong[i] : std::abs(wrong[i]);
    }
  }
  return result;
}

Figures Regression::figures(std::span<const Answered> answered) const {
  constexpr std::size_t most_points = 600;
  std::vector<std::pair<double, double>> points;
  for (const auto& [answer, rows] : answered) {
    const auto& values = numbers_of(*answer).values;
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (std::isfinite(values[i])) points.emplace_back(truth(rows[i]), values[i]);
  }
  Figures figures;
  if (points.size() <= most_points) {
    figures.true_and_predicted = std::move(points);
    return figures;
  }
  for (std::size_t i = 0; i < most_points; ++i)
    figures.true_and_predicted.push_back(points[i * points.size() / most_points]);
  return figures;
}

std::vector<Check> Regression::own_checks(const Metric&) const {
  return {number_leak_check(data()), outlier_check(data())};
}

}  // namespace qupel
