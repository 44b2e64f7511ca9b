#pragma once
#include "qupel/base/matrix.h"
#include "qupel/base/random.h"
#include "qupel/problem/optimization/qubo.h"

namespace qupel {

/// Unit vectors v_i, one a variable and one for the sign that linear terms refer to, that make
/// sum_ij J_ij v_i v_j small: the semidefinite relaxation of an Ising energy. Each vector in turn takes the
/// best direction given the others (the mixing method, Wang, Chang and Kolter, arXiv:1706.00476); with more
/// dimensions than the root of twice their number it meets the optimum of the relaxation.
class VectorRelaxation {
 public:
  VectorRelaxation(const Qubo& qubo, Random& random);

  /// As many sweeps as a second or so allows, and 2000: what follows needs no relaxation to its last digit.
  void solve();
  std::size_t sweeps() const { return sweeps_; }

  /// The side of a random plane on which each vector lies, compared with the reference sign.
  Bits round(Random& random) const;

  /// No bits have a lower energy: minus the sum of how strongly each vector is held, by duality, less what
  /// the matrix of that falls short of having no negative eigenvalue. It takes a matrix of all variables.
  /// Infinite where weights are too large to be summed.
  double lower_bound() const;

 private:
  /// @returns how far the vector moved
  double improve(std::size_t i);
  /// What pulls at a vector, into direction_.
  void pull(std::size_t i, std::vector<double>& direction) const;

  double constant_;
  Neighbours neighbours_;
  Matrix<double> vectors_;
  std::vector<double> direction_;
  std::size_t sweeps_ = 0;
};

inline constexpr std::size_t most_bounded = 1000;  ///< variables: some seconds

/// A bound of all energies by the relaxation, where all weights are whole numbers the next one above.
/// @throws InputError above most_bounded variables
double relaxed_bound(const Qubo& qubo);

}  // namespace qupel
