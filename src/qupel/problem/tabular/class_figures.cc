#include "qupel/problem/tabular/class_figures.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "qupel/problem/tabular/balanced_accuracy.h"

namespace qupel {
namespace {

/// Calls `look` with every answered row: its answer, its place there, and the row of the data.
template <typename Look>
void for_each_row(std::span<const Answered> answered, Look look) {
  for (const auto& [answer, rows] : answered) {
    const auto& prediction = std::get<Classes>(*answer);
    for (std::size_t i = 0; i < rows.size(); ++i) look(prediction, i, rows[i]);
  }
}

/// Summands: how often asked, and what `add` gives.
RowSums mean_over_rows(const DataSet& data, std::span<const Answered> answered,
                       const std::function<double(const Classes&, std::size_t, std::size_t)>& value) {
  RowSums result{Matrix<double>(data.labels.size(), 2),
                 [](std::span<const double> s) { return s[1] / s[0]; }};
  for_each_row(answered, [&](const Classes& prediction, std::size_t i, std::size_t row) {
    result.sums(row, 0) += 1;
    result.sums(row, 1) += value(prediction, i, row);
  });
  return result;
}

double is_right(const DataSet& data, const Classes& prediction, std::size_t i, std::size_t row) {
  return prediction.labels[i] == data.labels[row] ? 1 : 0;
}

/// Summands: how often asked, rows right by class, rows by class.
RowSums recalls(const DataSet& data, std::span<const Answered> answered) {
  const auto classes = data.classes.size();
  RowSums result{Matrix<double>(data.labels.size(), 1 + 2 * classes), [classes](std::span<const double> s) {
                   return balanced_accuracy(s.subspan(1, classes), s.subspan(1 + classes, classes));
                 }};
  for_each_row(answered, [&](const Classes& prediction, std::size_t i, std::size_t row) {
    const auto label = static_cast<std::size_t>(data.labels[row]);
    result.sums(row, 0) += 1;
    result.sums(row, 1 + label) += is_right(data, prediction, i, row);
    result.sums(row, 1 + classes + label) += 1;
  });
  return result;
}

std::vector<std::vector<int>> confusion_of(const DataSet& data, std::span<const Answered> answered) {
  const auto classes = data.classes.size();
  std::vector<std::vector<int>> counts(classes, std::vector<int>(classes));
  for_each_row(answered, [&](const Classes& prediction, std::size_t i, std::size_t row) {
    ++counts[static_cast<std::size_t>(data.labels[row])][static_cast<std::size_t>(prediction.labels[i])];
  });
  return counts;
}

std::vector<std::pair<double, double>> calibration_of(const DataSet& data,
                                                      std::span<const Answered> answered) {
  constexpr std::size_t bins = 10;
  std::vector<double> probability(bins), right(bins), count(bins);
  for_each_row(answered, [&](const Classes& prediction, std::size_t i, std::size_t row) {
    const auto p = prediction.probabilities.row(i);
    const auto top = static_cast<std::size_t>(std::max_element(p.begin(), p.end()) - p.begin());
    const auto bin = std::min(bins - 1, static_cast<std::size_t>(p[top] * bins));
    probability[bin] += p[top];
    right[bin] += static_cast<int>(top) == data.labels[row] ? 1 : 0;
    count[bin] += 1;
  });
  std::vector<std::pair<double, double>> points;
  for (std::size_t b = 0; b < bins; ++b)
    if (count[b] > 0) points.emplace_back(probability[b] / count[b], right[b] / count[b]);
  return points;
}

std::vector<std::pair<double, double>> roc_of(const DataSet& data, std::span<const Answered> answered) {
  constexpr std::size_t most_points = 200;
  if (data.classes.size() != 2) return {};
  std::vector<std::pair<double, bool>> ranked;
  for_each_row(answered, [&](const Classes& prediction, std::size_t i, std::size_t row) {
    const double p = prediction.probabilities(i, 1);
    ranked.emplace_back(std::isnan(p) ? 0 : p, data.labels[row] == 1);
  });
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

}  // namespace

std::optional<RowSums> class_row_sums(const DataSet& data, std::span<const Answered> answered,
                                      std::string_view metric) {
  if (metric == "balanced-accuracy") return recalls(data, answered);
  if (metric == "accuracy") {
    auto sums =
        mean_over_rows(data, answered, [&](const Classes& prediction, std::size_t i, std::size_t row) {
          return is_right(data, prediction, i, row);
        });
    sums.proportion = true;
    return sums;
  }
  if (metric == "log-loss")
    return mean_over_rows(data, answered, [&](const Classes& prediction, std::size_t i, std::size_t row) {
      const double p = prediction.probabilities(i, static_cast<std::size_t>(data.labels[row]));
      return -std::log(std::max(std::isnan(p) ? 0 : p, 1e-15));
    });
  return std::nullopt;
}

Figures class_figures(const DataSet& data, std::span<const Answered> answered) {
  return {.confusion = confusion_of(data, answered),
          .calibration = calibration_of(data, answered),
          .roc = roc_of(data, answered),
          .true_and_predicted = {}};
}

}  // namespace qupel
