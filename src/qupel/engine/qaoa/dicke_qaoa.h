#pragma once
#include <complex>
#include <cstdint>
#include <utility>
#include <vector>

#include "qupel/engine/qaoa/qaoa.h"

namespace qupel {

/// A QAOA that keeps the number of ones: it begins with the uniform superposition of all bit strings with so
/// many (a Dicke state), and its mixer exp(-i beta (XX + YY) / 2) on the neighbours of a ring, pair after
/// pair (those that begin at an even qubit first), moves ones and never makes any (Hadfield et al.,
/// Algorithms 12, 34, 2019; Brandhofer et al., Quantum Inf. Process. 22, 25, 2023). Only those bit strings
/// are stored. All members throw InputError if there are not as many gammas as betas.
class DickeQaoa {
 public:
  /// @throws InputError for fewer than 2 qubits, ones that are not 1 .. qubits - 1, or what does not fit in
  /// memory
  DickeQaoa(const CostFunction& cost, int ones);

  double objective(const QaoaAngles& angles);
  QaoaGradient gradient(const QaoaAngles& angles);                     ///< exact (adjoint method)
  QaoaGradient tail_gradient(const QaoaAngles& angles, double share);  ///< as Qaoa::tail_gradient
  /// As Qaoa::counts.
  std::vector<std::pair<std::uint64_t, std::uint64_t>> counts(const QaoaAngles& angles, std::uint64_t shots,
                                                              std::uint64_t seed);
  /// As Qaoa::success_probability.
  double success_probability(const QaoaAngles& angles, double tolerance = 1e-9);

 private:
  using Pairs = std::vector<std::pair<std::uint32_t, std::uint32_t>>;  ///< stored strings that a gate mixes
  using State = std::vector<std::complex<double>>;

  void evolve(const QaoaAngles& angles);
  QaoaGradient differentiate(const QaoaAngles& angles, const std::vector<double>& measured);
  Pairs pairs_of(int a, int b) const;

  std::vector<std::uint64_t> strings_;  ///< ascending
  std::vector<double> costs_;
  std::vector<Pairs> gates_;
  State state_;
};

/// The pairs of neighbours on a ring of qubits, in the order in which the mixer takes them.
std::vector<std::pair<int, int>> ring_pairs(int qubits);

}  // namespace qupel
