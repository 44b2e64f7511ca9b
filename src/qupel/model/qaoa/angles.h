#pragma once
#include <optional>
#include <string_view>

#include "qupel/execute/qaoa_runs.h"
#include "qupel/problem/optimization/qubo.h"

// Angles of a QAOA that are known before its cost is looked at.
namespace qupel {

/// Angles at which a QAOA of 1 to 8 layers does well on random graphs of many edges: those that are optimal
/// for the Sherrington-Kirkpatrick model and for regular graphs of large degree and girth (Farhi, Goldstone,
/// Gutmann and Zhou, Quantum 6, 759, 2022; Basso et al., arXiv:2110.14206). For more layers those of 8,
/// interpolated. Gammas are for couplings of mean square 1 (coupling_scale()).
QaoaAngles many_edges_angles(std::size_t layers);

/// Optimal for graphs of degree 3 (1 to 6 layers) or 4 (1 to 5) without short cycles, each edge with the cost
/// ZZ / 2: they promise a share of the edges for any graph of that degree of which the best cut has all
/// (Wurtz and Lykov, PRA 104, 052419, 2021). Nothing for other degrees and numbers of layers.
std::optional<QaoaAngles> regular_graph_angles(std::size_t degree, std::size_t layers);

/// Gammas that rise and betas that fall linearly (Sack and Serbyn, Quantum 5, 491, 2021), for the same
/// couplings. @param slope of both
QaoaAngles ramp_angles(std::size_t layers, double slope);

/// The angles of one more or fewer layers by linear interpolation (INTERP of Zhou et al., PRX 10, 021067,
/// 2020).
QaoaAngles interpolated(const QaoaAngles& angles, std::size_t layers);

/// The root of the mean over the qubits of the sum of the squares of the couplings of each, fields included:
/// gammas are divided by it (Sureshbabu et al., Quantum 8, 1231, 2024). 1 if there is nothing.
double coupling_scale(const Observable& cost, int qubits);

/// The degree and the weight of the edges if the cost is a sum of the same ZZ term over the edges of a
/// regular graph.
struct RegularCost {
  std::size_t degree = 0;
  double weight = 0;
};
std::optional<RegularCost> regular_cost(const Observable& cost, int qubits);

/// The best of the above for a cost: regular_graph_angles() or many_edges_angles().
QaoaAngles fixed_angles(const Observable& cost, int qubits, std::size_t layers);

}  // namespace qupel
