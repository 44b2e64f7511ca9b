#include "qupel/learn/svm_rows.h"

#include <cmath>
#include <numeric>

#include "qupel/learn/libsvm.h"

namespace qupel {

Matrix<double> rbf_kernel(const Matrix<double>& a, const Matrix<double>& b, double gamma) {
  Matrix<double> kernel(a.rows(), b.rows());
  for (std::size_t i = 0; i < a.rows(); ++i)
    for (std::size_t j = 0; j < b.rows(); ++j) {
      double square = 0;
      for (std::size_t k = 0; k < a.columns(); ++k) square += (a(i, k) - b(j, k)) * (a(i, k) - b(j, k));
      kernel(i, j) = std::exp(-gamma * square);
    }
  return kernel;
}

double scale_gamma(const Matrix<double>& x) {
  const auto values = x.values();
  const auto count = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
  const double square = std::accumulate(values.begin(), values.end(), 0.0, [&](double sum, double value) {
    return sum + (value - mean) * (value - mean);
  });
  return square > 0 ? count / (static_cast<double>(x.columns()) * square) : 1;
}

SvmRows::SvmRows(const Matrix<double>& values, bool is_kernel, double gamma)
    : values_(&values),
      is_kernel_(is_kernel),
      gamma_(gamma),
      nodes_(std::make_unique<Nodes>(values, is_kernel)) {}
SvmRows::~SvmRows() = default;
SvmRows::SvmRows(SvmRows&&) noexcept = default;
SvmRows& SvmRows::operator=(SvmRows&&) noexcept = default;

SvmRows SvmRows::precomputed(const Matrix<double>& kernel) { return {kernel, true, 0}; }
SvmRows SvmRows::rbf(const Matrix<double>& x, double gamma) { return {x, false, gamma}; }

Matrix<double> SvmRows::kernel(std::span<const std::size_t> rows, std::span<const std::size_t> others) const {
  if (!is_kernel_) return rbf_kernel(take_rows(*values_, rows), take_rows(*values_, others), gamma_);
  Matrix<double> kernel(rows.size(), others.size());
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (std::size_t j = 0; j < others.size(); ++j) kernel(i, j) = (*values_)(rows[i], others[j]);
  return kernel;
}

}  // namespace qupel
