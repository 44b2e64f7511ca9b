#pragma once
#include <Eigen/Core>

#include "qupel/base/matrix.h"

namespace qupel {

using EigenMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// A matrix as Eigen sees it, without a copy.
inline Eigen::Map<const EigenMatrix> view(const Matrix<double>& matrix) {
  return {matrix.data(), static_cast<Eigen::Index>(matrix.rows()),
          static_cast<Eigen::Index>(matrix.columns())};
}
inline Eigen::Map<EigenMatrix> view(Matrix<double>& matrix) {
  return {matrix.data(), static_cast<Eigen::Index>(matrix.rows()),
          static_cast<Eigen::Index>(matrix.columns())};
}

}  // namespace qupel
