#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "qupel/base/matrix.h"
#include "qupel/contend/row_model.h"

// What the rows of a training set should come to, as learners see it: numbers without their unit, or classes.
namespace qupel {

/// Mean and standard deviation of training targets. Learners whose settings mean something only on one scale
/// see (target - mean) / deviation, and answer in the original unit.
struct TargetScale {
  double mean = 0;
  double deviation = 0;  ///< 0 where all targets are equal: then every answer is that number

  double standardised(double target) const { return deviation > 0 ? (target - mean) / deviation : 0; }
  double original(double value) const { return mean + deviation * value; }
};
TargetScale target_scale(std::span<const double> targets);

/// The scale of a model's numbers in what it saves; nothing for classes.
void save(Archive& archive, const std::optional<TargetScale>& scale);
std::optional<TargetScale> scale_from(const Archive& saved);

/// The targets without their unit.
std::vector<double> standardised(std::span<const double> targets, const TargetScale& scale);

/// The numbers of regression rows. @throws InputError unless there is one for every row, and a row at all
std::span<const double> numbers_of(const Samples& samples);

/// Classes or standardised numbers of rows, and the loss of scores for them.
class Targets {
 public:
  /// @throws InputError for rows with neither classes nor numbers
  explicit Targets(const Samples& samples);

  std::size_t outputs() const { return scale_ ? 1 : classes_; }  ///< scores a row: one a class, or one number
  /// The loss of a row's scores, which become d loss / d score: cross-entropy of classes, or half the squared
  /// error of a standardised number.
  double loss(std::span<double> scores, std::size_t row) const;
  /// Those of the given rows.
  Targets of(std::span<const std::size_t> rows) const;
  /// Of numbers; none for classes.
  const std::optional<TargetScale>& scale() const { return scale_; }

 private:
  Targets() = default;
  std::vector<int> labels_;
  std::size_t classes_ = 0;
  std::vector<double> numbers_;
  std::optional<TargetScale> scale_;
};

/// The answer that scores mean: the most probable class, or without classes a number in its unit.
/// @param scale Targets::scale() of the training rows
Answer answer_from_scores(Matrix<double> scores, const std::optional<TargetScale>& scale);

}  // namespace qupel
