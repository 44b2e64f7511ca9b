#include "qupel/problem/tabular/classification.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "qupel/base/error.h"
#include "qupel/problem/tabular/adjustments.h"
#include "qupel/problem/tabular/balanced_accuracy.h"
#include "qupel/problem/tabular/class_figures.h"
#include "qupel/problem/tabular/class_scores.h"
#include "qupel/problem/tabular/prior_shift.h"
#include "qupel/problem/tabular/rows.h"
#include "qupel/problem/tabular/table_checks.h"
#include "qupel/problem/wording.h"

namespace qupel {
namespace {

const Classes& classes_of(const Answer& answer) {
  if (const auto* classes = std::get_if<Classes>(&answer)) return *classes;
  throw InputError(fmt::format("a classification was answered with {}, not with classes", to_string(answer)));
}

}  // namespace

Classification::Classification(DataSet data, TableInputs inputs) : TableProblem(std::move(data), inputs) {}

const std::vector<Metric>& class_metrics() {
  static const std::vector<Metric> all = [] {
    std::vector<Metric> metrics{
        {.name = "accuracy", .unit = {}, .high = 1, .share = true, .decides = true, .over_rows = true},
        {.name = "balanced-accuracy",
         .unit = {},
         .high = 1,
         .share = true,
         .decides = true,
         .over_rows = true,
         .classes_alike = true},
        {.name = "roc-auc", .unit = {}, .high = 1, .share = true, .decides = true, .read_as_number = true},
        {.name = "log-loss", .unit = {}, .higher_is_better = false},
        {.name = "calibration-error", .unit = {}, .higher_is_better = false, .high = 1, .share = true}};
    for (auto& metric : metrics) metric.problem = "classification";
    return metrics;
  }();
  return all;
}

Needs Classification::needs(const Metric& metric) const {
  const bool labels_decide = metric.name == "accuracy" || (metric.name == "roc-auc" && classes() == 2);
  return {.calibrated = !labels_decide, .balanced = metric.classes_alike};
}

std::vector<int> Classification::truth(std::span<const std::size_t> rows) const {
  std::vector<int> labels;
  labels.reserve(rows.size());
  for (const auto row : rows) labels.push_back(data().labels.at(row));
  return labels;
}

Samples Classification::samples(Matrix<double> x, const TableRows& rows) const {
  return Samples(std::move(x), rows.labels, classes());
}

Scores Classification::score(const Answer& answer, std::span<const std::size_t> rows) const {
  return qupel::score(classes_of(answer), truth(rows), classes());
}

std::string Classification::contradiction(const Answer& answer, std::span<const std::size_t> test_rows,
                                          const Scores& stored) const {
  const auto rows = test_rows.size();
  const auto* prediction = std::get_if<Classes>(&answer);
  if (!prediction) return fmt::format("{} in place of classes", to_string(answer));
  const bool known =
      std::ranges::all_of(test_rows, [&](std::size_t row) { return row < data().labels.size(); });
  const auto& p = prediction->probabilities;
  if (rows == 0 || !known || prediction->labels.size() != rows || p.rows() != rows ||
      p.columns() != data().classes.size())
    return fmt::format("{} labels and {} x {} probabilities for {} of {} classes", prediction->labels.size(),
                       p.rows(), p.columns(), counted(rows, "test row"), classes());
  if (const auto found = stored.find("accuracy"); found != stored.end()) {
    const double right = found->second * static_cast<double>(rows);
    if (!(std::abs(right - std::round(right)) < 1e-6))
      return fmt::format("accuracy {:.6g} is no multiple of 1/{}, so it was not measured on these test rows",
                         found->second, rows);
  }
  return "";
}

Answer Classification::floor(const Task& task) const {
  const auto shares = class_shares(truth(task.learn_rows), classes());
  Classes prediction{{}, Matrix<double>(task.ask_rows.size(), shares.size())};
  for (std::size_t r = 0; r < task.ask_rows.size(); ++r)
    std::ranges::copy(shares, prediction.probabilities.row(r).begin());
  const auto most = static_cast<int>(std::ranges::max_element(shares) - shares.begin());
  prediction.labels.assign(task.ask_rows.size(), most);
  return prediction;
}

std::vector<Adjustment> Classification::adjustments(const Metric& metric) const {
  std::vector<Adjustment> candidates;
  if (metric.classes_alike)
    for (const double power : prior_powers()) candidates.push_back({{prior_power, power}});
  return candidates;
}

void Classification::adjust(const Adjustment& adjustment, const Task& task, Answer& answer) const {
  if (adjustment.empty()) return;
  adjust_answer(adjustment, class_shares(truth(task.learn_rows), classes()), answer);
}

std::vector<double> Classification::row_leads(const Answer& answer, const Answer* other,
                                              std::span<const std::size_t> rows, const Metric& metric) const {
  if (!metric.over_rows) return {};
  const auto right = [&](const Answer& given, std::size_t i) {
    return classes_of(given).labels[i] == data().labels[rows[i]] ? 1.0 : 0.0;
  };
  std::vector<double> leads;
  for (std::size_t i = 0; i < rows.size(); ++i)
    leads.push_back(right(answer, i) - (other ? right(*other, i) : 0));
  return leads;
}

std::vector<double> Classification::row_weights(std::span<const std::size_t> rows,
                                                const Metric& metric) const {
  std::vector<double> weights(rows.size(), 1);
  if (!metric.classes_alike) return weights;
  std::vector<double> counts(data().classes.size());
  for (const auto row : rows) counts[static_cast<std::size_t>(data().labels[row])] += 1;
  const auto present = static_cast<double>(std::ranges::count_if(counts, [](double n) { return n > 0; }));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double of_class = counts[static_cast<std::size_t>(data().labels[rows[i]])];
    weights[i] = static_cast<double>(rows.size()) / (present * of_class);
  }
  return weights;
}

std::vector<int> Classification::row_groups(const Metric& metric) const {
  return metric.name == "accuracy" ? std::vector<int>(data().labels.size()) : data().labels;
}

double Classification::counted_rows(const Metric& metric) const {
  if (metric.name == "accuracy") return static_cast<double>(data().labels.size());
  const auto counts = strata_counts(data());
  double inverse = 0;
  for (const auto count : counts) inverse += 1 / static_cast<double>(std::max<std::size_t>(count, 1));
  return static_cast<double>(counts.size() * counts.size()) / inverse;
}

std::optional<RowSums> Classification::row_sums(std::span<const Answered> answered,
                                                const Metric& metric) const {
  return class_row_sums(data(), answered, metric.name);
}

Figures Classification::figures(std::span<const Answered> answered) const {
  return class_figures(data(), answered);
}

std::vector<Check> Classification::own_checks(const Metric& deciding) const {
  return {leak_check(data()), imbalance_check(data(), deciding.name)};
}

}  // namespace qupel
