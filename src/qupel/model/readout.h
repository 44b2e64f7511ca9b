#pragma once
#include <span>
#include <vector>

#include "qupel/base/matrix.h"
#include "qupel/circuit/observable.h"
#include "qupel/model/contender.h"

namespace qupel {

/// What a variational classifier measures and how it becomes scores of classes: Z on every qubit and Z Z on
/// neighbours in the ring, all read from the same shots, then
///   score_c = sum_o W(c, o) <O_o> + b_c,
/// trainable scales and biases for any number of classes. Parameters: W class by class, then b.
class Readout {
 public:
  Readout(int qubits, int classes);

  const std::vector<Observable>& observables() const { return observables_; }
  std::size_t classes() const { return classes_; }
  std::size_t parameters() const { return classes_ * (observables_.size() + 1); }

  /// @param values rows x observables; @return rows x classes
  Matrix<double> scores(const Matrix<double>& values, std::span<const double> parameters) const;
  /// d loss / d value of every row from d loss / d score.
  void pull_back(const Matrix<double>& score_slopes, std::span<const double> parameters,
                 Matrix<double>& value_slopes) const;
  /// d loss / d parameter, summed over the rows.
  void gradient(const Matrix<double>& values, const Matrix<double>& score_slopes,
                std::span<double> gradient) const;
  /// factor / 2 |W|^2, its derivative added to the gradient; biases are free.
  double add_penalty(double factor, std::span<const double> parameters, std::span<double> gradient) const;

 private:
  std::vector<Observable> observables_;
  std::size_t classes_;
};

}  // namespace qupel
