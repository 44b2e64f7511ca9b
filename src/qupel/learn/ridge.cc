#include "qupel/learn/ridge.h"

#include <Eigen/Cholesky>

#include <fmt/format.h>

#include "qupel/base/error.h"
#include "qupel/learn/eigen_view.h"

namespace qupel {
namespace {

using Vector = Eigen::VectorXd;

Eigen::Map<const Vector> view(std::span<const double> values) {
  return {values.data(), static_cast<Eigen::Index>(values.size())};
}

std::vector<double> copied(const Vector& values) { return {values.data(), values.data() + values.size()}; }

/// Solves (gram + penalty I) X = right.
EigenMatrix solve(EigenMatrix gram, const EigenMatrix& right, double penalty) {
  if (!(penalty > 0)) throw InputError(fmt::format("a ridge penalty must be above 0, not {:g}", penalty));
  gram.diagonal().array() += penalty;
  const Eigen::LLT<EigenMatrix> factors(std::move(gram));
  if (factors.info() != Eigen::Success)
    throw InputError(fmt::format("a ridge penalty of {:g} is lost in the rounding of the matrix", penalty));
  return factors.solve(right);
}

Numbers linear(const Matrix<double>& x, std::span<const double> weights, double intercept) {
  Numbers numbers{std::vector(x.rows(), intercept)};
  if (x.empty()) return numbers;
  Eigen::Map<Vector>(numbers.values.data(), static_cast<Eigen::Index>(x.rows())) +=
      qupel::view(x) * view(weights);
  return numbers;
}

FitInfo exact(std::size_t parameters) {
  return {.reason = "solved exactly", .losses = {}, .parameters = static_cast<long>(parameters)};
}

}  // namespace

RidgeRegression::RidgeRegression(const Matrix<double>& x, std::span<const double> targets, double penalty) {
  const Eigen::RowVectorXd middle = qupel::view(x).colwise().mean();
  const double mean = view(targets).mean();
  const EigenMatrix centred = qupel::view(x).rowwise() - middle;
  const EigenMatrix errors = (view(targets).array() - mean).matrix();
  const bool few_rows = x.rows() < x.columns();
  const Vector weights =
      few_rows ? Vector(centred.transpose() * solve(centred * centred.transpose(), errors, penalty))
               : Vector(solve(centred.transpose() * centred, centred.transpose() * errors, penalty));
  intercept_ = mean - middle * weights;
  weights_ = copied(weights);
}

Numbers RidgeRegression::predict(const Matrix<double>& x) const { return linear(x, weights_, intercept_); }

FitInfo RidgeRegression::info() const { return exact(weights_.size() + 1); }

void RidgeRegression::save(Archive& archive) const {
  archive.set("weights", weights_);
  archive.set("intercept", intercept_);
}

RidgeRegression RidgeRegression::load(const Archive& saved) {
  RidgeRegression regression;
  regression.weights_ = saved.numbers("weights");
  regression.intercept_ = saved.number("intercept");
  return regression;
}

KernelRidge::KernelRidge(const Matrix<double>& kernel, std::span<const double> targets, double penalty)
    : support_(kernel.rows()) {
  std::iota(support_.begin(), support_.end(), std::size_t{0});
  const double mean = view(targets).mean();
  EigenMatrix right(view(targets).size(), 2);
  right.col(0) = view(targets).array() - mean;
  right.col(1).setOnes();
  const EigenMatrix solved = solve(qupel::view(kernel), right, penalty);
  const double shift = solved.col(0).sum() / solved.col(1).sum();
  coefficients_ = copied(solved.col(0) - shift * solved.col(1));
  intercept_ = mean + shift;
}

Numbers KernelRidge::predict(const Matrix<double>& kernel) const {
  return linear(kernel, coefficients_, intercept_);
}

FitInfo KernelRidge::info() const { return exact(coefficients_.size() + 1); }

KernelRidge::KernelRidge(std::vector<double> coefficients, double intercept)
    : support_(coefficients.size()), coefficients_(std::move(coefficients)), intercept_(intercept) {
  std::iota(support_.begin(), support_.end(), std::size_t{0});
}

void KernelRidge::save(Archive& archive) const {
  archive.set("coefficients", coefficients_);
  archive.set("intercept", intercept_);
}

KernelRidge KernelRidge::load(const Archive& saved) {
  return KernelRidge(saved.numbers("coefficients"), saved.number("intercept"));
}

}  // namespace qupel
