#pragma once
#include <Eigen/Core>

#include "qupel/problem/molecule/integrals.h"

// Dense linear algebra of the self-consistent field. Private to problem/molecule.
namespace qupel {

using RowMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

inline Eigen::Map<const RowMatrix> as_eigen(const Matrix<double>& matrix) {
  return {matrix.data(), static_cast<Eigen::Index>(matrix.rows()),
          static_cast<Eigen::Index>(matrix.columns())};
}
Matrix<double> as_matrix(const RowMatrix& matrix);

/// J_pq = sum (pq|rs) D_rs and K_pq = sum (pr|qs) D_rs of a symmetric matrix D.
struct CoulombExchange {
  RowMatrix coulomb, exchange;
};
CoulombExchange coulomb_exchange(const RepulsionIntegrals& repulsion, const RowMatrix& density);

}  // namespace qupel
