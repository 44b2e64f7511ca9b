#pragma once
#include <span>
#include <vector>

#include "qupel/base/matrix.h"
#include "qupel/contend/contender.h"

namespace qupel {

/// Multinomial logistic regression: scores x W + b with b free, W minimising
///   mean cross-entropy + |W|^2 / (2 C rows)
/// by L-BFGS (the objective of scikit-learn's LogisticRegression).
class SoftmaxRegression {
 public:
  /// @throws InputError unless C > 0
  SoftmaxRegression(const Matrix<double>& x, std::span<const int> labels, int classes, double C,
                    std::size_t max_steps);

  Classes predict(const Matrix<double>& x) const;
  const FitInfo& info() const { return info_; }
  std::size_t columns() const { return weights_.rows(); }
  std::size_t classes() const { return biases_.size(); }

  void save(Archive& archive) const;
  static SoftmaxRegression load(const Archive& saved);

 private:
  SoftmaxRegression() = default;
  Matrix<double> weights_;      // columns x classes
  std::vector<double> biases_;  // one a class
  FitInfo info_;
};

/// The objective above and its gradient; `parameters` are W row by row, then b.
double softmax_regression_loss(const Matrix<double>& x, std::span<const int> labels, int classes, double C,
                               std::span<const double> parameters, std::span<double> gradient);

}  // namespace qupel
