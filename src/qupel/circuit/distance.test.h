#pragma once
#include <algorithm>
#include <complex>

#include "qupel/base/matrix.h"

namespace qupel {

/// The largest difference of two entries of matrices of the same shape.
inline double distance(const Matrix<std::complex<double>>& a, const Matrix<std::complex<double>>& b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.values().size(); ++i)
    largest = std::max(largest, std::abs(a.values()[i] - b.values()[i]));
  return largest;
}

}  // namespace qupel
