#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "qupel/base/error.h"
#include "qupel/problem/tabular/balanced_accuracy.h"
#include "qupel/problem/tabular/class_scores.h"

// Scores of a prediction. A row with a NaN or infinite probability counts as the worst possible prediction of
// that row in every metric, so that all metrics are finite and a broken model never wins.
namespace qupel {
namespace {

void require_shape(const Classes& prediction, std::span<const int> truth, int classes) {
  const auto& p = prediction.probabilities;
  if (truth.empty() || prediction.labels.size() != truth.size() || p.rows() != truth.size() ||
      p.columns() != static_cast<std::size_t>(classes))
    throw InputError(
        fmt::format("a prediction of {} labels and {} x {} probabilities does not fit {} rows of {} "
                    "classes",
                    prediction.labels.size(), p.rows(), p.columns(), truth.size(), classes));
}

/// A prediction beside the truth, row by row.
class Scored {
 public:
  Scored(const Classes& prediction, std::span<const int> truth, int classes)
      : prediction_(prediction), truth_(truth), classes_(classes) {}

  std::size_t rows() const { return truth_.size(); }
  int classes() const { return classes_; }
  int truth(std::size_t row) const { return truth_[row]; }
  bool valid(std::size_t row) const {
    const auto p = prediction_.probabilities.row(row);
    return std::all_of(p.begin(), p.end(), [](double x) { return std::isfinite(x); });
  }
  bool correct(std::size_t row) const { return valid(row) && prediction_.labels[row] == truth_[row]; }
  double probability(std::size_t row, int label) const {
    return prediction_.probabilities(row, static_cast<std::size_t>(label));
  }
  /// The probability of the most probable class; 1 (and wrong) for an invalid row.
  double confidence(std::size_t row) const {
    const auto p = prediction_.probabilities.row(row);
    return valid(row) ? std::clamp(*std::max_element(p.begin(), p.end()), 0.0, 1.0) : 1.0;
  }
  /// Value by which rows are ranked for `label`; an invalid row ranks on the wrong side of all others.
  double ranking(std::size_t row, int label) const {
    if (valid(row)) return probability(row, label);
    return std::numeric_limits<double>::infinity() * (truth(row) == label ? -1 : 1);
  }

 private:
  const Classes& prediction_;
  std::span<const int> truth_;
  int classes_;
};

double accuracy(const Scored& scored) {
  double right = 0;
  for (std::size_t i = 0; i < scored.rows(); ++i) right += scored.correct(i) ? 1 : 0;
  return right / static_cast<double>(scored.rows());
}

double balanced_accuracy(const Scored& scored) {
  std::vector<double> right(static_cast<std::size_t>(scored.classes())), count(right.size());
  for (std::size_t i = 0; i < scored.rows(); ++i) {
    const auto label = static_cast<std::size_t>(scored.truth(i));
    count[label] += 1;
    right[label] += scored.correct(i) ? 1 : 0;
  }
  return qupel::balanced_accuracy(right, count);
}

/// Mann-Whitney: the share of pairs (row of the class, other row) in the right order, ties counting half.
/// @return NaN if the class, or all others, do not occur
double roc_auc_of(const Scored& scored, int label) {
  std::vector<std::pair<double, bool>> ranked;
  for (std::size_t i = 0; i < scored.rows(); ++i)
    ranked.emplace_back(scored.ranking(i, label), scored.truth(i) == label);
  std::sort(ranked.begin(), ranked.end());
  double positives = 0, negatives = 0, ordered = 0;
  for (std::size_t first = 0, end = 0; first < ranked.size(); first = end) {
    double tied_positives = 0, tied_negatives = 0;
    for (; end < ranked.size() && ranked[end].first == ranked[first].first; ++end)
      (ranked[end].second ? tied_positives : tied_negatives) += 1;
    ordered += tied_positives * (negatives + 0.5 * tied_negatives);
    positives += tied_positives;
    negatives += tied_negatives;
  }
  return ordered / (positives * negatives);
}

/// Macro mean of one-vs-rest over the classes that occur beside others; two classes need one of them. A
/// single class in the test rows cannot be ranked: 0.5.
double roc_auc(const Scored& scored) {
  double sum = 0, present = 0;
  for (int label = scored.classes() == 2 ? 1 : 0; label < scored.classes(); ++label)
    if (const double auc = roc_auc_of(scored, label); !std::isnan(auc)) sum += auc, present += 1;
  return present > 0 ? sum / present : 0.5;
}

double log_loss(const Scored& scored) {
  constexpr double smallest = 1e-15;
  double loss = 0;
  for (std::size_t i = 0; i < scored.rows(); ++i) {
    const double p = scored.valid(i) ? scored.probability(i, scored.truth(i)) : 0;
    loss -= std::log(std::clamp(p, smallest, 1.0));
  }
  return loss / static_cast<double>(scored.rows());
}

/// Naeini et al. 2015: mean |accuracy - confidence| over ten equally wide bins of confidence, weighted by
/// rows.
double calibration_error(const Scored& scored) {
  constexpr std::size_t bins = 10;
  std::array<double, bins> gap{};
  for (std::size_t i = 0; i < scored.rows(); ++i) {
    const double confidence = scored.confidence(i);
    const auto bin = std::min(bins - 1, static_cast<std::size_t>(confidence * bins));
    gap[bin] += (scored.correct(i) ? 1 : 0) - confidence;
  }
  const double total =
      std::accumulate(gap.begin(), gap.end(), 0.0, [](double sum, double g) { return sum + std::abs(g); });
  return total / static_cast<double>(scored.rows());
}

}  // namespace

std::map<std::string, double> score(const Classes& prediction, std::span<const int> truth, int classes) {
  require_shape(prediction, truth, classes);
  const Scored scored(prediction, truth, classes);
  return {{"accuracy", accuracy(scored)},
          {"balanced-accuracy", balanced_accuracy(scored)},
          {"roc-auc", roc_auc(scored)},
          {"log-loss", log_loss(scored)},
          {"calibration-error", calibration_error(scored)}};
}

}  // namespace qupel
