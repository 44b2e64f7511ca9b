#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "qupel/contenders/contenders.h"
#include "qupel/problem/kind.h"
#include "qupel/problem/optimization/maxcut.h"
#include "qupel/study/runner.h"

namespace qupel {
namespace {

TEST(DecisionStudy, ComparesQaoaWithAnnealing) {
  std::vector<Graph> graphs;
  for (std::uint64_t seed = 0; seed < 5; ++seed) graphs.push_back(random_regular_graph(8, 3, seed));
  const auto problem = maxcut_problem(named_facts("graphs", "graphs"), std::move(graphs));
  StudySpec spec;
  spec.name = "cuts";
  spec.data_set = "graphs";
  spec.metric = "gap";
  spec.configurations = 1;
  spec.repeats = 1;
  spec.shots = 100;
  spec.effort = 0.2;
  for (const auto* name : {"qaoa", "simulated-annealing", "greedy"})
    spec.entries.push_back({name, contenders().at(name), Inputs::all, {}});
  MemoryStore store;
  Progress silent;
  const auto result = run_study(spec, *problem, store, 1, silent);
  ASSERT_EQ(result.contenders.size(), 3u);
  const auto& quantum = result.contenders[0];
  EXPECT_EQ(quantum.metrics.at("optimal").mean, 1);
  EXPECT_EQ(quantum.metrics.at("gap").mean, 0);
  EXPECT_GT(quantum.metrics.at("expected-gap").mean, 0);
  EXPECT_GT(quantum.metrics.at("time_to_solution").mean, 0);
  EXPECT_EQ(quantum.qubits, 8);
  EXPECT_EQ(quantum.circuit_cost.two_qubit, 4 * 12);
  EXPECT_EQ(result.contenders[1].metrics.at("optimal").mean, 1);
  EXPECT_THAT(problem->description(),
              ::testing::HasSubstr("\"qubits\": 8, \"couplings\": 12, \"sense\": \"max\""));
}

StudySpec small_audit_of_a_path(std::uint32_t nodes) {
  Graph path;
  for (std::uint32_t i = 0; i < nodes; ++i) path.names.push_back("n" + std::to_string(i));
  for (std::uint32_t i = 1; i < nodes; ++i) path.edges.push_back({i - 1, i, 1});
  const auto problem = maxcut_problem(named_facts("path", "path.txt"), {path});
  return audit_study(problem_kind("maxcut"), "path.txt", {}, *problem, Budget::small, 0, contenders());
}

TEST(DecisionAudit, OfFewBitsTakesAllThatItsBudgetAllows) {
  const auto spec = small_audit_of_a_path(250);
  EXPECT_EQ(spec.repeats * spec.outer_folds, 10);
  EXPECT_EQ(spec.configurations, 4);
  EXPECT_EQ(spec.effort, 0.5);
}

TEST(DecisionAudit, OfManyBitsTakesLessAndSaysSo) {
  const auto spec = small_audit_of_a_path(2000);
  EXPECT_EQ(spec.repeats * spec.outer_folds, 4);
  EXPECT_EQ(spec.configurations, 2);
  EXPECT_EQ(spec.effort, 0.0625);
  EXPECT_THAT(spec.left_out, ::testing::Contains(::testing::HasSubstr("repeats (4 instead of 10)")));
}

}  // namespace
}  // namespace qupel
