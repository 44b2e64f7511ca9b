#include "qupel/problem/molecule/orbital_rotation.h"

#include "qupel/electrons/hamiltonian.h"

namespace qupel {
namespace {

using Eigen::Index;

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

}  // namespace

Matrix<double> rotated_pairs(const Matrix<double>& values, const RowMatrix& a, const RowMatrix& b) {
  const Index rows = a.rows(), new_a = a.cols(), columns = b.rows(), new_b = b.cols();
  RowMatrix half(rows * rows, new_b * new_b);  // the second pair is turned first
  for (Index pq = 0; pq < rows * rows; ++pq) {
    const Eigen::Map<const RowMatrix> block(values.row(at(pq)).data(), columns, columns);
    const RowMatrix turned = b.transpose() * block * b;
    half.row(pq) = Eigen::Map<const Eigen::RowVectorXd>(turned.data(), turned.size());
  }
  Matrix<double> result(at(new_a * new_a), at(new_b * new_b));
  for (Index vw = 0; vw < new_b * new_b; ++vw) {
    RowMatrix block(rows, rows);
    for (Index pq = 0; pq < rows * rows; ++pq) block.data()[pq] = half(pq, vw);
    const RowMatrix turned = a.transpose() * block * a;
    for (Index tu = 0; tu < new_a * new_a; ++tu) result(at(tu), at(vw)) = turned.data()[tu];
  }
  return result;
}

OrbitalIntegrals rotated(const OrbitalIntegrals& integrals, const RowMatrix& alpha, const RowMatrix& beta) {
  const bool differ = integrals.spins_differ() || alpha != beta;
  OrbitalIntegrals result(at(alpha.cols()), differ);
  result.core = integrals.core;
  const RowMatrix* by_spin[] = {&alpha, &beta};
  for (std::size_t s = 0; s < result.one.size(); ++s)
    result.one[s] =
        as_matrix(by_spin[s]->transpose() * as_eigen(integrals.h(static_cast<int>(s))) * *by_spin[s]);
  result.two[0] = rotated_pairs(integrals.g(0, 0), alpha, alpha);
  if (differ) {
    result.two[1] = rotated_pairs(integrals.g(0, 1), alpha, beta);
    result.two[2] = rotated_pairs(integrals.g(1, 1), beta, beta);
  }
  return result;
}

std::array<RowMatrix, 2> fock_matrices(const OrbitalIntegrals& integrals, int alpha, int beta) {
  const std::size_t n = integrals.orbitals;
  std::array<RowMatrix, 2> focks;
  const std::size_t occupied[] = {static_cast<std::size_t>(alpha), static_cast<std::size_t>(beta)};
  for (int s = 0; s < 2; ++s) {
    RowMatrix fock = as_eigen(integrals.h(s));
    for (std::size_t p = 0; p < n; ++p) {
      for (std::size_t q = 0; q < n; ++q) {
        double& element = fock(static_cast<Index>(p), static_cast<Index>(q));
        for (std::size_t i = 0; i < occupied[s]; ++i)
          element += integrals.g(s, s)(integrals.pair(p, q), integrals.pair(i, i)) -
                     integrals.g(s, s)(integrals.pair(p, i), integrals.pair(i, q));
        for (std::size_t i = 0; i < occupied[1 - s]; ++i)
          element += s == 0 ? integrals.g(0, 1)(integrals.pair(p, q), integrals.pair(i, i))
                            : integrals.g(0, 1)(integrals.pair(i, i), integrals.pair(p, q));
      }
    }
    focks[static_cast<std::size_t>(s)] = std::move(fock);
  }
  return focks;
}

double determinant_energy(const OrbitalIntegrals& integrals, int alpha, int beta) {
  const Determinant lowest{(Occupation{1} << alpha) - 1, (Occupation{1} << beta) - 1};
  return integrals.core + matrix_element(integrals, lowest, lowest);
}

}  // namespace qupel
