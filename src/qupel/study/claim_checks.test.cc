#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "qupel/contenders/contenders.h"
#include "qupel/study/checks_example.test.h"

namespace qupel {
namespace {

using Severity = Check::Severity;
using testing::HasSubstr;

/// A study in which the quantum kernel leads by thirty points.
Case leading(const std::vector<std::string>& classical, const std::string& encoding = "iqp-full") {
  Case made;
  made.spec.entries = {{"quantum-kernel", contenders().at("quantum-kernel"), Inputs::reduced, {}}};
  for (const auto& name : classical)
    made.spec.entries.push_back({name, contenders().at(name), Inputs::all, {}});
  made.spec.entries.push_back(
      {"quantum-kernel-separable", contenders().at("quantum-kernel-separable"), Inputs::reduced, {}});
  made.trials = plain_trials(made.spec, made.data);
  for (auto& trial : made.trials) {
    const bool quantum = trial.key.entry == "quantum-kernel";
    const auto wrong = (quantum ? 0u : 6u) + static_cast<std::size_t>(trial.key.fold % 2);
    answer(trial, made.data, prediction_of(truth_of(made.data, trial), wrong));
    trial.train_score = 0.7;
    trial.settings = quantum ? Settings{{"encoding", encoding}} : Settings{};
  }
  return made;
}

TEST(ClaimChecks, ALeadNeedsThreeClassicalFamiliesThatLearned) {
  EXPECT_EQ(leading({"logistic"}).claim("weak-baselines").severity, Severity::refused);
  EXPECT_EQ(leading({"logistic", "svm-rbf"}).claim("weak-baselines").severity, Severity::refused);
  EXPECT_EQ(leading({"logistic", "svm-rbf", "mlp"}).claim("weak-baselines").severity, Severity::passed);
  // The same family twice is one.
  auto twice = leading({"logistic", "svm-rbf"});
  twice.spec.entries.push_back({"svm-rbf@reduced", contenders().at("svm-rbf"), Inputs::reduced, {}});
  for (const auto trials = twice.trials; const auto& trial : trials)
    if (trial.key.entry == "svm-rbf")
      twice.trials.push_back(trial), twice.trials.back().key.entry = "svm-rbf@reduced";
  EXPECT_EQ(twice.claim("weak-baselines").severity, Severity::refused);
  // Families that only guess do not count, unless they learned their training rows.
  auto guessing = leading({"logistic", "svm-rbf", "mlp"});
  for (const auto* name : {"logistic", "svm-rbf", "mlp"})
    for (auto* trial : guessing.of(name)) {
      const auto truth = truth_of(guessing.data, *trial);
      answer(*trial, guessing.data, prediction_of(truth, truth.size() / 2));
    }
  EXPECT_EQ(guessing.claim("weak-baselines").severity, Severity::refused);
  for (auto& trial : guessing.trials) trial.train_score = 0.95;
  EXPECT_EQ(guessing.claim("weak-baselines").severity, Severity::passed);
}

TEST(ClaimChecks, ALeadCountsBesideItsTwinAndBeyondEverybodyElse) {
  auto alone = leading({"logistic", "svm-rbf", "mlp"});
  alone.spec.entries.pop_back();
  std::erase_if(alone.trials, [](const Trial& t) { return t.key.entry == "quantum-kernel-separable"; });
  EXPECT_EQ(alone.claim("weak-baselines").severity, Severity::refused);
  EXPECT_THAT(alone.claim("weak-baselines").message, HasSubstr("quantum-kernel-separable"));
  // Somebody whom validation never chose scores as much on the test rows.
  auto hidden = leading({"logistic", "svm-rbf", "mlp"});
  for (auto* trial : hidden.of("mlp")) {
    answer(*trial, hidden.data, prediction_of(truth_of(hidden.data, *trial), 0));
    trial->validation = 0.1;
  }
  EXPECT_EQ(hidden.claim("weak-baselines").severity, Severity::refused);
  EXPECT_THAT(hidden.claim("weak-baselines").message, HasSubstr("mlp scores 100.0 %"));
}

TEST(ClaimChecks, ACircuitWithoutEntanglersIsNotQuantum) {
  const auto check = leading({"logistic", "svm-rbf", "mlp"}, "angle-y").claim("no-entanglement");
  EXPECT_EQ(check.severity, Severity::refused);
  EXPECT_THAT(check.message, HasSubstr("quantum-kernel"));
  EXPECT_EQ(leading({"logistic", "svm-rbf", "mlp"}).claim("no-entanglement").severity, Severity::passed);
}

TEST(ClaimChecks, ALeadMustBeThereWithShots) {
  const auto made = leading({"logistic", "svm-rbf", "mlp"});
  Comparison kept, lost;
  kept.contender = lost.contender = "quantum-kernel";
  kept.verdict = Verdict::quantum_better;
  lost.verdict = Verdict::inconclusive;
  kept.decides = lost.decides = true;
  EXPECT_EQ(made.claim("lost-with-shots", {kept, lost}).severity, Severity::passed);
  EXPECT_EQ(made.claim("lost-with-shots", {lost}).severity, Severity::refused);
  Comparison another = kept;  // leads with shots, but never led exactly
  another.contender = "variational";
  EXPECT_EQ(made.claim("lost-with-shots", {another, lost}).severity, Severity::refused);
  EXPECT_EQ(made.claim("lost-with-shots").severity, Severity::refused);
  auto exact = made;
  exact.spec.shots = 0;
  EXPECT_EQ(exact.claim("lost-with-shots").severity, Severity::warning);
}

}  // namespace
}  // namespace qupel
