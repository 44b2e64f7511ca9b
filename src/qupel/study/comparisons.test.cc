#include "qupel/study/comparisons.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "qupel/study/checks_example.test.h"
#include "qupel/study/summary.h"

namespace qupel {
namespace {

/// 100 rows on which logistic is right on `right` of twenty, everybody else on ten; `guessers` more take
/// part.
Case study_with(std::size_t right, std::size_t guessers) {
  Case made;
  for (std::size_t i = 0; i < guessers; ++i)
    made.spec.entries.push_back(
        {fmt::format("guesser {}", i), contenders().at("k-nearest-neighbours"), Inputs::all, {}});
  made.trials = plain_trials(made.spec, made.data);
  for (auto& trial : made.trials) {
    const bool learns = trial.key.entry == "logistic";
    const auto truth = truth_of(made.data, trial);
    answer(trial, made.data, prediction_of(truth, learns ? 20 - right : 10));
    trial.validation = learns ? 0.05 * static_cast<double>(right) : 0.5;
  }
  return made;
}

bool learned(const Case& made) {
  std::vector<EntryTrials> by_entry(made.spec.entries.size());
  for (std::size_t e = 0; e < made.spec.entries.size(); ++e)
    for (const auto& trial : made.trials)
      if (trial.key.entry == made.spec.entries[e].name) by_entry[e].push_back(&trial);
  const auto problem = table_problem(made.data, table_inputs(made.spec));
  const Contest contest(made.spec, *problem, by_entry);
  return best_validated_learned(contest, compare_all(contest));
}

TEST(BestValidatedLearned, DoesNotDependOnHowManyContendersGuess) {
  for (const std::size_t guessers : {0u, 1u, 30u}) {
    EXPECT_TRUE(learned(study_with(14, guessers))) << guessers;
    EXPECT_FALSE(learned(study_with(10, guessers))) << guessers;
  }
}

// 24 rows in two folds: both differences are one row, which was once certain (p = 8e-16, "quantum better").
TEST(CompareAll, TwoEqualDifferencesOfOneRowAreInconclusive) {
  const auto spec = parse_study(R"(
[data]
file = "equal-differences.csv"
target = "label"
[protocol]
outer_folds = 2
inner_folds = 2
repeats = 1
configurations = 1
[inputs]
features = 2
[execution]
shots = 0
effort = 0.1
[[contender]]
name = "majority"
[[contender]]
name = "logistic"
[[contender]]
name = "svm-rbf"
[[contender]]
name = "quantum-kernel"
)",
                                "study.toml", contenders());
  constexpr auto table = R"(a,b,label
0.3316,0.4605,1
1.5579,1.3339,1
0.1582,0.3659,0
-1.1853,-0.3952,0
0.3200,0.7841,0
-0.8097,-0.8276,0
0.5151,0.7350,1
-1.0920,0.3293,0
1.3447,0.0168,1
0.9013,1.0356,1
-0.7491,-0.4382,0
-1.3434,-1.1460,0
-0.1981,0.6649,1
0.5230,-0.4788,1
-1.7467,-0.0195,0
0.9111,0.3602,0
0.5392,1.9895,1
1.4937,-0.1747,1
-2.2042,1.2493,0
-0.4669,0.5335,0
-0.9123,0.3548,0
-0.8574,0.4342,0
-0.7324,-0.4103,0
-0.7970,0.4053,0
)";
  const auto problem =
      table_problem(data_set_from_bytes(table, spec.file, {.target = "label", .drop = {}, .seed = spec.seed}),
                    table_inputs(spec));
  MemoryStore store;
  Progress silent;
  const auto result = run_study(spec, *problem, store, 1, silent);
  EXPECT_EQ(result.verdict, Verdict::inconclusive);
  for (const auto& c : result.comparisons) EXPECT_GT(c.p_value, 0.05) << c.contender << " " << c.against;
  const auto check = std::ranges::find(result.checks, "above-validation", &Check::code);
  ASSERT_NE(check, result.checks.end());
  EXPECT_EQ(check->severity, Check::Severity::passed) << check->message;
}

}  // namespace
}  // namespace qupel
