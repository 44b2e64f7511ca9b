#include <gtest/gtest.h>

#include <algorithm>

#include "qupel/base/error.h"
#include "qupel/contenders/contenders.h"
#include "qupel/contenders/solving.test.h"
#include "qupel/problem/optimization/integer_decision.h"
#include "qupel/problem/optimization/maxcut.h"
#include "qupel/problem/optimization/qubo_decision.h"

// Properties that every contender for decisions has, whatever its family.
namespace qupel {
namespace {

std::string name_of(const testing::TestParamInfo<Catalogue::Record>& info) {
  auto name = info.param->name;
  std::ranges::replace(name, '-', '_');
  return name;
}

class EveryCutter : public testing::TestWithParam<Catalogue::Record> {
 protected:
  const Contender& spec() const { return *GetParam(); }
  FitContext context(std::uint64_t seed = 5) { return {.seed = seed, .executor = &executor_, .effort = 0.2}; }
  Assignment solve(const Decision& decision, const Settings& settings = {}) {
    const auto model = spec().fit(decision, settings, context());
    return std::get<Assignment>(model->answer(decision, context()));
  }
  Executor executor_;
};

TEST_P(EveryCutter, FindsTheLargestCutUnlessItIsAFloor) {
  const MaxCut cut(random_regular_graph(12, 3, 4));
  const auto answer = solve(cut);
  EXPECT_EQ(cut.violation(answer.values), "");
  EXPECT_GT(answer.tries, 0);
  std::int64_t counted = 0;
  double best = 0;
  for (const auto& [objective, count] : answer.tried) counted += count, best = std::max(best, objective);
  EXPECT_EQ(counted, answer.tries);
  EXPECT_EQ(best, cut.objective(answer.values));
  if (spec().floor || spec().name == "random-choice" || spec().name == "qaoa-recursive" ||
      spec().name == "warm-start-rounding")
    return;  // they promise nothing
  EXPECT_EQ(best, cut.proven_optimum());
}

TEST_P(EveryCutter, IsTheSameForTheSameSeed) {
  const MaxCut cut(random_regular_graph(10, 3, 1));
  const auto a = solve(cut), b = solve(cut);
  EXPECT_EQ(a.values, b.values);
  EXPECT_EQ(a.tried, b.tried);
}

TEST_P(EveryCutter, TakesEverySetting) {
  const MaxCut cut(random_regular_graph(8, 3, 1));
  for (const auto& parameter : spec().hyperparameters)
    for (const auto& value : parameter.values) {
      const auto answer = solve(cut, {{parameter.name, value}});
      EXPECT_EQ(cut.violation(answer.values), "") << parameter.name << " = " << to_string(value);
    }
}

TEST_P(EveryCutter, TakesOneEdgeAndNone) {
  const MaxCut edge(Graph{{"a", "b"}, {{0, 1, 2}}});
  EXPECT_EQ(edge.objective(solve(edge).values), 2);
  QuboFile nothing;
  nothing.qubo.names = {"a", "b", "c"};
  nothing.qubo.linear = {0, 0, 0};
  const QuboDecision free(nothing);
  EXPECT_EQ(free.violation(solve(free).values), "");
}

TEST_P(EveryCutter, AnswersAboutAnotherDecision) {
  const MaxCut cut(random_regular_graph(8, 3, 1)), other(random_regular_graph(10, 3, 2));
  const auto model = spec().fit(cut, {}, context());
  const auto answer = std::get<Assignment>(model->answer(other, context()));
  EXPECT_EQ(other.violation(answer.values), "");
}

TEST_P(EveryCutter, ChargesWhatItRuns) {
  const MaxCut cut(random_regular_graph(8, 3, 1));
  solve(cut);
  EXPECT_EQ(executor_.ledger().circuits > 0, spec().has_circuit());
  if (!spec().has_circuit()) return;
  EXPECT_EQ(executor_.ledger().qubits, spec().instance_circuit(cut, {}).cost.qubits);
  Executor measured({.shots = 50, .seed = 3});
  auto with = context();
  const auto model = spec().fit(cut, {}, with);
  with.executor = &measured;
  const auto tries = std::get<Assignment>(model->answer(cut, with)).tries;
  const bool recursive = spec().name == "qaoa-recursive";  // a circuit for every variable, for one answer
  EXPECT_EQ(tries, recursive ? 1 : 50);
  EXPECT_EQ(measured.ledger().shots, recursive ? 4 * 50 : 50);
}

TEST(Cbc, SolvesIntegerPrograms) {
  const IntegerDecision sack(knapsack({6, 5, 4, 3}, {3, 2.5, 2, 1}, 5));
  const auto& record = *contenders().at("cbc");
  if (!record.refuses(sack).empty()) GTEST_SKIP() << record.refuses(sack);
  Executor executor;
  const FitContext context{.seed = 1, .executor = &executor};
  const auto model = record.fit(sack, {}, context);
  EXPECT_EQ(sack.objective(std::get<Assignment>(model->answer(sack, context)).values), sack.proven_optimum());
  EXPECT_TRUE(model->info().converged) << model->info().reason;
}

INSTANTIATE_TEST_SUITE_P(All, EveryCutter, testing::ValuesIn(solving("maxcut")), name_of);

}  // namespace
}  // namespace qupel
