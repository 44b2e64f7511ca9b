#include "qupel/study/ownership.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "qupel/base/error.h"
#include "qupel/study/summary.h"

namespace qupel {
namespace {

/// Ten rows: a classical model that takes an hour to train and one to answer 1000 rows, and a quantum one
/// that ran 20 circuits for 40 USD to answer them, and would run 100 to be trained.
StudyResult example() {
  StudyResult result;
  result.rows = 10;
  result.repeats = 1;
  ContenderResult classical, quantum;
  classical.name = "logistic";
  classical.trials = 2;
  classical.ledger.seconds[Stage::classical] = 7200;
  classical.predict_seconds_per_1000 = 3600;
  quantum.name = "variational";
  quantum.family = Family::quantum;
  quantum.trials = 2;
  quantum.ledger.hardware_circuits = 200;
  quantum.ledger.seconds[Stage::execute] = 7200;
  DeviceReading reading;
  reading.device = "ibm-torino";
  reading.currency = "USD";
  reading.ledger.hardware_circuits = 20;
  reading.ledger.money = 40;
  quantum.devices = {reading};
  result.contenders = {classical, quantum};
  return result;
}

const Ownership& found(const std::vector<Ownership>& all, std::string_view machine,
                       bool trained_there = false) {
  return *std::ranges::find_if(all, [&](const Ownership& each) {
    return each.machine == machine && each.trained_there == trained_there;
  });
}

TEST(Ownership, IsTrainingOnceAndAnsweringEveryDay) {
  const auto all = ownership(example(), {.answers_a_day = 2000, .days = 10});
  ASSERT_EQ(all.size(), 5u);
  const auto& cpu = found(all, "cpu");
  EXPECT_NEAR(cpu.training.amount, 0.0425, 1e-9);
  EXPECT_NEAR(cpu.total.amount, 0.0425 + 20 * 0.0425, 1e-9);
  EXPECT_NEAR(found(all, "gpu-h200").total.amount, 21 * 7.91, 1e-9);
  const auto& device = found(all, "ibm-torino");
  EXPECT_NEAR(device.training.amount, 0.0425, 1e-9);
  EXPECT_NEAR(device.thousand_answers.amount, 4000, 1e-9);
  EXPECT_NEAR(device.total.amount, 0.0425 + 20 * 4000, 1e-6);
  EXPECT_NEAR(found(all, "ibm-torino", true).training.amount, 100 * 2, 1e-9);
  EXPECT_EQ(all.front().machine, "cpu");
}

TEST(Ownership, AddsNoCurrenciesUp) {
  auto result = example();
  result.contenders[1].devices[0].currency = "HQC";
  const auto all = ownership(result, {.answers_a_day = 1000, .days = 1});
  EXPECT_EQ(found(all, "ibm-torino").total.currency, "HQC");
  EXPECT_NEAR(found(all, "ibm-torino").total.amount, 4000, 1e-9);
  EXPECT_THROW(ownership(example(), {.answers_a_day = -1}), InputError);
}

}  // namespace
}  // namespace qupel
