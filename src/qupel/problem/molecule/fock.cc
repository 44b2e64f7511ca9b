#include "qupel/problem/molecule/fock.h"

#include <algorithm>

namespace qupel {

Matrix<double> as_matrix(const RowMatrix& matrix) {
  Matrix<double> copy(static_cast<std::size_t>(matrix.rows()), static_cast<std::size_t>(matrix.cols()));
  std::copy_n(matrix.data(), matrix.size(), copy.data());
  return copy;
}

CoulombExchange coulomb_exchange(const RepulsionIntegrals& repulsion, const RowMatrix& density) {
  const auto n = static_cast<Eigen::Index>(repulsion.functions());
  RowMatrix coulomb = RowMatrix::Zero(n, n), exchange = coulomb;
  const double* next = repulsion.values().data();  // in the order of RepulsionIntegrals::place()
  for (Eigen::Index p = 0; p < n; ++p) {
    for (Eigen::Index q = 0; q <= p; ++q) {
      for (Eigen::Index r = 0; r <= p; ++r) {
        for (Eigen::Index s = 0; s <= (r == p ? q : r); ++s) {
          const double value = *next++;
          if (value == 0) continue;
          const double all = value * (p == q ? 1 : 2) * (r == s ? 1 : 2) * (p == r && q == s ? 1 : 2);
          coulomb(p, q) += all * density(r, s);
          coulomb(r, s) += all * density(p, q);
          exchange(p, r) += all * density(q, s);
          exchange(q, s) += all * density(p, r);
          exchange(p, s) += all * density(q, r);
          exchange(q, r) += all * density(p, s);
        }
      }
    }
  }
  return {0.25 * (coulomb + coulomb.transpose()), 0.125 * (exchange + exchange.transpose())};
}

}  // namespace qupel
