#pragma once
#include <span>
#include <vector>

#include "qupel/contend/row_model.h"
#include "qupel/learn/svm_rows.h"

namespace qupel {

/// Support-vector regression with LIBSVM (epsilon-SVR, Chang and Lin 2011) on standardised targets:
///   f(x) = sum_s a_s k(x, x_s) + b,  |a_s| <= C,
/// where errors below epsilon cost nothing. Same bits for the same arguments.
class Svr {
 public:
  /// @param epsilon in standard deviations of the targets
  /// @throws InputError unless C and the kernel's gamma are above 0 and epsilon is not below 0
  Svr(const SvmRows& data, std::span<const double> targets, double C, double epsilon);

  std::span<const std::size_t> support() const { return support_; }  ///< rows of `data`, ascending
  /// @param kernel rows x support
  Numbers predict(const Matrix<double>& kernel) const;
  FitInfo info() const;

  void save(Archive& archive) const;
  static Svr load(const Archive& saved);

 private:
  Svr() = default;
  std::vector<std::size_t> support_;
  std::vector<double> coefficients_;  ///< in the targets' unit
  double intercept_ = 0;
  double tolerance_ = 0;
};

}  // namespace qupel
