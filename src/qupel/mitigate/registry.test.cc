#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "qupel/base/error.h"
#include "qupel/mitigate/example.test.h"

// Properties that every technique has.
namespace qupel::mitigate {
namespace {

/// Four qubits; its states have even parity.
Job even_job() {
  Job job{Circuit(3)};
  job.circuit.add("x", {0}).add("x", {1}).add("rxx", {0, 1}, {Angle(0.7)}).add("rz", {1}, {Angle(0.3)});
  job.circuit.add("cz", {1, 2}).add("rxx", {1, 2}, {Angle(-0.5)}).add("rz", {2}, {Angle(0.9)});
  job.circuit.add("ryy", {0, 2}, {Angle(0.4)});
  job.observables = {parse_observable("Z0 Z1"), parse_observable("Z2 - 0.5 Z0 + 0.25")};
  job.seed = 7;
  return job;
}

class Every : public ::testing::TestWithParam<const MitigationSpec*> {
 protected:
  std::unique_ptr<Mitigation> technique() const { return GetParam()->make(""); }
};

TEST_P(Every, StatesWhatItIs) {
  const auto& spec = *GetParam();
  EXPECT_EQ(technique()->name(), spec.name);
  for (const auto text : {spec.summary, spec.source, spec.assumes}) EXPECT_GT(text.size(), 20u);
  EXPECT_THROW(spec.make("nonsense"), InputError);
  EXPECT_THROW(spec.make("-3"), InputError);
}

TEST_P(Every, GivesTheIdealValueWithoutNoise) {
  const auto job = even_job();
  const auto found = run_all(*technique(), job), wanted = run_each({{job}}).front();
  for (std::size_t o = 0; o < job.observables.size(); ++o)
    EXPECT_NEAR(found.values[o], wanted.values[o], 1e-9) << o;
}

TEST_P(Every, RunsAsManyCircuitsAsItStates) {
  auto job = even_job();
  job.noise = parse_noise("depolarizing(0.02) after two-qubit; readout(0.02, 0.04)");
  std::size_t learning = 0;
  const auto plan = technique()->plan(job, [&](std::span<const Job> jobs) {
    learning += jobs.size();
    return run_each(jobs);
  });
  EXPECT_EQ(static_cast<double>(plan.jobs.size()), technique()->overhead(job).circuits);
  EXPECT_EQ(static_cast<double>(learning), technique()->overhead(job).learning_circuits);
}

/// What a technique is there for, and which share of the bias it leaves at most.
struct Purpose {
  std::string noise;
  double left;
  std::string options = "";
};

std::map<std::string_view, Purpose> purposes() {
  const std::string depolarizing = "depolarizing(0.02) after two-qubit", read = "readout(0.02, 0.06)";
  return {{"vd", {"depolarizing(0.04) after two-qubit", 0.3}},
          {"symmetry", {"bit-flip(0.03) after two-qubit", 0.6}},
          {"cdr", {depolarizing, 0.3}},
          {"lre", {depolarizing, 0.1}},
          {"zne", {depolarizing, 0.3}},
          {"pea", {depolarizing, 0.3, "1 2 3, circuits 400"}},
          {"pec", {depolarizing, 0.3, "2000"}},
          {"readout", {read, 1e-9}},
          {"correlated-readout", {read, 1e-9}},
          {"trex", {read, 0.03}}};
}

TEST_P(Every, RemovesTheBiasThatItIsFor) {
  const auto all = purposes();
  const auto purpose = all.find(GetParam()->name);
  if (purpose == all.end()) GTEST_SKIP() << "it removes none by itself, or has a test of its own";
  auto job = even_job();
  const auto ideal = run_each({{job}}).front();
  job.noise = parse_noise(purpose->second.noise);
  const auto raw = run_each({{job}}).front();
  const auto found = run_all(*GetParam()->make(purpose->second.options), job);
  double before = 0, after = 0;
  for (std::size_t o = 0; o < job.observables.size(); ++o) {
    before += std::abs(raw.values[o] - ideal.values[o]);
    after += std::abs(found.values[o] - ideal.values[o]);
  }
  EXPECT_GT(before, 0.04);
  EXPECT_LE(after, purpose->second.left * before);
}

/// The stated variance is that of an observable whose values are -1 and 1; what is drawn is stated at most.
TEST_P(Every, HasTheVarianceThatItStates) {
  Job job{Circuit(2)};  // Z0 Z1 is even, and Z0 about 0, so that shots have the largest variance
  job.circuit.add("rxx", {0, 1}, {Angle(1.5)}).add("rz", {0}, {Angle(0.4)}).add("cz", {0, 1});
  job.observables = {parse_observable("Z0")};
  job.noise = parse_noise("depolarizing(0.03) after two-qubit; readout(0.02, 0.06)");
  if (GetParam()->name == "vd") GTEST_SKIP() << "it measures other bases";
  const bool draws = GetParam()->name == "pec" || GetParam()->name == "pea";
  const auto technique = GetParam()->make(!draws ? "" : GetParam()->name == "pec" ? "20" : "circuits 8");
  constexpr std::uint64_t shots = 400;
  constexpr int repeats = 60;
  const auto overhead = technique->overhead(job);
  double mean = 0, square = 0, stated_error = 0;
  for (int r = 0; r < repeats; ++r) {
    job.seed = 1000 + static_cast<std::uint64_t>(r);
    const auto found = run_all(*technique, job, WithShots(shots, static_cast<std::uint64_t>(r)));
    mean += found.values[0] / repeats;
    square += found.values[0] * found.values[0] / repeats;
    stated_error += found.errors[0] / repeats;
  }
  const double variance = square - mean * mean, of_shots = overhead.variance / shots;
  EXPECT_LT(variance, 1.6 * (of_shots + overhead.drawn));
  EXPECT_GT(variance, 0.6 * of_shots);
  EXPECT_NEAR(stated_error / std::sqrt(variance), 1, 0.35);
}

INSTANTIATE_TEST_SUITE_P(Technique, Every, ::testing::ValuesIn(mitigations().begin(), mitigations().end()),
                         [](const auto& technique) {
                           std::string name(technique.param->name);
                           std::erase(name, '-');
                           return name;
                         });

TEST(Mitigations, AreListedInTheOrderInWhichTheyAreExpanded) {
  EXPECT_TRUE(std::ranges::is_sorted(mitigations(), {}, &MitigationSpec::order));
}

}  // namespace
}  // namespace qupel::mitigate
