#pragma once
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "qupel/base/matrix.h"
#include "qupel/circuit/observable.h"
#include "qupel/contend/contender.h"

namespace qupel {

/// Products of Z on different qubits that a variational model reads. All of them come from the same shots.
enum class ZStrings {
  neighbours,  ///< Z on every qubit, Z Z on neighbours in the ring
  pairs,       ///< Z on every qubit, Z Z on every pair
  all,         ///< every product: 2^n - 1 on n qubits up to 8, beyond that those of at most 3 qubits
};
ZStrings z_strings(std::string_view name);  ///< @throws InputError naming the nearest

/// What a variational model measures and how it becomes scores, one a class or one number:
///   score_c = sum_s W(c, s) <Z_s> + b_c
/// over strings s of Z, with trainable scales and biases. Parameters: W output by output, then b. Without
/// entanglement <Z_a Z_b> = <Z_a> <Z_b>: then only Z on every qubit is measured and all products are
/// multiplied out of those, so that a separable twin lacks nothing that its circuit could give.
class Readout {
 public:
  /// @param product_state the circuit leaves the qubits unentangled
  Readout(int qubits, std::size_t outputs, ZStrings strings, bool product_state);

  /// What the circuit is asked for.
  const std::vector<Observable>& observables() const { return observables_; }
  std::size_t outputs() const { return outputs_; }
  std::size_t features() const { return strings_.size(); }
  std::size_t parameters() const { return outputs_ * (features() + 1); }

  /// Expectation values of the strings from those of the observables: rows x observables to rows x features.
  Matrix<double> features(const Matrix<double>& values) const;
  /// @param features rows x features; @return rows x outputs
  Matrix<double> scores(const Matrix<double>& features, std::span<const double> parameters) const;
  /// d loss / d value of every row from d loss / d score.
  void pull_back(const Matrix<double>& score_slopes, const Matrix<double>& features,
                 std::span<const double> parameters, Matrix<double>& value_slopes) const;
  /// d loss / d parameter, summed over the rows.
  void gradient(const Matrix<double>& features, const Matrix<double>& score_slopes,
                std::span<double> gradient) const;
  /// factor / 2 |W|^2, its derivative added to the gradient; biases are free.
  double add_penalty(double factor, std::span<const double> parameters, std::span<double> gradient) const;

 private:
  /// A string as a shorter one, if any, times Z on one more qubit.
  struct ZString {
    std::size_t shorter;  ///< its position; `none` for a single qubit
    std::vector<int> qubits;
  };
  static constexpr auto none = static_cast<std::size_t>(-1);
  void add_strings(int qubits, int length);
  void multiply_back(const Matrix<double>& features, Matrix<double>& feature_slopes,
                     Matrix<double>& value_slopes) const;

  std::vector<ZString> strings_;  ///< shorter ones first
  std::vector<Observable> observables_;
  std::size_t outputs_;
  bool product_state_;
};

}  // namespace qupel
