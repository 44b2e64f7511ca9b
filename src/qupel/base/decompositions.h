#pragma once
#include <Eigen/Core>

// Eigen's decompositions of matrices of any size, compiled once: each takes seconds to compile wherever it is
// used.
namespace qupel {

/// Eigenvalues in rising order, and orthonormal eigenvectors as columns.
struct SymmetricEigen {
  Eigen::VectorXd values;
  Eigen::MatrixXd vectors;
};

/// Of a real symmetric matrix; only its lower triangle is read.
SymmetricEigen symmetric_eigen(const Eigen::Ref<const Eigen::MatrixXd>& matrix);
/// Of A x = value B x with a positive definite B: vectors^T B vectors = 1.
SymmetricEigen symmetric_eigen(const Eigen::Ref<const Eigen::MatrixXd>& a,
                               const Eigen::Ref<const Eigen::MatrixXd>& b);

/// x with matrix * x = right, for a square matrix, by Gauss elimination with complete pivoting.
Eigen::VectorXd solution(const Eigen::Ref<const Eigen::MatrixXd>& matrix,
                         const Eigen::Ref<const Eigen::VectorXd>& right);
/// Moore and Penrose's inverse, of the solution of least squares with the smallest norm.
Eigen::MatrixXd pseudo_inverse(const Eigen::Ref<const Eigen::MatrixXd>& matrix);

}  // namespace qupel
