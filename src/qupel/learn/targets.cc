#include "qupel/learn/targets.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "qupel/base/error.h"
#include "qupel/learn/softmax.h"

namespace qupel {
namespace {

template <typename T>
std::vector<T> taken(std::span<const T> all, std::span<const std::size_t> rows) {
  std::vector<T> some;
  if (all.empty()) return some;
  some.reserve(rows.size());
  for (const auto row : rows) some.push_back(all[row]);
  return some;
}

}  // namespace

// In units of the largest target and the largest distance, so that no square leaves the range of a double.
TargetScale target_scale(std::span<const double> targets) {
  const auto [low, high] = std::minmax_element(targets.begin(), targets.end());
  if (targets.empty()) return {};
  if (*low == *high) return {.mean = *low};
  const auto count = static_cast<double>(targets.size());
  const double unit = std::max(std::abs(*low), std::abs(*high));
  double mean = 0;
  for (const double target : targets) mean += target / unit / count;
  mean *= unit;
  const double farthest = std::max(mean - *low, *high - mean);
  double square = 0;
  for (const double target : targets) {
    const double distance = (target - mean) / farthest;
    square += distance * distance;
  }
  return {mean, farthest * std::sqrt(square / count)};
}

void save(Archive& archive, const std::optional<TargetScale>& scale) {
  if (!scale) return;
  archive.set("target mean", scale->mean);
  archive.set("target deviation", scale->deviation);
}

std::optional<TargetScale> scale_from(const Archive& saved) {
  if (!saved.has("target mean")) return std::nullopt;
  return TargetScale{saved.number("target mean"), saved.number("target deviation")};
}

std::vector<double> standardised(std::span<const double> targets, const TargetScale& scale) {
  std::vector<double> values;
  values.reserve(targets.size());
  for (const double target : targets) values.push_back(scale.standardised(target));
  return values;
}

std::span<const double> numbers_of(const Samples& samples) {
  if (samples.targets.size() == samples.x.rows() && !samples.targets.empty()) return samples.targets;
  throw InputError(fmt::format("a contender for regression needs a number for every row: {} rows, {} numbers",
                               samples.x.rows(), samples.targets.size()));
}

Targets::Targets(const Samples& samples)
    : labels_(samples.y.begin(), samples.y.end()), classes_(static_cast<std::size_t>(samples.classes)) {
  if (samples.is_classification()) return;
  const auto numbers = numbers_of(samples);
  scale_ = target_scale(numbers);
  numbers_ = standardised(numbers, *scale_);
}

double Targets::loss(std::span<double> scores, std::size_t row) const {
  if (!scale_) return cross_entropy(scores, labels_[row]);
  double& error = scores.front();
  error -= numbers_[row];
  return error * error / 2;
}

Targets Targets::of(std::span<const std::size_t> rows) const {
  Targets some;
  some.labels_ = taken<int>(labels_, rows);
  some.classes_ = classes_;
  some.numbers_ = taken<double>(numbers_, rows);
  some.scale_ = scale_;
  return some;
}

Answer answer_from_scores(Matrix<double> scores, const std::optional<TargetScale>& scale) {
  if (!scale) return predict_from_scores(std::move(scores));
  Numbers numbers;
  for (std::size_t r = 0; r < scores.rows(); ++r) numbers.values.push_back(scale->original(scores(r, 0)));
  return numbers;
}

}  // namespace qupel
