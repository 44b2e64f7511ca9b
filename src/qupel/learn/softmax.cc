#include "qupel/learn/softmax.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace qupel {
namespace {

/// exp(s - max) in place and its sum.
double exponentials(std::span<double> scores, double highest) {
  double total = 0;
  for (double& score : scores) total += score = std::exp(score - highest);
  return total;
}

}  // namespace

void softmax(std::span<double> scores) {
  const double total = exponentials(scores, *std::max_element(scores.begin(), scores.end()));
  for (double& score : scores) score /= total;
}

double cross_entropy(std::span<double> scores, int label) {
  const double highest = *std::max_element(scores.begin(), scores.end());
  double& own = scores[static_cast<std::size_t>(label)];
  const double margin = own - highest;
  const double total = exponentials(scores, highest);
  for (double& score : scores) score /= total;
  own -= 1;
  return std::log(total) - margin;
}

std::vector<int> largest_columns(const Matrix<double>& values) {
  std::vector<int> columns(values.rows());
  for (std::size_t r = 0; r < values.rows(); ++r) {
    const auto row = values.row(r);
    columns[r] = static_cast<int>(std::max_element(row.begin(), row.end()) - row.begin());
  }
  return columns;
}

Classes predict_from_scores(Matrix<double> scores) {
  for (std::size_t r = 0; r < scores.rows(); ++r) softmax(scores.row(r));
  auto labels = largest_columns(scores);
  return {std::move(labels), std::move(scores)};
}

}  // namespace qupel
