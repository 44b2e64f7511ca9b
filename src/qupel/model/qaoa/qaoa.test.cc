#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <set>

#include "qupel/base/error.h"
#include "qupel/model/qaoa/angles.h"
#include "qupel/model/qaoa/qaoa_training.h"
#include "qupel/model/qaoa/records.h"
#include "qupel/problem/optimization/maxcut.h"
#include "qupel/problem/optimization/qubo_decision.h"

namespace qupel {
namespace {

/// The expected cut of one layer (Wang, Hadfield, Jiang and Rieffel, PRA 97, 022304, 2018).
double expected_cut(const Graph& graph, double gamma, double beta) {
  std::vector<std::set<std::uint32_t>> near(graph.names.size());
  for (const auto& edge : graph.edges) near[edge.a].insert(edge.b), near[edge.b].insert(edge.a);
  double sum = 0;
  for (const auto& edge : graph.edges) {
    const double d = static_cast<double>(near[edge.a].size()) - 1,
                 e = static_cast<double>(near[edge.b].size()) - 1;
    double triangles = 0;
    for (const auto third : near[edge.a]) triangles += static_cast<double>(near[edge.b].count(third));
    const double one = std::cos(gamma);
    sum += 0.5 + 0.25 * std::sin(4 * beta) * std::sin(gamma) * (std::pow(one, d) + std::pow(one, e)) -
           0.25 * std::pow(std::sin(2 * beta), 2) * std::pow(one, d + e - 2 * triangles) *
               (1 - std::pow(std::cos(2 * gamma), triangles));
  }
  return sum;
}

TEST(Qaoa, OfOneLayerMeetsTheClosedFormula) {
  for (const std::size_t degree : {3u, 4u, 5u}) {
    const auto graph = random_regular_graph(10, degree, degree);
    Executor executor(Precision::double_);
    QaoaRuns runs(executor, {ising_of(MaxCut(graph).qubo()), 10});
    for (const double gamma : {0.2, 0.6155, 1.1})
      for (const double beta : {0.1, 0.3927})
        EXPECT_NEAR(-runs.gradient({{gamma}, {-beta}}).objective, expected_cut(graph, gamma, beta), 1e-10);
  }
}

/// The tree of all that two layers see of an edge in a graph of that degree without short cycles.
Graph tree_around_an_edge(std::size_t degree, int layers) {
  Graph tree;
  tree.names = {"0", "1"};
  tree.edges = {{0, 1, 1}};
  std::vector<std::uint32_t> leaves{0, 1};
  for (int l = 0; l < layers; ++l) {
    std::vector<std::uint32_t> next;
    for (const auto leaf : leaves)
      for (std::size_t k = 1; k < degree; ++k) {
        const auto fresh = static_cast<std::uint32_t>(tree.names.size());
        tree.names.push_back(std::to_string(fresh));
        tree.edges.push_back({leaf, fresh, 1});
        next.push_back(fresh);
      }
    leaves = next;
  }
  return tree;
}

double share_cut(std::size_t degree, std::size_t layers) {
  const auto tree = tree_around_an_edge(degree, static_cast<int>(layers));
  const auto cost = ising_of(MaxCut(tree).qubo());
  const auto angles = regular_graph_angles(degree, layers).value();
  const auto qubits = static_cast<int>(tree.names.size());
  Executor executor(Precision::double_);
  const int ends[] = {0, 1};
  const auto prepared = executor.prepare(qaoa_circuit({cost, qubits}, layers), {Observable::parity(ends)});
  std::vector<double> parameters;
  for (std::size_t l = 0; l < layers; ++l) {
    parameters.push_back(angles.gammas[l]);
    parameters.push_back(angles.betas[l]);
  }
  return (1 - executor.expectations(prepared, Matrix<double>(1, 0), parameters).values(0, 0)) / 2;
}

// Wurtz and Lykov, PRA 104, 052419, 2021.
TEST(FixedAngles, PromiseAShareOfTheCut) {
  EXPECT_NEAR(share_cut(3, 1), 0.69245, 5e-6);
  EXPECT_NEAR(share_cut(3, 2), 0.75591, 5e-6);
  EXPECT_NEAR(share_cut(4, 1), 0.66238, 5e-6);
}

TEST(FixedAngles, AreThoseOfTheCostsScale) {
  const auto cost = ising_of(MaxCut(random_regular_graph(12, 3, 1)).qubo());
  auto thrice = cost;
  for (auto& term : thrice.terms) term.weight *= 3;
  EXPECT_NEAR(fixed_angles(cost, 12, 2).gammas[1], 3 * fixed_angles(thrice, 12, 2).gammas[1], 1e-12);
  EXPECT_EQ(fixed_angles(cost, 12, 3).gammas, regular_graph_angles(3, 3)->gammas);
  const auto dense = ising_of(MaxCut(random_regular_graph(12, 7, 1)).qubo());
  EXPECT_NEAR(fixed_angles(dense, 12, 1).gammas[0], 0.5 / (0.5 * std::sqrt(7)), 1e-12);
  EXPECT_EQ(interpolated(many_edges_angles(4), 9).betas.back(), many_edges_angles(4).betas.back());
  EXPECT_EQ(many_edges_angles(12).gammas.size(), 12u);
}

void compare_engine_and_circuit(int ones) {
  const auto cost = ising_of(MaxCut(random_regular_graph(6, 3, 1)).qubo());
  Executor here(Precision::double_), elsewhere({.precision = Precision::double_, .engine = "batch"});
  QaoaRuns a(here, {cost, 6, ones}), b(elsewhere, {cost, 6, ones});
  EXPECT_TRUE(a.here());
  EXPECT_FALSE(b.here());
  const auto angles = fixed_angles(cost, 6, 3);
  const auto x = a.gradient(angles), y = b.gradient(angles);
  EXPECT_NEAR(x.objective, y.objective, 1e-10);
  for (std::size_t l = 0; l < 3; ++l) {
    EXPECT_NEAR(x.gradient.gammas[l], y.gradient.gammas[l], 1e-9);
    EXPECT_NEAR(x.gradient.betas[l], y.gradient.betas[l], 1e-9);
  }
  EXPECT_EQ(here.ledger().two_qubit_gates, elsewhere.ledger().two_qubit_gates);
  EXPECT_EQ(here.ledger().qubits, 6);
}

TEST(Qaoa, IsTheSameOnTheEngineAndAsACircuit) {
  for (const int ones : {0, 1, 3, 5}) compare_engine_and_circuit(ones);
}

TEST(Qaoa, TrainedIsBetterThanItsStart) {
  const auto cost = ising_of(MaxCut(random_regular_graph(10, 3, 2)).qubo());
  Executor executor(Precision::double_);
  QaoaRuns runs(executor, {cost, 10});
  const auto start = ramp_angles(4, 0.75);
  const auto mean = train_angles(runs, start, coupling_scale(cost, 10), {});
  EXPECT_LT(runs.gradient(mean.angles).objective, runs.gradient(start).objective - 0.1);
  const auto tail = train_angles(runs, start, coupling_scale(cost, 10), {.share = 0.1});
  EXPECT_LT(runs.tail_gradient(tail.angles, 0.1).objective, runs.tail_gradient(start, 0.1).objective);
}

TEST(Qaoa, DickeStateHasAllStringsAlike) {
  for (const auto& [qubits, ones] : {std::pair(2, 1), std::pair(5, 2), std::pair(6, 3), std::pair(6, 5)}) {
    Circuit circuit(qubits);
    add_dicke_state(circuit, ones);
    const auto state = dense_state(circuit);
    double strings = 0;
    for (std::size_t s = 0; s < state.size(); ++s) strings += std::popcount(s) == ones ? 1 : 0;
    for (std::size_t s = 0; s < state.size(); ++s)
      EXPECT_NEAR(std::norm(state[s]), std::popcount(s) == ones ? 1 / strings : 0, 1e-12)
          << qubits << " " << ones;
  }
}

// Shaydulin et al., Science Advances 10, eadm6761, 2024: one layer meets the optimum of N = 10 with a
// probability of 0.12722 and has a merit factor of 1.9233.
TEST(Qaoa, OfLowAutocorrelationSequences) {
  Executor executor(Precision::double_);
  QaoaRuns runs(executor, {low_autocorrelation(10), 10});
  EXPECT_NEAR(runs.success_probability({{0.825}, {-1.76}}), 0.12722, 1e-4);
  // Their merit factor of 1.9233 is the mean of the merit factors of what is measured, not that of the mean
  // energy.
  const auto cost = low_autocorrelation(10);
  const auto state = dense_state(qaoa_circuit({cost, 10}, 1).bind({}, std::vector<double>{0.825, -1.76}));
  const CostFunction energies(cost, 10);
  double merit = 0;
  for (std::size_t i = 0; i < state.size(); ++i) merit += std::norm(state[i]) * 50 / energies.values()[i];
  EXPECT_NEAR(merit, 1.9233, 2e-3);  // the angles have three digits
}

}  // namespace
}  // namespace qupel
