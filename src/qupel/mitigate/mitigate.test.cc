#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "qupel/base/error.h"
#include "qupel/circuit/dense.h"
#include "qupel/mitigate/extrapolation.h"
#include "qupel/mitigate/folding.h"
#include "qupel/mitigate/mitigation.h"

namespace qupel::mitigate {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Published coefficients of Richardson extrapolation and of a linear fit.
TEST(Extrapolation, HasThePublishedWeights) {
  const auto near = [](double x) { return DoubleNear(x, 1e-12); };
  EXPECT_THAT(weights(std::vector<double>{1, 2, 3}, richardson), ElementsAre(near(3), near(-3), near(1)));
  EXPECT_THAT(weights(std::vector<double>{1, 3, 5}, richardson),
              ElementsAre(near(15.0 / 8), near(-5.0 / 4), near(3.0 / 8)));
  EXPECT_THAT(weights(std::vector<double>{1, 3}, richardson), ElementsAre(near(1.5), near(-0.5)));
  double variance = 0;
  for (const double w : weights(std::vector<double>{1, 3, 5}, linear_fit)) variance += w * w;
  EXPECT_NEAR(variance, 35.0 / 24, 1e-12);
}

TEST(Extrapolation, ContinuesAnExponentialDecay) {
  const std::vector<double> factors{1, 3, 5};
  std::vector<double> values;
  for (const double f : factors) values.push_back(-0.8 * std::exp(-0.2 * f));
  EXPECT_NEAR(extrapolated(factors, values, {}, exponential_fit, {-1, 1}).first, -0.8, 1e-12);
  values.back() *= -1;  // no exponential: the linear fit
  EXPECT_NEAR(extrapolated(factors, values, {}, exponential_fit, {-1, 1}).first,
              extrapolated(factors, values, {}, linear_fit, {-1, 1}).first, 1e-12);
}

Circuit sample() {
  Circuit circuit(3);
  circuit.add("h", {0}).add("iswap", {0, 1}).add("sx", {1}).add("ecr", {2, 1});
  circuit.add("rzz", {0, 2}, {Angle::parameter(0)}).add("cx", {1, 0});
  return circuit;
}

TEST(Folding, KeepsTheStateAndScalesTheGates) {
  const std::vector<double> parameters{0.7};
  const auto before = dense_state(sample(), {}, parameters);
  for (const double scale : {1.0, 1.5, 2.0, 3.0, 4.0, 5.0}) {
    const auto made = folded(sample(), scale);
    EXPECT_NEAR(made.scale, scale, 0.26);
    long two = 0;
    for (const auto& operation : made.circuit.operations()) two += operation.qubits.size() > 1 ? 1 : 0;
    EXPECT_NEAR(static_cast<double>(two), 4 * made.scale, 1e-9);
    const auto after = dense_state(made.circuit, {}, parameters);
    Complex overlap = 0;
    for (std::size_t i = 0; i < before.size(); ++i) overlap += std::conj(before[i]) * after[i];
    EXPECT_NEAR(std::abs(overlap), 1, 1e-12) << scale;
  }
}

/// Six X, each followed by depolarizing: published values of Mitiq's documentation.
Job six_flips(double p) {
  Job job{Circuit(1), parse_noise(fmt::format("depolarizing({}) after x", p))};
  for (int i = 0; i < 6; ++i) job.circuit.add("x", {0});
  job.observables = {parse_observable("0.5 + 0.5 Z0")};
  return job;
}

/// Exactly.
std::vector<Estimate> run_each(std::span<const Job> jobs) {
  std::vector<Estimate> results;
  for (const auto& job : jobs) results.push_back({run(job).expectations, {}});
  return results;
}

Estimate run_all(const Mitigation& mitigation, const Job& job) {
  const auto plan = mitigation.plan(job, run_each);
  return plan.combine(run_each(plan.jobs));
}

TEST(ZeroNoiseExtrapolation, MatchesPublishedValues) {
  const auto zne = mitigation(std::vector<std::string>{"zne(1 2 3, richardson)"});
  const auto job = six_flips(0.01);
  std::vector<double> values;
  for (const auto& part : zne->plan(job, run_each).jobs) values.push_back(run(part).expectations[0]);
  EXPECT_THAT(values, ElementsAre(DoubleNear(.961309865405, 1e-10), DoubleNear(.925613583840, 1e-10),
                                  DoubleNear(.892679490152, 1e-10)));
  EXPECT_NEAR(run_all(*zne, job).values[0], .999768334847, 1e-10);
  EXPECT_NEAR(zne->overhead(job).variance, 19, 1e-9);
  EXPECT_EQ(zne->overhead(job).circuits, 3);
}

/// Six X in a row, as published: the one-norm is 1.02027027027 for each at p = 0.01.
TEST(ProbabilisticErrorCancellation, HasThePublishedNorm) {
  const auto pec = mitigation(std::vector<std::string>{"pec(1000)"});
  EXPECT_NEAR(std::sqrt(pec->overhead(six_flips(0.01)).shots()), 1.127954006996, 1e-9);
  Job two{Circuit(2), parse_noise("depolarizing(0.05) after two-qubit")};
  two.circuit.add("cx", {0, 1});
  EXPECT_NEAR(std::sqrt(pec->overhead(two).shots()), 1.105633802817, 1e-9);
}

TEST(ProbabilisticErrorCancellation, IsRightOnAverage) {
  Job job{Circuit(3), parse_noise("depolarizing(0.1) after two-qubit; bit-flip(0.08) after one-qubit")};
  job.circuit.add("ry", {0}, {Angle(0.8)}).add("cx", {0, 1}).add("sx", {1}).add("cz", {1, 2}).add("h", {2});
  job.observables = {parse_observable("Z0 Z1 + 0.5 X2"), parse_observable("Z0 - 0.2")};
  job.seed = 5;
  auto ideal = job;
  ideal.noise = {};
  const auto wanted = run(ideal).expectations;
  const auto pec = mitigation(std::vector<std::string>{"pec(1500)"});
  const auto found = run_all(*pec, job);
  for (std::size_t o = 0; o < 2; ++o) {
    EXPECT_LT(found.errors[o], 0.06);
    EXPECT_NEAR(found.values[o], wanted[o], 4 * found.errors[o]);
  }
  EXPECT_GT(std::abs(run(job).expectations[1] - wanted[1]),
            4 * found.errors[1]);  // there was something to undo
}

TEST(Twirling, ChangesNothingWithoutNoise) {
  Job job{sample().bind({}, std::vector<double>{0.7})};
  job.observables = {parse_observable("Z0 X1 - 0.4 Y2"), parse_observable("X0 Z2")};
  job.seed = 3;
  const auto twirl = mitigation(std::vector<std::string>{"twirl(12)"});
  const auto found = run_all(*twirl, job), wanted = Estimate{run(job).expectations, {}};
  for (std::size_t o = 0; o < 2; ++o) {
    EXPECT_NEAR(found.values[o], wanted.values[o], 1e-12);
    EXPECT_LT(found.errors[o], 1e-12);
  }
}

// A coherent error grows with the square of the number of gates; twirled it is a probability for each gate.
TEST(Twirling, MakesCoherentErrorsAddLikeChance) {
  Job job{Circuit(2), parse_noise("x-rotation(0.1) after two-qubit")};
  for (int i = 0; i < 10; ++i) job.circuit.add("cz", {0, 1});
  job.observables = {parse_observable("Z0")};
  const auto twirl = mitigation(std::vector<std::string>{"twirl(800)"});
  const auto found = run_all(*twirl, job);
  EXPECT_NEAR(found.values[0], std::pow(std::cos(0.1), 10), 4 * found.errors[0]);
  EXPECT_GT(std::pow(std::cos(0.1), 10) - run(job).expectations[0], 0.1);
}

TEST(Readout, IsUndoneExactlyWhereTheErrorsAreKnown) {
  Job job{Circuit(2), parse_noise("readout(0.02, 0.07) on 0; readout(0.1, 0.03) on 1")};
  job.circuit.add("ry", {0}, {Angle(0.9)}).add("cx", {0, 1}).add("ry", {1}, {Angle(0.4)});
  job.observables = {parse_observable("Z0 Z1 - 0.3 X1 + 0.2"), parse_observable("Z1")};
  auto ideal = job;
  ideal.noise = {};
  const auto undone = mitigation(std::vector<std::string>{"readout"});
  const auto values = run_all(*undone, job).values, wanted = run(ideal).expectations;
  EXPECT_NE(run(job).expectations, wanted);
  for (std::size_t o = 0; o < 2; ++o) EXPECT_NEAR(values[o], wanted[o], 1e-12);
  EXPECT_NEAR(undone->overhead(job).variance, 1 / std::pow(0.91 * 0.87, 2), 1e-12);
}

TEST(Readout, HasThePublishedOverhead) {
  Job job{Circuit(10), parse_noise("readout(0.01, 0.01)")};
  job.observables = {Observable::parity(std::vector{0, 1, 2, 3, 4, 5, 6, 7, 8, 9})};
  EXPECT_NEAR(mitigation(std::vector<std::string>{"readout"})->overhead(job).variance, 1.4979, 1e-4);
}

TEST(Mitigations, ComposeInTheirOwnOrder) {
  auto job = six_flips(0.02);
  job.noise = parse_noise("depolarizing(0.02) after x; readout(0.03, 0.05)");
  for (const auto& names :
       {std::vector<std::string>{"zne(1 3, richardson)", "readout"}, {"readout", "zne(1 3, richardson)"}}) {
    const auto both = mitigation(names);
    EXPECT_EQ(both->name(), "zne, readout");
    EXPECT_EQ(both->plan(job, run_each).jobs.size(), 2u);
    auto read_well = job;
    read_well.noise = parse_noise("depolarizing(0.02) after x");
    const auto zne = mitigation(std::vector<std::string>{"zne(1 3, richardson)"});
    EXPECT_NEAR(run_all(*both, job).values[0], run_all(*zne, read_well).values[0], 1e-12);
  }
}

TEST(Mitigations, SayWhatIsWrong) {
  const auto fault = [](const std::vector<std::string>& names) {
    try {
      mitigation(names);
      return std::string();
    } catch (const InputError& error) {
      return std::string(error.what());
    }
  };
  EXPECT_THAT(fault({"zn"}), HasSubstr("did you mean \"zne\"?"));
  EXPECT_THAT(fault({"zne", "zne(1 3)"}), HasSubstr("stands twice"));
  EXPECT_THAT(fault({"zne(1 3"}), HasSubstr("\")\" is missing"));
  EXPECT_THAT(fault({"zne(3 1)"}), HasSubstr("must ascend"));
  EXPECT_THAT(fault({"zne(1)"}), HasSubstr("needs 2 noise factors, not 1"));
  EXPECT_THAT(fault({"zne(1 x)"}), HasSubstr("no number"));
  EXPECT_THAT(fault({"zne(1 3 5, linea)"}), HasSubstr("did you mean \"linear\"?"));
  EXPECT_THAT(fault({"pec(1)"}), HasSubstr("from 2 to 1000000"));
  EXPECT_THAT(fault({"readout(3)"}), HasSubstr("takes no"));
}

}  // namespace
}  // namespace qupel::mitigate
