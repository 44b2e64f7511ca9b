#include "qupel/study/runner.h"
#include "qupel/contenders/contenders.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "qupel/base/error.h"
#include "qupel/base/interrupt.h"
#include "qupel/base/random.h"

namespace qupel {
namespace {

StudySpec tiny_study() {
  return parse_study(R"(
[study]
seed = 3
[data]
set = "iris"
max_rows = 60
[protocol]
outer_folds = 3
repeats = 2
inner_folds = 2
configurations = 2
[inputs]
features = 2
[execution]
shots = 100
effort = 0.1
[[contender]]
name = "logistic"
[[contender]]
name = "svm-rbf@reduced"
[[contender]]
name = "quantum-kernel"
[[contender]]
name = "quantum-kernel-separable"
)",
                     "tiny.toml", contenders());
}

StudyResult run(const StudySpec& spec, TrialStore& store, int threads) {
  Progress silent;
  return run_study(spec, *load_problem(spec), store, threads, silent);
}

/// Stops its job once it holds `limit` trials.
class StoppingStore : public MemoryStore {
 public:
  explicit StoppingStore(std::size_t limit) : limit_(limit) {}
  void save(const Trial& trial) override {
    MemoryStore::save(trial);
    if (trials().size() == limit_) source_.request_stop();
  }
  StopToken token() const { return source_.token(); }

 private:
  std::size_t limit_;
  StopSource source_;
};

TEST(Runner, SameBitsForAnyNumberOfThreads) {
  const auto spec = tiny_study();
  MemoryStore one, two, five;
  const auto expected = run(spec, one, 1);
  EXPECT_EQ(expected.results_hash.size(), 64u);
  EXPECT_EQ(expected.results_hash, run(spec, two, 2).results_hash);
  EXPECT_EQ(expected.results_hash, run(spec, five, 5).results_hash);
  for (const auto& [key, trial] : one.trials())
    EXPECT_EQ(to_json(trial, false), to_json(two.trials().at(key), false)) << key.entry;
}

TEST(Runner, AnotherSeedGivesOtherSplits) {
  auto spec = tiny_study();
  MemoryStore a, b;
  const auto first = run(spec, a, 2);
  spec.seed = 4;
  EXPECT_NE(first.results_hash, run(spec, b, 2).results_hash);
}

TEST(Runner, GoesOnAfterAnInterruption) {
  const auto spec = tiny_study();
  MemoryStore whole;
  StoppingStore stopped(5);
  const auto expected = run(spec, whole, 2);
  {
    const StopScope scope(stopped.token());
    EXPECT_THROW(run(spec, stopped, 2), Interrupted);
  }
  EXPECT_GE(stopped.trials().size(), 5u);
  EXPECT_LT(stopped.trials().size(), whole.trials().size());
  EXPECT_EQ(run(spec, stopped, 2).results_hash, expected.results_hash);
}

TEST(Runner, StoppingOneJobOfAProcessLeavesAnotherAlone) {
  const auto spec = tiny_study();
  MemoryStore whole, other;
  StoppingStore stopped(3);
  const auto expected = run(spec, whole, 2);
  StudyResult finished;
  std::thread beside([&] {
    const StopScope scope{StopSource().token()};
    finished = run(spec, other, 2);
  });
  {
    const StopScope scope(stopped.token());
    EXPECT_THROW(run(spec, stopped, 2), Interrupted);
  }
  beside.join();
  EXPECT_LT(stopped.trials().size(), whole.trials().size());
  EXPECT_EQ(finished.results_hash, expected.results_hash);
}

TEST(Runner, ComparesAndConcludes) {
  MemoryStore store;
  const auto result = run(tiny_study(), store, 2);
  ASSERT_EQ(result.contenders.size(), 4u);
  EXPECT_EQ(result.contenders[2].family, Family::quantum);
  EXPECT_GT(result.contenders[2].ledger.circuits, 0);
  EXPECT_GT(result.contenders[2].ledger.shots, 0);
  EXPECT_FALSE(result.contenders[2].drawing.empty());
  EXPECT_EQ(result.contenders[0].scores.size(), 6u);
  EXPECT_GT(result.contenders[0].metrics.at("accuracy").mean, 0.8);
  for (const auto& [name, interval] : result.contenders[0].metrics) {
    EXPECT_LE(interval.low, interval.mean) << name;
    EXPECT_GE(interval.high, interval.mean) << name;
  }
  const auto decisive = std::count_if(result.comparisons.begin(), result.comparisons.end(),
                                      [](const auto& comparison) { return comparison.decides; });
  EXPECT_EQ(decisive, 1);  // quantum-kernel; the best quantum contender is no further test
  EXPECT_EQ(result.checks.size(), 12u);
  ASSERT_EQ(result.sides.size(), 2u);
  EXPECT_EQ(result.sides[0].name, best_quantum);
  EXPECT_EQ(result.verdicts_by_seed.size(), 3u);
  EXPECT_EQ(result.lead_by_rows.size(), 3u);
  EXPECT_GT(result.plan.smallest_lead, 0);
  EXPECT_EQ(result.plan.splits, 6u);
  EXPECT_FALSE(result.headline.empty());
  EXPECT_FALSE(result.reason.empty());
}

TEST(Runner, LabelsOfPureChanceGiveNoVerdict) {
  auto spec = tiny_study();
  spec.entries.push_back({"majority", contenders().at("majority"), Inputs::all, {}});
  auto table = load_table(spec);
  Random random(7);
  for (int& label : table.labels) label = static_cast<int>(random.below(3));
  MemoryStore store;
  Progress silent;
  const auto result = run_study(spec, *table_problem(table, table_inputs(spec)), store, 2, silent);
  EXPECT_EQ(result.verdict, Verdict::inconclusive);
  EXPECT_THAT(result.headline, testing::AnyOf(testing::StartsWith("Nothing was learned"),
                                              testing::StartsWith("Undecided. There are not enough rows")));
  for (const auto& c : result.comparisons) {
    if (!c.decides) continue;
    EXPECT_EQ(c.verdict, Verdict::inconclusive) << c.contender;
  }
}

TEST(Splits, TestEveryRowOnceARepeatAndNeverShareRows) {
  const auto spec = tiny_study();
  const auto problem = load_problem(spec);
  std::map<int, std::multiset<std::size_t>> tested;
  for (const auto& split : problem->splits(splitting_of(spec))) {
    tested[split.repeat].insert(split.test.begin(), split.test.end());
    for (const auto row : split.test)
      EXPECT_FALSE(std::binary_search(split.train.begin(), split.train.end(), row));
    EXPECT_EQ(split.train.size() + split.test.size(), problem->rows());
  }
  ASSERT_EQ(tested.size(), 2u);
  for (const auto& [repeat, rows] : tested) {
    EXPECT_EQ(rows.size(), problem->rows());
    EXPECT_EQ(std::set(rows.begin(), rows.end()).size(), rows.size());
  }
}

TEST(Runner, MoreColumnsThanQubitsAreRefusedBeforeAnythingRuns) {
  auto spec = tiny_study();
  spec.data_set = "breast-cancer";
  spec.reduction = Reduction::none;
  MemoryStore store;
  EXPECT_THROW(run(spec, store, 1), InputError);
  EXPECT_TRUE(store.trials().empty());
}

TEST(Runner, WhatCannotStartSaysSoBeforeAnythingRuns) {
  const auto refusal = [](const std::string& inner_folds, const std::string& command) {
    const auto spec = parse_study(
        "[data]\nset = \"iris\"\nmax_rows = 45\n[protocol]\nouter_folds = 3\nrepeats = 1\ninner_folds = " +
            inner_folds +
            "\n[[contender]]\nname = \"logistic\"\n[[contender]]\nname = \"mine\"\ncommand = [\"" + command +
            "\"]\n",
        "test", contenders());
    MemoryStore store;
    try {
      run(spec, store, 1);
    } catch (const InputError& error) {
      EXPECT_TRUE(store.trials().empty());
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_THAT(refusal("31", "cat"), testing::HasSubstr("of the training rows: 30 rows, "));
  EXPECT_EQ(refusal("2", "no-such-program"),
            "contender mine: there is no program \"no-such-program\" that could be started");
}

TEST(Splits, FixedProtocolNeedsTestRows) {
  auto spec = tiny_study();
  spec.protocol = Protocol::fixed;
  EXPECT_THROW(load_problem(spec)->splits(splitting_of(spec)), InputError);
}

}  // namespace
}  // namespace qupel
