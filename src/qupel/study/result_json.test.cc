#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "qupel/base/error.h"
#include "qupel/base/random.h"
#include "qupel/study/result.h"

namespace qupel {
namespace {

using ::testing::HasSubstr;
constexpr double infinite = std::numeric_limits<double>::infinity();

Classes prediction(std::uint64_t seed) {
  Random random(seed);
  Classes made{{0, 1, 1}, Matrix<double>(3, 2)};
  for (double& p : made.probabilities.values()) p = random.uniform();
  return made;
}

Trial trial() {
  Trial t;
  t.key = {"svm-rbf@reduced", 1, 4};
  t.settings = {{"cost", 0.1}, {"kernel", std::string("rbf")}};
  t.validation = 1.0 / 3;
  t.validations = {0.1 + 0.2, -0.0, 5e-324, infinite, -infinite};
  t.test_rows = {3, 5, 1'000'000'007};
  t.evaluations[exact_execution] = {prediction(1), {{"accuracy", 2.0 / 3}, {"log-loss", infinite}}};
  t.evaluations[shots_execution] = {prediction(2), {{"accuracy", 1}}};
  t.train_score = 0.9999999999999999;
  t.fit = {.converged = false, .reason = "step limit", .steps = 7, .losses = {0.7, 0.1}, .parameters = 12};
  t.failure = "a \"quoted\" reason\n";
  t.unconverged = 2;
  t.fits = 9;
  t.ledger.circuits = 1'234'567'890'123;
  t.ledger.hardware_circuits = 170;
  t.ledger.depth = 17;
  t.ledger.seconds = {{Stage::encode, 0.25}, {Stage::tune, 1e-9}};
  t.predict_seconds = 0.125;
  t.seconds = 3.5;
  return t;
}

const Classes& classes(const Evaluation& evaluation) { return std::get<Classes>(evaluation.answer); }

StudyResult result() {
  StudyResult r;
  r.run = "runs/wine-0123456789ab";
  r.name = "wine";
  r.study_hash = "0123";
  r.seed = std::numeric_limits<std::uint64_t>::max();
  r.classes = {"a", "ü"};
  r.class_counts = {10, 20};
  r.rows = 30;
  r.columns = 1;
  r.columns_seen = {{"size", ColumnType::categorical, {}, {}, {"big", "small"}, 2, false}};
  r.findings = {{Finding::Level::warning, "size", "was dropped"}};
  r.verdict = Verdict::classical_better;
  r.reason = "because";
  r.checks = {{"leak", Check::Severity::refused, "a copy"}};
  ContenderResult c;
  c.name = "kernel";
  c.family = Family::quantum_inspired;
  c.inputs = Inputs::reduced;
  c.metrics = {{"accuracy", {0.5, 0.25, std::nan("")}}};
  c.chosen = {{"cost", {{"1", 3}}}};
  c.figures.confusion = {{1, 2}, {3, 4}};
  c.figures.calibration = {{0.1, 0.2}};
  c.growth = {{"iqp-full", {2, 4}, {2, 4}, {1, 6}, {9, 9}, {8, 8}}};
  c.circuit_cost = {.qubits = 2, .gates = {{"h", 2}}, .one_qubit = 2};
  c.ledger.seconds = {{Stage::optimise, 1.5}};
  r.contenders = {c};
  Comparison comparison;
  comparison.contender = "kernel";
  comparison.against = "svm-rbf";
  comparison.difference = -0.01;
  comparison.differences = {-0.02, 0};
  comparison.decides = true;
  comparison.verdict = Verdict::equivalent;
  r.comparisons = {comparison};
  r.environment = {{"cpu", "some"}};
  r.seconds = 12.5;
  return r;
}

TEST(TrialJson, ComesBackBitForBit) {
  const auto text = to_json(trial());
  const auto back = trial_from_json(text);
  EXPECT_EQ(to_json(back), text);
  EXPECT_EQ(back.key, trial().key);
  EXPECT_EQ(back.settings, trial().settings);
  EXPECT_EQ(back.validations, trial().validations);
  EXPECT_TRUE(std::signbit(back.validations[1]));
  EXPECT_EQ(classes(back.exact()).probabilities, classes(trial().exact()).probabilities);
  EXPECT_EQ(classes(*back.with_shots()).labels, classes(*trial().with_shots()).labels);
  EXPECT_EQ(back.exact().metrics, trial().exact().metrics);
  EXPECT_EQ(back.ledger.seconds, trial().ledger.seconds);
}

TEST(TrialJson, AnyDoubleComesBackExactly) {
  Random random(7);
  Trial t;
  for (int i = 0; i < 20'000; ++i) {
    const double value = std::bit_cast<double>(random.bits());
    if (!std::isnan(value)) t.validations.push_back(value);
  }
  EXPECT_EQ(trial_from_json(to_json(t)).validations, t.validations);
}

TEST(TrialJson, WithoutSecondsOnlyTimesAreLeftOut) {
  auto slower = trial();
  slower.seconds = slower.predict_seconds = 99;
  slower.ledger.seconds[Stage::classical] = 5;
  EXPECT_EQ(to_json(slower, false), to_json(trial(), false));
  EXPECT_NE(to_json(slower), to_json(trial()));
  auto other = trial();
  auto& changed = std::get<Classes>(other.evaluations[exact_execution].answer).probabilities(0, 0);
  changed = std::nextafter(changed, 2);
  EXPECT_NE(to_json(other, false), to_json(trial(), false));
}

TEST(TrialJson, RecordsFromBeforeDevicesWereCountedHaveNone) {
  auto old = nlohmann::json::parse(to_json(trial()));
  EXPECT_EQ(trial_from_json(old.dump()).ledger.hardware_circuits, 170);
  old["ledger"].erase("hardware_circuits");
  EXPECT_EQ(trial_from_json(old.dump()).ledger.hardware_circuits, 0);
}

TEST(TrialJson, CarriesAFormatThatDoesNotReplay) {
  const auto stored = nlohmann::json::parse(to_json(trial()));
  EXPECT_EQ(stored["format"], 2);
  EXPECT_FALSE(nlohmann::json::parse(to_json(trial(), false)).contains("format"));
  auto first = stored;
  first.erase("format");
  EXPECT_EQ(to_json(trial_from_json(first.dump())), to_json(trial()));
}

template <typename Read>
std::string refusal_of_format_99(const std::string& json, Read read) {
  auto newer = nlohmann::json::parse(json);
  newer["format"] = 99;
  newer["key"] = newer["run"] = "of another kind";
  try {
    read(newer.dump());
  } catch (const NewerFormat& error) {
    return error.what();
  }
  return "not refused";
}

TEST(TrialJson, ANewerFormatIsRefusedBeforeAnythingElseIsRead) {
  EXPECT_EQ(refusal_of_format_99(to_json(trial()), trial_from_json),
            "this trial was written by a newer qupel (format 99, this one reads up to 2)");
}

TEST(ResultJson, ANewerFormatIsRefusedBeforeAnythingElseIsRead) {
  EXPECT_EQ(refusal_of_format_99(to_json(result()), study_result_from_json),
            "this result was written by a newer qupel (format 99, this one reads up to 2)");
}

TEST(TrialJson, WhatDevicesChargeIsStoredAndOldRecordsHaveNone) {
  const auto before = to_json(trial(), false);
  auto t = trial();
  t.ledger.device_seconds = 12.5;
  t.ledger.money = 3.75;
  t.ledger.seconds[Stage::queue] = 60;
  EXPECT_EQ(to_json(t, false), before);  // measured: no part of what replays
  t.ledger.mitigation_circuits = 7;
  EXPECT_NE(to_json(t, false), before);
  const auto back = trial_from_json(to_json(t)).ledger;
  EXPECT_EQ(back.device_seconds, 12.5);
  EXPECT_EQ(back.money, 3.75);
  EXPECT_EQ(back.mitigation_circuits, 7);
  EXPECT_EQ(back.seconds.at(Stage::queue), 60);
  auto old = nlohmann::json::parse(to_json(t));
  for (const auto* key : {"device_seconds", "money", "mitigation_circuits"}) old["ledger"].erase(key);
  EXPECT_EQ(trial_from_json(old.dump()).ledger.money, 0);
}

TEST(TrialJson, NoShotsComeBackAsNone) {
  Trial t;
  EXPECT_EQ(trial_from_json(to_json(t)).with_shots(), nullptr);
}

TEST(TrialJson, WhatIsNoTrialIsRefused) {
  EXPECT_THROW(trial_from_json(""), InputError);
  EXPECT_THROW(trial_from_json("{}"), InputError);
  EXPECT_THROW(trial_from_json("[1]"), InputError);
  auto damaged = nlohmann::json::parse(to_json(trial()));
  damaged["evaluations"]["exact"]["answer"]["probabilities"]["rows"] = 99;
  EXPECT_THROW(trial_from_json(damaged.dump()), InputError);
  damaged = nlohmann::json::parse(to_json(trial()));
  damaged["fit"]["steps"] = "seven";
  EXPECT_THROW(trial_from_json(damaged.dump()), InputError);
}

TEST(ResultJson, ComesBackBitForBit) {
  const auto text = to_json(result());
  auto back = study_result_from_json(text);
  EXPECT_EQ(to_json(back), text);
  EXPECT_EQ(back.seed, result().seed);
  EXPECT_EQ(back.columns_seen[0].type, ColumnType::categorical);
  EXPECT_EQ(back.contenders[0].family, Family::quantum_inspired);
  EXPECT_EQ(back.contenders[0].figures.calibration, result().contenders[0].figures.calibration);
  EXPECT_EQ(back.comparisons[0].verdict, Verdict::equivalent);
  EXPECT_TRUE(std::isnan(back.contenders[0].metrics["accuracy"].high));
}

TEST(ResultJson, HoldsWhatAReportSaysOfTheProgramOrNothingInOlderFormats) {
  auto r = result();
  r.noise = "none";
  r.circuit_training = {.adam_window = 50, .adam_steps = 60, .lbfgs_steps = 70, .gradient_tolerance = 0.25};
  auto json = nlohmann::json::parse(to_json(r));
  EXPECT_EQ(to_json(study_result_from_json(json.dump())), to_json(r));
  for (const auto* key : {"floor", "noise", "circuit_training", "format"}) json.erase(key);
  const auto old = study_result_from_json(json.dump());
  EXPECT_EQ(old.noise, "");
  EXPECT_EQ(old.circuit_training.adam_window, 0u);
}

TEST(SummaryJson, HoldsWhatProgramsRead) {
  const auto summary = nlohmann::json::parse(summary_json(result()));
  EXPECT_EQ(summary["run"], "runs/wine-0123456789ab");
  EXPECT_EQ(summary["report"], "runs/wine-0123456789ab/report.html");
  EXPECT_EQ(summary["verdict"], "classical better");
  EXPECT_EQ(summary["contenders"][0]["family"], "quantum-inspired");
  EXPECT_EQ(summary["contenders"][0]["metrics"]["accuracy"]["mean"], 0.5);
  EXPECT_TRUE(summary["contenders"][0]["metrics"]["accuracy"]["high"].is_null());
  EXPECT_EQ(summary["comparisons"][0]["against"], "svm-rbf");
  EXPECT_EQ(summary["gates"][0]["severity"], "refused");
  EXPECT_EQ(summary["data"]["classes"], 2);
  EXPECT_FALSE(summary.contains("replayed"));
  EXPECT_EQ(nlohmann::json::parse(summary_json(result(), false))["replayed"], false);
}

TEST(SummaryJson, TextThatIsNotUtf8IsReplaced) {
  auto r = result();
  r.source = "caf\xe9.csv";
  EXPECT_THAT(summary_json(r), HasSubstr("caf\xef\xbf\xbd.csv"));
}

}  // namespace
}  // namespace qupel
