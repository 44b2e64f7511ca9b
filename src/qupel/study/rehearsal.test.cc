#include "qupel/study/rehearsal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "qupel/base/error.h"
#include "qupel/contenders/contenders.h"
#include "qupel/problem/tabular/tabular.h"
#include "qupel/study/runner.h"
#include "qupel/study/trial.h"

namespace qupel::rehearsal_test {
namespace {

using ::testing::HasSubstr;

StudySpec study(const std::string& device, const std::string& mitigate) {
  return parse_study(
      "[data]\nset = \"iris\"\nmax_rows = 45\n[protocol]\nouter_folds = 3\nrepeats = 1\ninner_folds = "
      "2\nconfigurations = 1\n[inputs]\nfeatures = 2\n[execution]\nshots = 20\ndevices = [\"" +
          device + "\"]\nmitigate = " + mitigate +
          "\n[[contender]]\nname = \"projected-kernel\"\n[[contender]]\nname = "
          "\"quantum-kernel\"\n[[contender]]\nname = \"logistic\"\n",
      "test", contenders());
}

// What a run with the same settings is charged: for expectation values that, for kernels at most so much.
TEST(Rehearsal, SaysWhatARunIsCharged) {
  const auto spec = study("ionq-aria", "[\"zne\", \"readout\"]");
  const auto problem = load_problem(spec);
  const auto needs = rehearse(spec, *problem);
  ASSERT_EQ(needs.size(), 2u);
  MemoryStore store;
  Progress quiet;
  run_study(spec, *problem, store, 1, quiet);
  std::map<std::string, Ledger> charged;
  for (const auto& [key, trial] : store.trials())
    for (const auto& [execution, evaluation] : trial.evaluations) charged[key.entry] += evaluation.ledger;
  const auto& projected = needs[0];
  EXPECT_EQ(projected.contender, "projected-kernel");
  EXPECT_EQ(projected.circuits, charged["projected-kernel"].hardware_circuits);
  EXPECT_EQ(projected.shots, charged["projected-kernel"].shots);
  EXPECT_NEAR(projected.cost.amount, charged["projected-kernel"].money, 1e-6 * projected.cost.amount);
  EXPECT_EQ(projected.cost.currency, "USD");
  const auto& kernel = needs[1];
  EXPECT_GE(kernel.circuits, charged["quantum-kernel"].hardware_circuits);
  EXPECT_LE(kernel.circuits, 4 * 45 * 30);  // all pairs, once plain and with three noise factors
  EXPECT_GE(kernel.cost.amount, charged["quantum-kernel"].money);
}

TEST(Rehearsal, RefusesWithTheWayOut) {
  const auto spec = study("ionq-aria", "[]");
  const auto refusal = [&](const std::string& budget) {
    try {
      require_affordable(spec, rehearse(spec, *load_problem(spec)), parse_money(budget));
      return std::string();
    } catch (const InputError& error) {
      return std::string(error.what());
    }
  };
  EXPECT_THAT(refusal("0.1USD"), HasSubstr("cannot buy one shot on ionq-aria, which costs 0.33 USD"));
  EXPECT_THAT(refusal("50USD"), HasSubstr("more than the 50.00 USD allowed; nothing was spent"));
  EXPECT_THAT(refusal("50EUR"), HasSubstr("state the budget in USD"));
  EXPECT_EQ(refusal("1e6USD"), "");
  const auto free = study("line(5)", "[]");
  EXPECT_THROW(require_affordable(free, {}, parse_money("5USD")), InputError);
}

}  // namespace
}  // namespace qupel::rehearsal_test
