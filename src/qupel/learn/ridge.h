#pragma once
#include <numeric>
#include <span>
#include <vector>

#include "qupel/base/matrix.h"
#include "qupel/contend/row_model.h"

// Least squares with a penalty on the weights, solved exactly (Hoerl and Kennard 1970). Targets need no
// scale: predictions are linear in them.
namespace qupel {

/// Weights w and a free intercept b that minimise
///   sum_r (y_r - w . x_r - b)^2 + penalty |w|^2   (the objective of scikit-learn's Ridge).
class RidgeRegression {
 public:
  /// @throws InputError unless the penalty is above 0
  RidgeRegression(const Matrix<double>& x, std::span<const double> targets, double penalty);

  Numbers predict(const Matrix<double>& x) const;
  FitInfo info() const;
  std::size_t columns() const { return weights_.size(); }

  void save(Archive& archive) const;
  static RidgeRegression load(const Archive& saved);

 private:
  RidgeRegression() = default;
  std::vector<double> weights_;
  double intercept_ = 0;
};

/// The same in the space of a kernel: f(x) = sum_s a_s k(x, x_s) + b with
///   (K + penalty I) a = y - b,  sum_s a_s = 0.
class KernelRidge {
 public:
  /// @param kernel rows x rows, symmetric and positive semi-definite
  /// @throws InputError unless the penalty is above 0, and large enough for the rounding of the kernel
  KernelRidge(const Matrix<double>& kernel, std::span<const double> targets, double penalty);

  std::span<const std::size_t> support() const { return support_; }  ///< every row
  std::span<const double> coefficients() const { return coefficients_; }
  double intercept() const { return intercept_; }
  /// @param kernel rows x support
  Numbers predict(const Matrix<double>& kernel) const;
  FitInfo info() const;

  void save(Archive& archive) const;
  static KernelRidge load(const Archive& saved);

 private:
  KernelRidge(std::vector<double> coefficients, double intercept);
  std::vector<std::size_t> support_;
  std::vector<double> coefficients_;
  double intercept_ = 0;
};

}  // namespace qupel
