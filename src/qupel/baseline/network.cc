#include "qupel/baseline/network.h"

#include <cmath>
#include <utility>

#include "qupel/base/random.h"
#include "qupel/learn/eigen_view.h"

namespace qupel {
namespace {

using ConstWeights = Eigen::Map<const EigenMatrix>;
using Weights = Eigen::Map<EigenMatrix>;
using ConstBiases = Eigen::Map<const Eigen::RowVectorXd>;
using Biases = Eigen::Map<Eigen::RowVectorXd>;

Eigen::Index index(std::size_t size) { return static_cast<Eigen::Index>(size); }

void activate(Activation activation, Matrix<double>& values) {
  auto array = view(values).array();
  if (activation == Activation::relu)
    array = array.max(0.0);
  else
    array = array.tanh();
}

/// Multiplies by the derivative of the activation, told from its values.
void multiply_by_slope(Activation activation, const Matrix<double>& values, Matrix<double>& slopes) {
  const auto value = view(values).array();
  if (activation == Activation::relu)
    view(slopes).array() *= (value > 0).cast<double>();
  else
    view(slopes).array() *= 1 - value.square();
}

}  // namespace

Network::Network(std::vector<std::size_t> widths, Activation activation)
    : widths_(std::move(widths)), activation_(activation) {
  for (std::size_t layer = 0; layer + 1 < widths_.size(); ++layer) {
    offsets_.push_back(parameters_);
    parameters_ += (widths_[layer] + 1) * widths_[layer + 1];
  }
}

std::vector<double> Network::initial(std::uint64_t seed) const {
  std::vector<double> parameters(parameters_);
  Random random(seed);
  for (std::size_t layer = 0; layer < offsets_.size(); ++layer) {
    const std::size_t in = widths_[layer], out = widths_[layer + 1];
    const double limit = std::sqrt(6 / static_cast<double>(activation_ == Activation::relu ? in : in + out));
    for (std::size_t i = 0; i < in * out; ++i)
      parameters[offsets_[layer] + i] = random.uniform(-limit, limit);
  }
  return parameters;
}

std::vector<Matrix<double>> Network::forward(const Matrix<double>& x,
                                             std::span<const double> parameters) const {
  std::vector<Matrix<double>> values;
  for (std::size_t layer = 0; layer < offsets_.size(); ++layer) {
    const std::size_t in = widths_[layer], out = widths_[layer + 1];
    const double* start = parameters.data() + offsets_[layer];
    Matrix<double> next(x.rows(), out);
    view(next).noalias() = view(layer == 0 ? x : values.back()) * ConstWeights(start, index(in), index(out));
    view(next).rowwise() += ConstBiases(start + in * out, index(out));
    if (layer + 1 < offsets_.size()) activate(activation_, next);
    values.push_back(std::move(next));
  }
  return values;
}

Matrix<double> Network::scores(const Matrix<double>& x, std::span<const double> parameters) const {
  return std::move(forward(x, parameters).back());
}

double Network::loss(const Matrix<double>& x, const Targets& targets, double decay,
                     std::span<const double> parameters, std::span<double> gradient) const {
  auto values = forward(x, parameters);
  const double share = 1 / static_cast<double>(x.rows());
  Matrix<double> slopes = std::move(values.back());
  double loss = 0;
  for (std::size_t r = 0; r < x.rows(); ++r) loss += share * targets.loss(slopes.row(r), r);
  view(slopes) *= share;

  for (std::size_t layer = offsets_.size(); layer-- > 0;) {
    const std::size_t in = widths_[layer], out = widths_[layer + 1];
    const ConstWeights weights(parameters.data() + offsets_[layer], index(in), index(out));
    Weights weight_slopes(gradient.data() + offsets_[layer], index(in), index(out));
    Biases bias_slopes(gradient.data() + offsets_[layer] + in * out, index(out));
    const Matrix<double>& inputs = layer == 0 ? x : values[layer - 1];
    weight_slopes.noalias() = view(inputs).transpose() * view(slopes);
    weight_slopes += decay * weights;
    bias_slopes = view(slopes).colwise().sum();
    loss += decay / 2 * weights.squaredNorm();
    if (layer == 0) break;
    Matrix<double> below(x.rows(), in);
    view(below).noalias() = view(slopes) * weights.transpose();
    multiply_by_slope(activation_, inputs, below);
    slopes = std::move(below);
  }
  return loss;
}

}  // namespace qupel
