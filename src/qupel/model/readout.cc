#include "qupel/model/readout.h"

#include <algorithm>
#include <string>
#include <utility>

#include "qupel/base/error.h"
#include "qupel/encode/encoding.h"
#include "qupel/learn/eigen_view.h"

namespace qupel {
namespace {

constexpr int most_qubits_of_all = 8, longest_beyond = 3;

Eigen::Index index(std::size_t size) { return static_cast<Eigen::Index>(size); }

}  // namespace

ZStrings z_strings(std::string_view name) {
  const std::vector<std::string> names{"neighbours", "pairs", "all"};
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) throw InputError(unknown_name(name, "a readout", names));
  return static_cast<ZStrings>(found - names.begin());
}

Readout::Readout(int qubits, std::size_t outputs, ZStrings strings, bool product_state)
    : outputs_(outputs), product_state_(product_state) {
  for (int q = 0; q < qubits; ++q) strings_.push_back({none, {q}});
  if (product_state || strings == ZStrings::all) {
    add_strings(qubits, qubits <= most_qubits_of_all ? qubits : longest_beyond);
  } else if (strings == ZStrings::pairs) {
    add_strings(qubits, 2);
  } else {
    for (const auto& [i, j] : pairs(Entanglement::ring, qubits))
      strings_.push_back({static_cast<std::size_t>(i), {i, j}});
  }
  const auto measured = product_state ? static_cast<std::size_t>(qubits) : strings_.size();
  for (std::size_t s = 0; s < measured; ++s) observables_.push_back(Observable::parity(strings_[s].qubits));
}

/// All strings of two up to `length` qubits: each extends a shorter one by a qubit after its last.
void Readout::add_strings(int qubits, int length) {
  for (std::size_t s = 0; s < strings_.size(); ++s) {
    if (static_cast<int>(strings_[s].qubits.size()) >= length) continue;
    for (int q = strings_[s].qubits.back() + 1; q < qubits; ++q) {
      auto longer = strings_[s].qubits;
      longer.push_back(q);
      strings_.push_back({s, std::move(longer)});
    }
  }
}

Matrix<double> Readout::features(const Matrix<double>& values) const {
  if (!product_state_) return values;
  Matrix<double> features(values.rows(), strings_.size());
  for (std::size_t r = 0; r < values.rows(); ++r) {
    const auto row = features.row(r);
    for (std::size_t s = 0; s < strings_.size(); ++s) {
      const double last = values(r, static_cast<std::size_t>(strings_[s].qubits.back()));
      row[s] = strings_[s].shorter == none ? last : row[strings_[s].shorter] * last;
    }
  }
  return features;
}

Matrix<double> Readout::scores(const Matrix<double>& features, std::span<const double> parameters) const {
  const Eigen::Map<const EigenMatrix> weights(parameters.data(), index(outputs_), index(strings_.size()));
  const Eigen::Map<const Eigen::RowVectorXd> biases(parameters.data() + weights.size(), index(outputs_));
  Matrix<double> scores(features.rows(), outputs_);
  view(scores).noalias() = view(features) * weights.transpose();
  view(scores).rowwise() += biases;
  return scores;
}

void Readout::pull_back(const Matrix<double>& score_slopes, const Matrix<double>& features,
                        std::span<const double> parameters, Matrix<double>& value_slopes) const {
  const Eigen::Map<const EigenMatrix> weights(parameters.data(), index(outputs_), index(strings_.size()));
  if (!product_state_) {
    view(value_slopes).noalias() = view(score_slopes) * weights;
    return;
  }
  Matrix<double> feature_slopes(features.rows(), strings_.size());
  view(feature_slopes).noalias() = view(score_slopes) * weights;
  multiply_back(features, feature_slopes, value_slopes);
}

/// The chain rule through the products, longest strings first.
void Readout::multiply_back(const Matrix<double>& features, Matrix<double>& feature_slopes,
                            Matrix<double>& value_slopes) const {
  for (std::size_t r = 0; r < features.rows(); ++r) {
    const auto row = features.row(r);
    const auto slopes = feature_slopes.row(r), result = value_slopes.row(r);
    std::fill(result.begin(), result.end(), 0);
    for (std::size_t s = strings_.size(); s-- > 0;) {
      const auto last = static_cast<std::size_t>(strings_[s].qubits.back());
      const auto shorter = strings_[s].shorter;
      result[last] += slopes[s] * (shorter == none ? 1 : row[shorter]);
      if (shorter != none) slopes[shorter] += slopes[s] * row[last];  // a qubit's own string stands first
    }
  }
}

void Readout::gradient(const Matrix<double>& features, const Matrix<double>& score_slopes,
                       std::span<double> gradient) const {
  Eigen::Map<EigenMatrix> weights(gradient.data(), index(outputs_), index(strings_.size()));
  Eigen::Map<Eigen::RowVectorXd> biases(gradient.data() + weights.size(), index(outputs_));
  weights.noalias() = view(score_slopes).transpose() * view(features);
  biases = view(score_slopes).colwise().sum();
}

double Readout::add_penalty(double factor, std::span<const double> parameters,
                            std::span<double> gradient) const {
  double square = 0;
  for (std::size_t i = 0; i < outputs_ * strings_.size(); ++i) {
    square += parameters[i] * parameters[i];
    gradient[i] += factor * parameters[i];
  }
  return factor / 2 * square;
}

}  // namespace qupel
