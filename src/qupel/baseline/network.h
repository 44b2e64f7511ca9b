#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "qupel/base/matrix.h"
#include "qupel/learn/targets.h"

namespace qupel {

enum class Activation { relu, tanh };

/// A multilayer perceptron: x -> activation(x W1 + b1) -> ... -> scores. All weights and biases lie in one
/// vector, layer by layer, each layer's weights (inputs x outputs, row-major) before its biases.
class Network {
 public:
  /// @param widths inputs, hidden layers, outputs
  Network(std::vector<std::size_t> widths, Activation activation);

  const std::vector<std::size_t>& widths() const { return widths_; }
  std::size_t parameters() const { return parameters_; }
  /// Uniform in +-sqrt(6 / (inputs + outputs)) for tanh (Glorot and Bengio 2010), +-sqrt(6 / inputs) for ReLU
  /// (He et al. 2015); biases 0.
  std::vector<double> initial(std::uint64_t seed) const;

  Matrix<double> scores(const Matrix<double>& x, std::span<const double> parameters) const;

  /// mean loss of the rows' targets + decay / 2 |weights|^2 and its gradient by backpropagation.
  double loss(const Matrix<double>& x, const Targets& targets, double decay,
              std::span<const double> parameters, std::span<double> gradient) const;

 private:
  std::size_t offset(std::size_t layer) const { return offsets_[layer]; }
  /// The values of every layer, the scores last.
  std::vector<Matrix<double>> forward(const Matrix<double>& x, std::span<const double> parameters) const;

  std::vector<std::size_t> widths_, offsets_;
  std::size_t parameters_ = 0;
  Activation activation_;
};

}  // namespace qupel
