#include "qupel/model/readout.h"

#include "qupel/encode/encoding.h"
#include "qupel/model/eigen_view.h"

namespace qupel {
namespace {

Eigen::Index index(std::size_t size) { return static_cast<Eigen::Index>(size); }

}  // namespace

Readout::Readout(int qubits, int classes) : classes_(static_cast<std::size_t>(classes)) {
  for (int q = 0; q < qubits; ++q) observables_.push_back(Observable::z(q));
  for (const auto& [i, j] : pairs(Entanglement::ring, qubits)) {
    const int both[] = {i, j};
    observables_.push_back(Observable::parity(both));
  }
}

Matrix<double> Readout::scores(const Matrix<double>& values, std::span<const double> parameters) const {
  const Eigen::Map<const EigenMatrix> weights(parameters.data(), index(classes_), index(observables_.size()));
  const Eigen::Map<const Eigen::RowVectorXd> biases(parameters.data() + weights.size(), index(classes_));
  Matrix<double> scores(values.rows(), classes_);
  view(scores).noalias() = view(values) * weights.transpose();
  view(scores).rowwise() += biases;
  return scores;
}

void Readout::pull_back(const Matrix<double>& score_slopes, std::span<const double> parameters,
                        Matrix<double>& value_slopes) const {
  const Eigen::Map<const EigenMatrix> weights(parameters.data(), index(classes_), index(observables_.size()));
  view(value_slopes).noalias() = view(score_slopes) * weights;
}

void Readout::gradient(const Matrix<double>& values, const Matrix<double>& score_slopes,
                       std::span<double> gradient) const {
  Eigen::Map<EigenMatrix> weights(gradient.data(), index(classes_), index(observables_.size()));
  Eigen::Map<Eigen::RowVectorXd> biases(gradient.data() + weights.size(), index(classes_));
  weights.noalias() = view(score_slopes).transpose() * view(values);
  biases = view(score_slopes).colwise().sum();
}

double Readout::add_penalty(double factor, std::span<const double> parameters,
                            std::span<double> gradient) const {
  double square = 0;
  for (std::size_t i = 0; i < classes_ * observables_.size(); ++i) {
    square += parameters[i] * parameters[i];
    gradient[i] += factor * parameters[i];
  }
  return factor / 2 * square;
}

}  // namespace qupel
