#include "qupel/baseline/softmax_regression.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "qupel/base/error.h"
#include "qupel/contend/saving.h"
#include "qupel/learn/eigen_view.h"
#include "qupel/learn/fitting.h"
#include "qupel/learn/softmax.h"
#include "qupel/train/optimizer.h"

namespace qupel {
namespace {

struct Shape {
  Eigen::Index columns, classes;
  std::size_t weights() const { return static_cast<std::size_t>(columns * classes); }
  std::size_t parameters() const { return weights() + static_cast<std::size_t>(classes); }
};

Shape shape(const Matrix<double>& x, int classes) {
  return {static_cast<Eigen::Index>(x.columns()), classes};
}

Matrix<double> linear_scores(const Matrix<double>& x, const Shape& shape,
                             std::span<const double> parameters) {
  const Eigen::Map<const EigenMatrix> weights(parameters.data(), shape.columns, shape.classes);
  const Eigen::Map<const Eigen::RowVectorXd> biases(parameters.data() + shape.weights(), shape.classes);
  Matrix<double> scores(x.rows(), static_cast<std::size_t>(shape.classes));
  view(scores).noalias() = view(x) * weights;
  view(scores).rowwise() += biases;
  return scores;
}

}  // namespace

double softmax_regression_loss(const Matrix<double>& x, std::span<const int> labels, int classes, double C,
                               std::span<const double> parameters, std::span<double> gradient) {
  const auto sizes = shape(x, classes);
  const double share = 1 / static_cast<double>(x.rows());
  auto scores = linear_scores(x, sizes, parameters);
  double loss = 0;
  for (std::size_t r = 0; r < x.rows(); ++r) loss += share * cross_entropy(scores.row(r), labels[r]);

  const Eigen::Map<const EigenMatrix> weights(parameters.data(), sizes.columns, sizes.classes);
  Eigen::Map<EigenMatrix> weight_slopes(gradient.data(), sizes.columns, sizes.classes);
  Eigen::Map<Eigen::RowVectorXd> bias_slopes(gradient.data() + sizes.weights(), sizes.classes);
  weight_slopes.noalias() = share * (view(x).transpose() * view(scores));
  weight_slopes += (share / C) * weights;
  bias_slopes = share * view(scores).colwise().sum();
  return loss + share / (2 * C) * weights.squaredNorm();
}

SoftmaxRegression::SoftmaxRegression(const Matrix<double>& x, std::span<const int> labels, int classes,
                                     double C, std::size_t max_steps) {
  if (!(C > 0)) throw InputError(fmt::format("C of a logistic regression must be above 0, not {:g}", C));
  const auto sizes = shape(x, classes);
  const Objective objective = [&](auto parameters, auto gradient, std::size_t) {
    return softmax_regression_loss(x, labels, classes, C, parameters, gradient);
  };
  auto optimum = lbfgs(objective, std::vector<double>(sizes.parameters()),
                       {.max_steps = max_steps, .gradient_tolerance = 1e-4, .relative_tolerance = 1e-7});
  weights_ = Matrix<double>(x.columns(), static_cast<std::size_t>(classes));
  const auto split = optimum.parameters.begin() + static_cast<std::ptrdiff_t>(sizes.weights());
  std::copy(optimum.parameters.begin(), split, weights_.values().begin());
  biases_.assign(split, optimum.parameters.end());
  info_ = fit_info(optimum);
}

void SoftmaxRegression::save(Archive& archive) const {
  archive.set("weights", weights_);
  archive.set("biases", biases_);
  archive.set("fit", to_archive(info_));
}

SoftmaxRegression SoftmaxRegression::load(const Archive& saved) {
  SoftmaxRegression regression;
  regression.weights_ = saved.matrix("weights");
  regression.biases_ = saved.numbers("biases");
  regression.info_ = fit_info_from(saved.part("fit"));
  require_saved(!regression.biases_.empty() && regression.weights_.columns() == regression.classes(),
                "a weight for each column and class");
  return regression;
}

Classes SoftmaxRegression::predict(const Matrix<double>& x) const {
  Matrix<double> scores(x.rows(), biases_.size());
  view(scores).noalias() = view(x) * view(weights_);
  view(scores).rowwise() +=
      Eigen::Map<const Eigen::RowVectorXd>(biases_.data(), static_cast<Eigen::Index>(biases_.size()));
  return predict_from_scores(std::move(scores));
}

}  // namespace qupel
