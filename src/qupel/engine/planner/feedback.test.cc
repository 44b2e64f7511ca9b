#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <numbers>

#include "qupel/base/error.h"
#include "qupel/circuit/dense.h"
#include "qupel/circuit/qasm_reader.h"
#include "qupel/engine/engine.h"
#include "qupel/engine/testing/random_circuit.h"
#include "qupel/noise/circuit_noise.h"
#include "qupel/noise/readout.h"

// Measurements, resets and conditions within circuits, against density matrices and explicit projections.
namespace qupel {
namespace {

using ::testing::HasSubstr;

/// A part of the mixed state: what remains where the classical bits have these values. Not normalised.
using Parts = std::map<std::vector<bool>, Matrix<Complex>>;

Matrix<Complex> zeros(std::size_t size) { return Matrix<Complex>(size, size); }

void add_to(Matrix<Complex>& sum, const Matrix<Complex>& part, double weight = 1) {
  for (std::size_t i = 0; i < sum.values().size(); ++i) sum.data()[i] += weight * part.data()[i];
}

/// The matrix on all qubits that acts as `small` on some.
Matrix<Complex> on_all(const Matrix<Complex>& small, std::span<const int> qubits, int all) {
  const std::size_t size = std::size_t{1} << all;
  Matrix<Complex> result(size, size);
  for (std::size_t column = 0; column < size; ++column) {
    std::vector<Complex> unit(size);
    unit[column] = 1;
    const auto image = dense_apply(small, qubits, unit);
    for (std::size_t row = 0; row < size; ++row) result(row, column) = image[row];
  }
  return result;
}

Matrix<Complex> conjugated(const Matrix<Complex>& k, const Matrix<Complex>& rho) {
  return product(product(k, rho), adjoint(k));
}

Matrix<Complex> channel_of(std::span<const Matrix<Complex>> kraus, std::span<const int> qubits, int all,
                           const Matrix<Complex>& rho) {
  auto sum = zeros(rho.rows());
  for (const auto& k : kraus) add_to(sum, conjugated(on_all(k, qubits, all), rho));
  return sum;
}

/// |value><from|.
Matrix<Complex> ket_bra(std::size_t value, std::size_t from) {
  Matrix<Complex> made(2, 2);
  made(value, from) = 1;
  return made;
}

/// What an operation makes of one part, by the values of the bits after it.
Parts after(const Operation& operation, const std::vector<bool>& bits, const Matrix<Complex>& rho,
            const NoiseModel& noise, int qubits) {
  const auto written = [&](bool value) {
    auto changed = bits;
    changed[static_cast<std::size_t>(operation.bits[0])] = value;
    return changed;
  };
  switch (operation.spec->structure) {
    case Structure::measure: {
      const auto [to_one, to_zero] = noise.readout(operation.qubits[0]);
      const auto zero = conjugated(on_all(ket_bra(0, 0), operation.qubits, qubits), rho);
      const auto one = conjugated(on_all(ket_bra(1, 1), operation.qubits, qubits), rho);
      Parts parts{{written(false), zeros(rho.rows())}, {written(true), zeros(rho.rows())}};
      add_to(parts[written(false)], zero, 1 - to_one);
      add_to(parts[written(false)], one, to_zero);
      add_to(parts[written(true)], zero, to_one);
      add_to(parts[written(true)], one, 1 - to_zero);
      return parts;
    }
    case Structure::reset: {
      const Matrix<Complex> kraus[] = {ket_bra(0, 0), ket_bra(0, 1)};
      return {{bits, channel_of(kraus, operation.qubits, qubits, rho)}};
    }
    case Structure::set:
    case Structure::clear:
      return {{written(operation.spec->structure == Structure::set), rho}};
    case Structure::barrier:
    case Structure::delay:
      return {{bits, rho}};
    default:
      return {{bits, conjugated(on_all(dense_matrix(operation), operation.qubits, qubits), rho)}};
  }
}

/// The definition: the mixed state by classical bits, final measurements included.
Parts definition(const Circuit& circuit, const NoiseModel& noise) {
  const int qubits = circuit.qubits();
  auto start = zeros(std::size_t{1} << qubits);
  start(0, 0) = 1;
  Parts parts{{std::vector<bool>(static_cast<std::size_t>(circuit.bits())), start}};
  const CircuitNoise placed(circuit, noise);
  for (std::size_t k = 0; k < circuit.operations().size(); ++k) {
    const auto& operation = circuit.operations()[k];
    Parts next;
    const auto put = [&](const std::vector<bool>& bits, const Matrix<Complex>& rho) {
      auto& sum = next.try_emplace(bits, zeros(rho.rows())).first->second;
      add_to(sum, rho);
    };
    for (const auto& [bits, rho] : parts) {
      const bool happens = std::ranges::all_of(
          operation.conditions, [&bits = bits](const Condition& each) { return each.holds(bits); });
      if (!happens) {
        auto waited = rho;
        for (const auto& step : placed.steps_instead(k))
          waited = channel_of(step.kraus(), step.qubits, qubits, waited);
        put(bits, waited);
        continue;
      }
      for (auto [changed, part] : after(operation, bits, rho, noise, qubits)) {
        for (const auto& step : placed.steps_after(k))
          part = channel_of(step.kraus(), step.qubits, qubits, part);
        put(changed, part);
      }
    }
    parts = std::move(next);
  }
  return parts;
}

double trace(const Matrix<Complex>& rho) {
  double sum = 0;
  for (std::size_t k = 0; k < rho.rows(); ++k) sum += rho(k, k).real();
  return sum;
}

double expectation(const Observable& observable, const Parts& parts, int qubits) {
  double sum = 0;
  for (const auto& term : observable.terms) {
    std::string letters;
    for (int q = 0; q < qubits; ++q) letters += term.pauli.letter(q);
    for (const auto& part : parts) sum += term.weight * trace(product(pauli_matrix(letters), part.second));
  }
  return sum;
}

std::map<std::string, double> probabilities(const Parts& parts) {
  std::map<std::string, double> result;
  for (const auto& [bits, rho] : parts) {
    std::string text;
    for (std::size_t b = bits.size(); b-- > 0;) text += bits[b] ? '1' : '0';
    result[text] += trace(rho);
  }
  return result;
}

/// Whether counts fit probabilities: chi-square (values expected less than five times together) below what it
/// exceeds about once in a million, and nothing drawn that is impossible.
void expect_fit(const BitCounts& counts, const std::map<std::string, double>& expected, double shots,
                const std::string& what) {
  double drawn = 0, rare_count = 0, rare_expected = 0, chi_square = 0, cells = 0;
  const auto add_cell = [&](double count, double wanted) {
    chi_square += (count - wanted) * (count - wanted) / wanted;
    ++cells;
  };
  for (const auto& [bits, p] : expected) {
    const auto found = counts.find(bits);
    const double count = found == counts.end() ? 0 : static_cast<double>(found->second);
    drawn += count;
    if (p < 1e-12) {
      EXPECT_EQ(count, 0) << what << ": " << bits << " is impossible";
    } else if (shots * p < 5) {
      rare_count += count;
      rare_expected += shots * p;
    } else {
      add_cell(count, shots * p);
    }
  }
  EXPECT_EQ(drawn, shots) << what;
  if (rare_expected >= 1) add_cell(rare_count, rare_expected);
  const double freedom = std::max(cells - 1, 1.0);
  EXPECT_LT(chi_square, freedom + 5 * std::sqrt(2 * freedom) + 15) << what;
}

/// Gates, measurements, resets, writes and conditions at random; all bits are measured at least once.
Circuit random_feedback(Random& random, int qubits, int size) {
  constexpr int bits = 3;
  Circuit circuit(qubits);
  circuit.add_bits("c", 2);
  circuit.add_bits("d", 1);
  const auto any_qubit = [&] { return static_cast<int>(random.below(static_cast<std::size_t>(qubits))); };
  const auto any_bit = [&] { return static_cast<int>(random.below(bits)); };
  for (int b = 0; b < bits; ++b) {
    circuit.add("ry", {any_qubit()}, {random.uniform(0, 3)});
    circuit.measure(any_qubit(), b);
  }
  for (int k = 0; k < size; ++k) {
    Circuit one(qubits);
    one.add_bits("c", 2);
    one.add_bits("d", 1);
    switch (random.below(8)) {
      case 0:
        one.measure(any_qubit(), any_bit());
        break;
      case 1:
        one.reset(any_qubit());
        break;
      case 2:
        one.write(any_bit(), random.below(2) == 0);
        break;
      case 3:
        one.barrier({0, any_qubit() / 2 + 1}).delay(any_qubit(), {100});
        break;
      default:
        one.append(testing::random_bound_circuit(random, qubits, 1).without_operations());
        one.add("u", {any_qubit()}, {random.uniform(0, 3), random.uniform(0, 3), random.uniform(0, 3)});
        one.add("crx", testing::random_qubits(random, qubits, 2), {random.uniform(0, 3)});
    }
    for (auto operation : one.operations()) {
      if (random.below(3) == 0) {
        const auto relation = static_cast<Condition::Relation>(random.below(6));
        operation.conditions = {random.below(2) == 0 ? Condition{{any_bit()}, relation, random.below(2)}
                                                     : Condition{{0, 1}, relation, random.below(4)}};
      }
      circuit.add(std::move(operation));
    }
  }
  for (int b = 0; b < bits; ++b)
    if (random.below(2) == 0) circuit.measure(b % qubits, b);
  return circuit;
}

void compare_with_definition(int circuits, bool noisy) {
  Random random(derive(11, {key_of("feedback"), noisy}));
  for (int k = 0; k < circuits; ++k) {
    const int qubits = 2 + static_cast<int>(random.below(2));
    Job job{.circuit = random_feedback(random, qubits, 3 + static_cast<int>(random.below(12)))};
    if (noisy)
      job.noise = parse_noise(
          "amplitude-damping(0.1) after one-qubit; depolarizing(0.1) after two-qubit; "
          "bit-flip(0.1) after measure delay; phase-flip(0.2) after reset");
    job.observables = {testing::random_observable(random, qubits, 4)};
    const auto all = definition(job.circuit, job.noise);
    const auto before = definition(split_final_measurements(job.circuit, !noisy).body, job.noise);
    const double expected = expectation(job.observables[0], before, qubits);
    const auto what = "circuit " + std::to_string(k) + "\n" + draw(job.circuit, 300);
    for (const auto* engine : engines()) {
      if (!engine->supports().has(Ability::feedback)) continue;
      if (engine->name() == "stabilizer") continue;  // not of all gates (stabilizer.test.cc)
      auto asked = job;
      asked.precision = random.below(2) == 0 ? Precision::single : Precision::double_;
      auto [body, readout] = split_final_measurements(job.circuit, !noisy);
      asked.circuit = body;
      asked.readout = readout;
      if (asked.circuit.unitary()) continue;
      asked.threads = 1 + static_cast<int>(random.below(3));
      const bool explodes = noisy && engine->name() == "branching";
      if (explodes) asked.observables.clear();
      asked.shots = 2000;
      asked.seed = random.bits();
      const auto outcome = engine->run(asked);
      if (!explodes) {
        EXPECT_NEAR(outcome.expectations[0], expected, asked.precision == Precision::single ? 1e-4 : 1e-10)
            << engine->name() << what;
      }
      expect_fit(outcome.bit_counts, probabilities(all), 2000, std::string(engine->name()) + what);
      asked.threads = 2;
      EXPECT_EQ(engine->run(asked).bit_counts, outcome.bit_counts) << what;
    }
    if (!noisy) continue;
    job.trajectories = 2000;
    const auto estimate = run(job);
    EXPECT_NEAR(estimate.expectations[0], expected, 5 * estimate.errors[0] + 1e-9) << what;
  }
}

// With places, waiting qubits, delays and wrong readout, through the planner: what is measured at the end is
// measured when all has ended, and not placed by the schedule.
std::map<std::string, double> read_at_the_end(const Parts& body, std::span<const FinalBit> readout,
                                              const NoiseModel& noise) {
  std::map<std::string, double> result;
  for (const auto& [bits, rho] : body) {
    for (std::size_t basis = 0; basis < rho.rows(); ++basis) {
      std::map<std::string, double> texts{{"", rho(basis, basis).real()}};
      for (std::size_t b = readout.size(); b-- > 0;) {
        const auto& bit = readout[b];
        const bool measured = bit.from == FinalBit::From::qubit;
        const bool one = measured                           ? ((basis >> bit.qubit) & 1) != 0
                         : bit.from == FinalBit::From::body ? bits[b]
                                                            : bit.value;
        const auto error = measured ? noise.readout(bit.qubit) : ReadoutError{};
        const double wrong = one ? error.zero_for_one : error.one_for_zero;
        std::map<std::string, double> longer;
        for (const auto& [text, p] : texts) {
          longer[text + (one ? '1' : '0')] += p * (1 - wrong);
          longer[text + (one ? '0' : '1')] += p * wrong;
        }
        texts = std::move(longer);
      }
      for (const auto& [text, p] : texts) result[text] += p;
    }
  }
  return result;
}

const char* const placed_noise =
    "amplitude-damping(0.1) after one-qubit on 0; depolarizing(0.1) after crx on 0,1 1>2; bit-flip(0.05) "
    "after "
    "measure; thermal(9, 7) while idle; thermal(20, 30) after all; duration(0.2) of all; duration(1.5) of "
    "crx; duration(1) of measure; duration(2) of reset; duration(0.7) of delay on 1; readout(0.1, 0.2) on 0; "
    "readout(0.05) on 1";

void compare_placed_noise(int circuits, const std::string& rules) {
  Random random(derive(12, {key_of("feedback"), key_of(rules)}));
  for (int k = 0; k < circuits; ++k) {
    const int qubits = 2 + static_cast<int>(random.below(2));
    Job job{.circuit = random_feedback(random, qubits, 3 + static_cast<int>(random.below(8)))};
    job.noise = parse_noise(rules);
    job.observables = {testing::random_observable(random, qubits, 3)};
    job.variances = 1;
    const bool repeatable = rules.find("after measure") == std::string::npos;
    const auto [body, readout] = split_final_measurements(job.circuit, repeatable);
    const auto parts = definition(body, job.noise);
    const double mean = expectation(job.observables[0], parts, qubits);
    const double variance = expectation(squared(job.observables[0]), parts, qubits) - mean * mean;
    const double read = expectation(as_read(job.observables[0], job.noise), parts, qubits);
    const auto what = "circuit " + std::to_string(k) + "\n" + draw(job.circuit, 300);
    const auto exact = run(job, "density");
    EXPECT_NEAR(exact.expectations[0], read, 1e-10) << what;
    EXPECT_NEAR(exact.variances[0], variance, 1e-10) << what;
    job.shots = 2000;
    job.seed = random.bits();
    const auto chances = read_at_the_end(parts, readout, job.noise);
    expect_fit(run(job, "density").bit_counts, chances, 2000, "density" + what);
    if (body.unitary()) continue;  // it is not the branching engine's
    job.trajectories = 2000;
    const auto estimate = run(job, "branching");
    expect_fit(estimate.bit_counts, chances, 2000, "branching" + what);
    EXPECT_NEAR(estimate.expectations[0], read, 5 * estimate.errors[0] + 1e-9) << what;
  }
}

TEST(Feedback, AgreesWithTheDefinitionWithPlacedNoise) {
  compare_placed_noise(20, placed_noise);
  compare_placed_noise(10, std::string(placed_noise) + "; as-early-as-possible");
}

// What a measurement within the circuit reads wrong decides wrongly; the qubit is left as it was.
TEST(Feedback, ReadoutErrorsDecide) {
  Job job{.circuit = Circuit(2)};
  job.circuit.add_bits("c", 1);
  job.circuit.add("x", {0}).measure(0, 0).add_if({{0}}, "x", {1});
  job.noise = parse_noise("readout(0, 0.25) on 0");
  job.observables = {parse_observable("Z1"), parse_observable("Z0")};
  for (const char* engine : {"density", "branching"}) {
    const auto outcome = run(job, engine);
    EXPECT_NEAR(outcome.expectations[0], 0.25 - 0.75, 1e-12) << engine;
    EXPECT_NEAR(outcome.expectations[1], 0.25 - 0.75, 1e-12) << engine << ": read wrong once more";
  }
  job.noise = parse_noise("readout(0, 0.25) on 0; bit-flip(0) after x");
  EXPECT_NEAR(run(job).expectations[0], -0.5, 1e-12);
}

// A delay is a wait of so many microseconds; where a conditional gate does not happen, its qubit waits for
// it.
TEST(Feedback, DelaysAndGatesThatDoNotHappenTakeTime) {
  Job job{.circuit = Circuit(2)};
  job.circuit.add_bits("c", 1);
  job.circuit.add("x", {1}).delay(1, {3, Duration::Unit::us}).measure(0, 0).add_if({{0}}, "z", {1});
  job.noise = parse_noise(
      "amplitude-damping(0.5) while idle on 0; thermal(10, 20) while idle on 1; duration(0) of x; "
      "duration(4) of z; duration(0) of measure");
  job.observables = {parse_observable("Z1")};
  for (const char* engine : {"density", "branching"})
    EXPECT_NEAR(run(job, engine).expectations[0], 1 - 2 * std::exp(-0.7), 1e-12) << engine;
}

TEST(Feedback, AgreesWithTheDefinition) { compare_with_definition(60, false); }
TEST(Feedback, AgreesWithTheDefinitionWithNoise) { compare_with_definition(25, true); }
TEST(SlowFeedback, AgreesWithTheDefinitionOnManyCircuits) {
  compare_with_definition(1000, false);
  compare_with_definition(300, true);
}

Job job_of(const std::string& text, std::string_view observable = "") {
  Job job{.circuit = read_qasm("include \"stdgates.inc\";\n" + text, "test").circuit};
  if (!observable.empty()) job.observables = {parse_observable(observable)};
  return job;
}

TEST(Feedback, TeleportsAState) {
  const std::string teleport = R"(qubit[3] q; bit a; bit b; U(0.7, 0.4, 1.1) q[0];
    h q[1]; cx q[1], q[2]; cx q[0], q[1]; h q[0]; a = measure q[0]; b = measure q[1];
    if (b) x q[2]; if (a == 1) z q[2];)";
  for (const char* letter : {"X", "Y", "Z"}) {
    auto job = job_of(teleport, std::string(letter) + "2");
    const auto alone = run(job_of("qubit q; U(0.7, 0.4, 1.1) q;", std::string(letter) + "0"));
    EXPECT_NEAR(run(job).expectations[0], alone.expectations[0], 1e-12) << letter;
    job.precision = Precision::single;
    EXPECT_NEAR(run(job).expectations[0], alone.expectations[0], 1e-5) << letter;
  }
}

// The bit-flip code: any one flip is found by its syndrome and undone.
TEST(Feedback, CorrectsABitFlip) {
  for (int flipped = -1; flipped < 3; ++flipped) {
    std::string text = "qubit[3] q; qubit[2] s; bit[2] c; ry(0.9) q[0]; cx q[0], q[1]; cx q[0], q[2];\n";
    if (flipped >= 0) text += "x q[" + std::to_string(flipped) + "];\n";
    text += R"(cx q[0], s[0]; cx q[1], s[0]; cx q[1], s[1]; cx q[2], s[1]; c = measure s; reset s;
      if (c == 1) x q[0]; if (c == 3) x q[1]; if (c == 2) x q[2];
      cx q[0], q[2]; cx q[0], q[1];)";
    EXPECT_NEAR(run(job_of(text, "Z0")).expectations[0], std::cos(0.9), 1e-12) << flipped;
    EXPECT_NEAR(run(job_of(text, "X0")).expectations[0], std::sin(0.9), 1e-12) << flipped;
  }
}

// Three binary digits of a phase, one at a time with one qubit: p(2 pi 5/8) gives 101 for certain.
TEST(Feedback, EstimatesAPhaseBitByBit) {
  auto job = job_of(R"(qubit q; qubit e; bit[3] c; x e;
    h q; for int k in [1:4] cp(2*pi*5/8.0) q, e; h q; c[0] = measure q; reset q;
    h q; for int k in [1:2] cp(2*pi*5/8.0) q, e; if (c[0]) p(-pi/2) q; h q; c[1] = measure q; reset q;
    h q; cp(2*pi*5/8.0) q, e; if (c[1]) p(-pi/2) q; if (c[0]) p(-pi/4) q; h q; c[2] = measure q;)");
  job.shots = 100;
  const auto outcome = run(job);
  EXPECT_EQ(outcome.bit_counts, (BitCounts{{"101", 100}}));
}

// Tries again until a coin shows 0, four times at most.
TEST(Feedback, RepeatsUntilSuccess) {
  auto job = job_of(R"(qubit q; qubit done; bit c = 1;
    for int k in [1:4] { if (c) { reset q; h q; c = measure q; } } if (!c) x done;)",
                    "Z1");
  const auto before = definition(job.circuit, {});
  job.shots = 4000;
  const auto outcome = run(job);
  EXPECT_NEAR(outcome.expectations[0], 1 - 2 * (1 - 1.0 / 16), 1e-12);
  std::uint64_t failed = 0;
  for (const auto& [bits, count] : outcome.bit_counts) failed += bits.back() == '1' ? count : 0;
  EXPECT_NEAR(static_cast<double>(failed), 250, 5 * 15.3);
}

// Equal branches join: forty rounds of a measured and reset coin are two branches at a time, not 2^40.
TEST(Feedback, JoinsBranchesThatAgree) {
  const auto job = job_of(R"(qubit[2] q; bit c; ry(0.3) q[1];
    for int k in [1:40] { h q[0]; c = measure q[0]; reset q[0]; })",
                          "Z1");
  EXPECT_NEAR(run(job).expectations[0], std::cos(0.3), 1e-12);
}

TEST(Feedback, RefusesTooManyBranches) {
  const std::string text =
      "qubit q; bit[17] c; for int k in [0:16] { h q; c[k] = measure q; } if (c > 5) x q;";
  const auto message = [](const Job& job) -> std::string {
    try {
      run(job);
    } catch (const InputError& error) {
      return error.what();
    }
    return "no error";
  };
  EXPECT_THAT(message(job_of(text, "Z0")), HasSubstr("branches"));
  auto job = job_of(text, "");
  job.shots = 20;
  EXPECT_EQ(message(job), "no error");
}

TEST(Planner, AsksOnlyEnginesThatCan) {
  auto job = job_of("qubit q; bit c; h q; c = measure q; if (c) x q;", "Z0");
  const auto choice = choose(job);
  EXPECT_THAT(choice.reason, HasSubstr("batch: it runs no measurements, resets and conditions"));
  job.state = true;
  EXPECT_THROW(choose(job), InputError);
  // Measurements at the end are read off one state.
  auto plain = job_of("qubit q; bit c; h q; c = measure q;", "X0");
  EXPECT_EQ(choose(plain).engine->name(), "batch");
  EXPECT_NEAR(run(plain).expectations[0], 1, 1e-12);
  plain.state = true;
  EXPECT_EQ(run(plain).state.size(), 2U);
}

}  // namespace
}  // namespace qupel
