#pragma once
#include <memory>
#include <span>

#include "qupel/base/matrix.h"

// Training rows and kernels of support-vector machines.
namespace qupel {

/// exp(-gamma |a_i - b_j|^2) as rows(a) x rows(b).
Matrix<double> rbf_kernel(const Matrix<double>& a, const Matrix<double>& b, double gamma);

/// 1 / (columns * variance of all entries), scikit-learn's gamma = "scale"; 1 for constant rows.
double scale_gamma(const Matrix<double>& x);

/// Training rows as LIBSVM sees them: a kernel between any two of them. The matrix given must outlive it.
class SvmRows {
 public:
  /// @param kernel rows x rows, symmetric
  static SvmRows precomputed(const Matrix<double>& kernel);
  static SvmRows rbf(const Matrix<double>& x, double gamma);
  ~SvmRows();
  SvmRows(SvmRows&&) noexcept;
  SvmRows& operator=(SvmRows&&) noexcept;

  /// The kernel between some rows and others.
  Matrix<double> kernel(std::span<const std::size_t> rows, std::span<const std::size_t> others) const;

 private:
  friend class OneVsOne;
  friend class Svr;
  struct Nodes;
  SvmRows(const Matrix<double>& values, bool is_kernel, double gamma);
  const Matrix<double>* values_;
  bool is_kernel_;
  double gamma_;
  std::unique_ptr<Nodes> nodes_;
};

}  // namespace qupel
