#pragma once
#include <cstddef>

#include "qupel/base/matrix.h"
#include "qupel/engine/batch/batch.h"

// What the tests of BatchProgram compare with.
namespace qupel::testing {

inline double tolerance(Precision precision) { return precision == Precision::single ? 2e-5 : 1e-11; }
constexpr Precision precisions[] = {Precision::single, Precision::double_};

// A loss with a cotangent that depends on the value and on the sample.
inline double weight(std::size_t sample, std::size_t observable) {
  return 1 + 0.1 * static_cast<double>(sample + observable);
}
inline void squares(std::size_t first, const Matrix<double>& values, Matrix<double>& derivatives) {
  for (std::size_t i = 0; i < values.rows(); ++i) {
    for (std::size_t o = 0; o < values.columns(); ++o)
      derivatives(i, o) = 2 * weight(first + i, o) * values(i, o);
  }
}
inline double loss(const Matrix<double>& values) {
  double sum = 0;
  for (std::size_t i = 0; i < values.rows(); ++i) {
    for (std::size_t o = 0; o < values.columns(); ++o) sum += weight(i, o) * values(i, o) * values(i, o);
  }
  return sum;
}

// d loss / d slot, which is one of the features or parameters.
inline double central_difference(const BatchProgram& program, const Matrix<double>& features,
                                 std::span<const double> parameters, double& slot) {
  constexpr double h = 1e-5;
  const double start = slot;
  slot = start + h;
  const double above = loss(program.expectations(features, parameters, 1));
  slot = start - h;
  const double below = loss(program.expectations(features, parameters, 1));
  slot = start;
  return (above - below) / (2 * h);
}

}  // namespace qupel::testing
