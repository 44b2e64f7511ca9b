#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "qupel/base/error.h"
#include "qupel/circuit/dense.h"
#include "qupel/mitigate/example.test.h"
#include "qupel/mitigate/extrapolation.h"
#include "qupel/mitigate/folding.h"
#include "qupel/mitigate/learned_noise.h"
#include "qupel/mitigate/noise_gain.h"

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

// Of so few circuits with so little noise, most seeds insert nothing at all: all values are equal, and wrong.
TEST(ErrorCancellation, KnowsOfInsertionsThatItDidNotDraw) {
  auto job = six_flips(0.001);
  int missed = 0, equal = 0;
  for (job.seed = 0; job.seed < 40; ++job.seed) {
    const auto found = run_all(*made("pec(20)"), job);
    missed += std::abs(found.values[0] - 1) > 2 * found.errors[0] ? 1 : 0;
    equal += found.errors[0] < 0.1 ? 1 : 0;
  }
  EXPECT_GT(equal, 20);
  EXPECT_LE(missed, 3);
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

TEST(Extrapolation, RejectsWhatIsNotToBeBelieved) {
  const std::vector<double> factors{1, 2, 3};
  // A parabola through these leaves the range at 0, and the straight line does not.
  const std::vector<double> bent{0.7, 0.4, 0.3};
  EXPECT_DOUBLE_EQ(extrapolated(factors, bent, {}, richardson, {-1, 1}).first,
                   extrapolated(factors, bent, {}, linear_fit, {-2, 2}).first);
  EXPECT_NEAR(extrapolated(factors, bent, {}, richardson, {-2, 2}).first, 1.2, 1e-12);
  // Neither is believed: the value with the least noise.
  EXPECT_EQ(extrapolated(factors, std::vector<double>{0.9, 0.1, -0.9}, {}, richardson, {-1, 1}).first, 0.9);
  const std::vector<double> errors{0.8, 0.8, 0.8};
  EXPECT_EQ(extrapolated(factors, bent, errors, richardson, {-1, 1}), (std::pair{0.7, 0.8}));
  EXPECT_FALSE(believed(std::nan(""), 0, {-1, 1}));
  EXPECT_FALSE(believed(0.5, 1.01, {-1, 1}));
  EXPECT_TRUE(believed(1.02, 0.01, {-1, 1}));
  EXPECT_FALSE(believed(1.04, 0.01, {-1, 1}));
}

TEST(Extrapolation, FitsExponentialsOfPolynomials) {
  const std::vector<double> factors{1, 2, 3, 4};
  std::vector<double> values;
  for (const double f : factors) values.push_back(0.7 * std::exp(-0.2 * f - 0.03 * f * f));
  EXPECT_NEAR(extrapolated(factors, values, {}, {Extrapolation::Family::exponential, 2}, {-1, 1}).first, 0.7,
              1e-12);
}

long two_qubit_gates(const Circuit& circuit) {
  return std::ranges::count_if(circuit.operations(), [](const auto& o) { return o.qubits.size() > 1; });
}

// Global folding of an odd circuit at scale 2 is 2.2 in cx.
TEST(Folding, StatesTheScaleThatItReaches) {
  Circuit circuit(2);
  for (int i = 0; i < 5; ++i) circuit.add("cx", {i % 2, 1 - i % 2});
  const auto made = folded(circuit, 2, Folding::global);
  EXPECT_EQ(two_qubit_gates(made.circuit), 11);
  EXPECT_DOUBLE_EQ(made.scale, 2.2);
}

TEST(Folding, KeepsTheStateInEveryWay) {
  const std::vector<double> parameters{0.7};
  const auto before = dense_state(sample(), {}, parameters);
  for (const auto folding : {Folding::local, Folding::global, Folding::layer, Folding::identity})
    for (const double scale : {1.0, 1.5, 2.0, 3.0, 5.5}) {
      const auto made = folded(sample(), scale, folding);
      const auto after = dense_state(made.circuit, {}, parameters);
      Complex overlap = 0;
      for (std::size_t i = 0; i < before.size(); ++i) overlap += std::conj(before[i]) * after[i];
      EXPECT_NEAR(std::abs(overlap), 1, 1e-12) << scale;
      EXPECT_NEAR(made.scale, scale, 0.51);
      if (folding != Folding::identity) {
        EXPECT_NEAR(static_cast<double>(two_qubit_gates(made.circuit)), 4 * made.scale, 1e-9);
      }
    }
}

// Time is scaled by any factor.
TEST(Folding, WaitsWhereWaitingHasAPrice) {
  Job job{Circuit(1), parse_noise("detuning(0.1) while idle; duration(1) of h")};
  job.circuit.add("h", {0}).add("h", {0});
  job.observables = {parse_observable("Z0")};
  const auto made = folded(job.circuit, 2.5, Folding::identity, job.noise);
  EXPECT_EQ(made.scale, 2.5);
  job.circuit = made.circuit;  // it waits 1.5 times as long as a gate takes between the two, and after them
  EXPECT_NEAR(run(job).expectations[0], std::cos(0.15), 1e-9);
}

TEST(ZeroNoiseExtrapolation, ExtrapolatesWithTheScaleThatWasReached) {
  Job job{Circuit(2), parse_noise("depolarizing(0.01) after two-qubit")};
  for (int i = 0; i < 5; ++i) job.circuit.add("cx", {0, 1});
  job.observables = {parse_observable("Z0 Z1")};
  for (const auto* options : {"zne(1 2 3, exponential, global)", "zne(1 2 3, exponential, layer)",
                              "zne(1 2.5, exponential)", "zne(adaptive)"})
    EXPECT_NEAR(run_all(*made(options), job).values[0], 1, 1e-9) << options;
}

TEST(ErrorCancellation, CountsCircuitsAsPublished) {
  EXPECT_EQ(made("pec(precision 0.03)")->overhead(six_flips(0.01)).circuits, 1413);
  EXPECT_NEAR(noise_gain(20, 100), .231378213160, 1e-12);
  EXPECT_EQ(samples_for(2, 0.05, 0.05), 11805);
  EXPECT_EQ(made("pec(accuracy 0.05)")->overhead(six_flips(0.01)).circuits,
            samples_for(1.127954006996, 0.05, 0.05));
}

TEST(ErrorCancellation, HasThePublishedOverheads) {
  // Rates of 0.1 of ZX and of XZ: what is kept of each string, and the norm exp(2 sum of rates).
  std::vector<double> factors(16, 1);
  for (std::size_t p = 0; p < 16; ++p)
    for (const std::size_t generator : {3u | 1u << 2, 1u | 3u << 2})
      factors[p] *= anticommute(p, generator) ? std::exp(0.2) : 1;
  EXPECT_NEAR(mixture_of({0, 1}, factors).norm, 1.491824697641, 1e-12);
  for (const auto& [gates, overhead] : {std::pair(10, 1.49), {50, 7.40}, {100, 54.75}}) {
    Job job{Circuit(2), parse_noise("depolarizing(0.01) after two-qubit")};
    for (int g = 0; g < gates; ++g) job.circuit.add("cx", {0, 1});
    EXPECT_NEAR(made("pec")->overhead(job).shots(), overhead, 0.006);
  }
}

// Bit flips are exponentials of Paulis: the norm of a power is the power of the norm.
TEST(ErrorCancellation, LeavesNoiseBeyondTheCap) {
  Job job{Circuit(1), parse_noise("bit-flip(0.1) after x")};
  for (int i = 0; i < 6; ++i) job.circuit.add("x", {0});
  job.observables = {parse_observable("Z0")};
  const auto whole = made("pec(4000)"), capped = made("pec(4000, cap 5)");
  EXPECT_NEAR(whole->overhead(job).shots(), std::pow(0.8, -12), 1e-9);
  EXPECT_NEAR(capped->overhead(job).shots(), 5, 1e-8);
  const double gain = noise_gain(std::pow(0.8, -6), 5);
  const auto found = run_all(*capped, job);
  EXPECT_NEAR(found.values[0], std::pow(0.8, 6 * gain), 1e-9 + 4 * found.errors[0]);
  job.noise = parse_noise("depolarizing(0.1) after x");
  EXPECT_LE(made("pec(cap 3)")->overhead(job).shots(), 3 * (1 + 1e-8));
  EXPECT_GT(made("pec(cap 3)")->overhead(job).shots(), 2.9);
}

/// Two layers of gates between which one qubit turns.
Job clifford_job() {
  Job job{Circuit(3)};
  job.circuit.add("ry", {0}, {Angle(0.6)}).add("cx", {0, 1}).add("ry", {1}, {Angle(0.4)});
  job.circuit.add("cz", {1, 2}).add("ry", {2}, {Angle(0.3)}).add("cx", {0, 1});
  job.observables = {parse_observable("Z0 Z1"), parse_observable("Z2")};
  job.seed = 3;
  return job;
}

TEST(ErrorCancellation, LearnsTheNoiseOfLayers) {
  auto job = clifford_job();
  job.noise = parse_noise("depolarizing(0.03) after cx; pauli(0.01, 0.02, 0.005) after cz");
  const NoiseLearning learning{.randomizations = 2};
  const auto known = kept_by_noise(job, "test"), learned = learn_noise(job, learning, run_each);
  EXPECT_EQ(learning_circuits(job, learning), 2u * 9 * 3 * 2);
  ASSERT_EQ(learned[1].size(), 1u);
  for (std::size_t p = 0; p < 16; ++p) EXPECT_NEAR(learned[1][0].weights[p], known[1][0].weights[p], 1e-9);
  // What a gate takes to each other is known together only: of cz the X of one qubit and X Z.
  EXPECT_NEAR(norm_of(power(learned, -1)), norm_of(power(known, -1)), 0.02);
  const auto found = run_all(*made("pec(400, learned)"), job),
             ideal = run_all(*made("readout"), without_noise(job));
  for (std::size_t o = 0; o < 2; ++o) EXPECT_NEAR(found.values[o], ideal.values[o], 4 * found.errors[o]);
}

/// Exact values and the scatter that so many shots add.
RunJobs scattered(double shots, std::uint64_t seed) {
  return [shots, random = std::make_shared<Random>(seed)](std::span<const Job> jobs) {
    auto results = run_each(jobs);
    for (auto& result : results)
      for (auto& value : result.values)
        value += random->normal() * std::sqrt(std::max(0.0, 1 - value * value) / shots);
    return results;
  };
}

// Of 15 rates 13 are 0 and found a little above or below: to cut off the latter alone would add an eighth.
TEST(ErrorCancellation, LearnsNoMoreNoiseThanThereIs) {
  Job job{Circuit(2), parse_noise("pauli(0, 0, 0.03) after cz")};
  job.circuit.add("cz", {0, 1});
  job.observables = {parse_observable("Z0")};
  const double known = std::log(norm_of(power(kept_by_noise(job, "test"), -1)));
  double mean = 0;
  constexpr int seeds = 8;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    job.seed = seed;
    const auto learned = learn_noise(job, {.randomizations = 2}, scattered(4000, seed));
    mean += std::log(norm_of(power(learned, -1))) / known / seeds;
  }
  EXPECT_NEAR(mean, 1, 0.03);
}

// Two qubits of which one is misread more often where the other is 1: no product of two confusion matrices.
TEST(CorrelatedReadout, UndoesWhatDependsOnANeighbour) {
  Job job{Circuit(2)};
  job.circuit.add("ry", {0}, {Angle(1.1)}).add("cx", {0, 1}).add("ry", {1}, {Angle(0.5)});
  job.observables = {parse_observable("Z0 Z1"), parse_observable("Z0")};
  const double flips[2] = {0.02, 0.2};  // of qubit 0, by the state of qubit 1
  // <Z0> is read as <(1 - f0 - f1) Z0 + (f1 - f0) Z0 Z1>, and Z0 Z1 likewise.
  const auto misread = [&](std::span<const Job> jobs) {
    auto results = run_each(jobs);
    for (std::size_t j = 0; j < jobs.size(); ++j) {
      auto job_read = jobs[j];
      for (auto& observable : job_read.observables) {
        std::vector<Observable::Term> terms;
        for (const auto& [weight, pauli] : observable.terms) {
          if (pauli.letter(0) == 'I') {
            terms.push_back({weight, pauli});
            continue;
          }
          auto other = pauli;
          other.set(1, pauli.letter(1) == 'I' ? 'Z' : 'I');
          terms.push_back({weight * (1 - flips[0] - flips[1]), pauli});
          terms.push_back({weight * (flips[1] - flips[0]), other});
        }
        observable = collected(terms);
      }
      results[j].values = run(job_read).expectations;
    }
    return results;
  };
  const auto ideal = run_each({{job}}).front();
  const auto found = run_all(*made("correlated-readout(2)"), job, misread);
  for (std::size_t o = 0; o < 2; ++o) EXPECT_NEAR(found.values[o], ideal.values[o], 1e-12);
  EXPECT_GT(std::abs(run_all(*made("correlated-readout(1)"), job, misread).values[0] - ideal.values[0]),
            0.01);
}

TEST(TwirledReadout, HasThePublishedOverhead) {
  Job job{Circuit(50), parse_noise("readout(0.01, 0.01)")};
  std::vector<int> all(50);
  for (int q = 0; q < 50; ++q) all[static_cast<std::size_t>(q)] = q;
  job.observables = {Observable::parity(all)};
  EXPECT_NEAR(made("trex(8)")->overhead(job).shots(), 7.5404, 1e-4);
  job.observables = {Observable::z(0)};
  EXPECT_NEAR(made("trex(8)")->overhead(job).shots(), 1.0412, 1e-4);
}

// A qubit that waits turns about Z by the same angle every time: two pulses undo it.
TEST(DynamicalDecoupling, UndoesTurnsOfWaitingQubits) {
  Job job{Circuit(3), parse_noise("detuning(0.3) while idle; duration(1) of cx; duration(0.01) of h x rz y")};
  job.circuit.add("h", {0}).add("x", {1}).barrier({0, 1, 2});
  for (int i = 0; i < 3; ++i) job.circuit.add("cx", {1, 2});
  job.circuit.barrier({0, 1, 2}).add("h", {0});
  job.observables = {parse_observable("Z0")};
  EXPECT_NEAR(run(job).expectations[0], std::cos(0.3 * 3), 1e-9);
  for (const auto* options : {"dd", "dd(xx)", "dd(xy4)"})
    EXPECT_NEAR(run_all(*made(options), job).values[0], 1, 1e-9) << options;
}

TEST(SymmetryVerification, KeepsWhatHasTheNumberOfParticles) {
  Job job{Circuit(4), parse_noise("bit-flip(0.05) after two-qubit")};
  job.circuit.add("x", {0}).add("x", {2}).add("swap", {0, 1}).add("iswap", {1, 2}).add("swap", {2, 3});
  job.observables = {parse_observable("Z0 + Z1 - 0.3 Z2 Z3"), parse_observable("X0 X3 + Y0 Y3")};
  const auto ideal = run_each({{without_noise(job)}}).front(), raw = run_each({{job}}).front();
  const auto found = run_all(*made("symmetry(particles 2)"), job), parity = run_all(*made("symmetry"), job);
  // By definition: the projected state.
  const auto density = dense_density(job.circuit, job.noise);
  double kept = 0, value = 0;
  for (std::size_t s = 0; s < 16; ++s) {
    if (std::popcount(s) != 2) continue;
    const double p = density(s, s).real();
    const auto z = [&](int q) { return (s >> q & 1) != 0 ? -1.0 : 1.0; };
    kept += p;
    value += p * (z(0) + z(1) - 0.3 * z(2) * z(3));
  }
  EXPECT_NEAR(found.values[0], value / kept, 1e-12);
  EXPECT_LT(std::abs(parity.values[0] - ideal.values[0]), std::abs(raw.values[0] - ideal.values[0]));
  EXPECT_THROW(made("symmetry(particles 5)")->plan(job, run_each), InputError);
}

// By definition: tr(O rho^2) / tr(rho^2).
TEST(VirtualDistillation, IsTheValueInTheSquaredState) {
  Job job{Circuit(2), parse_noise("depolarizing(0.2) after two-qubit")};
  job.circuit.add("ry", {0}, {Angle(0.8)}).add("cx", {0, 1}).add("rx", {1}, {Angle(0.3)});
  job.observables = {parse_observable("Z0 X1 + 0.3 Y0 - 0.2"), parse_observable("Z1")};
  const auto density = dense_density(job.circuit, job.noise);
  const auto found = run_all(*made("vd"), job);
  for (std::size_t o = 0; o < 2; ++o) {
    Complex value = 0, purity = 0;
    const auto squared_state = product(density, density);
    for (const auto& [weight, pauli] : job.observables[o].terms) {
      const auto matrix = product(pauli_matrix(std::string{pauli.letter(0), pauli.letter(1)}), squared_state);
      for (std::size_t i = 0; i < 4; ++i) value += weight * matrix(i, i);
    }
    for (std::size_t i = 0; i < 4; ++i) purity += squared_state(i, i);
    EXPECT_NEAR(found.values[o], (value / purity).real(), 1e-12);
  }
}

// Under depolarizing noise of everything at once the map is exact.
TEST(CliffordDataRegression, FindsTheFactorOfGlobalDepolarizing) {
  auto job = clifford_job();
  job.circuit.add("rz", {0}, {Angle::parameter(0)});
  job.noise = parse_noise("depolarizing(0.01) after two-qubit");
  job.circuit = job.circuit.bind({}, std::vector<double>{0.4});
  const auto ideal = run_each({{without_noise(job)}}).front(), raw = run_each({{job}}).front();
  for (const auto* options : {"cdr(40)", "cdr(40, scales 1 3)"}) {
    const auto found = run_all(*made(options), job);
    for (std::size_t o = 0; o < 2; ++o)
      EXPECT_LT(std::abs(found.values[o] - ideal.values[o]), 0.3 * std::abs(raw.values[o] - ideal.values[o]));
  }
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
  EXPECT_THAT(fault({"zne(1 3 5, linear, exponential)"}), HasSubstr("one extrapolation"));
  EXPECT_THAT(fault({"zne(1 3, local, global)"}), HasSubstr("in one way"));
  EXPECT_THAT(fault({"zne(1 3, quadratic)"}), HasSubstr("needs 3 noise factors, not 2"));
  EXPECT_THAT(fault({"zne(1 3, adaptive)"}), HasSubstr("chooses its noise factors itself"));
  EXPECT_THAT(fault({"zne(1 3 5, polynomial 9)"}), HasSubstr("from 1 to 8"));
  EXPECT_THAT(fault({"zne(1 3 5,)"}), HasSubstr("is empty"));
  EXPECT_THAT(fault({"pec(100, precision 0.1)"}), HasSubstr("one of these only"));
  EXPECT_THAT(fault({"pec(cap 0.5)"}), HasSubstr("from 1 to"));
  EXPECT_THAT(fault({"pec(randomizations 4)"}), HasSubstr("write learned, too"));
  EXPECT_THAT(fault({"pea(2)"}), HasSubstr("needs 2 noise factors"));
  EXPECT_THAT(fault({"cdr(24, scales 2 3)"}), HasSubstr("begin with 1"));
  EXPECT_THAT(fault({"symmetry(eve)"}), HasSubstr("did you mean \"even\"?"));
  EXPECT_THAT(fault({"symmetry(even, odd)"}), HasSubstr("one symmetry"));
  EXPECT_THAT(fault({"dd(xy5)"}), HasSubstr("did you mean \"xy4\"?"));
  EXPECT_THAT(fault({"lre(chunks 0)"}), HasSubstr("from 1 to 12"));
  EXPECT_THAT(fault({"trex(5)"}), HasSubstr("multiple of 4"));
  EXPECT_THAT(fault({"readout", "trex"}), HasSubstr("readout and trex both correct readout: choose one"));
  EXPECT_THAT(fault({"pec(1)"}), HasSubstr("from 2 to 1000000"));
  EXPECT_THAT(fault({"readout(3)"}), HasSubstr("takes no"));
}

}  // namespace
}  // namespace qupel::mitigate
