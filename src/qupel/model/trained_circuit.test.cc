#include "qupel/model/trained_circuit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <string>

#include "qupel/base/error.h"
#include "qupel/base/random.h"
#include "qupel/circuit/measurement_group.h"
#include "qupel/learn/softmax.h"
#include "qupel/model/ansatz.h"
#include "qupel/model/records.h"

namespace qupel {
namespace {

struct Batch {
  Matrix<double> x;
  std::vector<int> y;

  Batch(std::size_t rows, std::size_t columns, int classes) : x(rows, columns), y(rows) {
    Random random(5);
    for (double& value : x.values()) value = random.uniform(-1, 1);
    for (std::size_t r = 0; r < rows; ++r) y[r] = static_cast<int>(r) % classes;
  }

  Targets targets() const { return Targets(Samples(x, y, 1 + *std::ranges::max_element(y))); }
  /// A number for each row in place of its class.
  Targets numbers() const {
    std::vector<double> values;
    for (std::size_t r = 0; r < y.size(); ++r) values.push_back(30 + y[r] + 5 * x(r, 0));
    return Targets(Samples(x, std::span<const double>(values)));
  }
};

/// Features, trainable gates and entanglers mixed; every slot and parameter matters.
CircuitModel small_model(std::size_t outputs, bool shifts, bool product_state = false) {
  Circuit circuit(3);
  for (int q = 0; q < 3; ++q) circuit.add("ry", {q}, {Angle::feature(q)});
  circuit.append(ansatz("strongly-entangling", 3, 2));
  for (int q = 0; q < 3; ++q) circuit.add("rx", {q}, {Angle::feature(3 + q)});
  circuit.append(ansatz("hardware-efficient", 3, 1), 0, circuit.parameters());
  return {std::move(circuit),
          Readout(3, outputs, ZStrings::neighbours, product_state),
          {.features = {0, 1, 2, 2, 0, 1}, .units = {1, 2, 0.5, 1, 1, 3}, .shifts = shifts}};
}

/// Compares circuit_loss() with its central differences.
void expect_gradient(const CircuitModel& model, const Matrix<double>& x, const Targets& targets) {
  Executor executor(Precision::double_);
  const auto job = executor.prepare(model.circuit, model.readout.observables());
  const auto loss = [&](std::span<const double> parameters, std::span<double> gradient) {
    return circuit_loss(model, executor, job, x, targets, 0.3, parameters, gradient);
  };
  auto parameters = initial_parameters(model, std::vector<double>(6, 0.8), 4);
  ASSERT_EQ(parameters.size(), model.parameters());
  std::vector<double> gradient(parameters.size()), scratch(parameters.size());
  loss(parameters, gradient);
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    constexpr double h = 1e-5;
    auto above = parameters, below = parameters;
    above[i] += h;
    below[i] -= h;
    EXPECT_NEAR(gradient[i], (loss(above, scratch) - loss(below, scratch)) / (2 * h), 1e-8) << i;
  }
}

TEST(CircuitLoss, GradientEqualsFiniteDifferences) {
  const Batch batch(7, 3, 3);
  for (const auto& [shifts, product_state] : {std::pair(false, false), {true, false}, {false, true}}) {
    expect_gradient(small_model(3, shifts, product_state), batch.x, batch.targets());
    expect_gradient(small_model(1, shifts, product_state), batch.x, batch.numbers());
  }
}

TEST(CircuitLoss, IsTheCrossEntropyOfThePrediction) {
  const Batch batch(6, 3, 2);
  const auto model = small_model(2, false);
  Executor executor(Precision::double_);
  const auto job = executor.prepare(model.circuit, model.readout.observables());
  const auto parameters = initial_parameters(model, std::vector<double>(6, 1.0), 9);
  std::vector<double> gradient(parameters.size());
  const double loss = circuit_loss(model, executor, job, batch.x, batch.targets(), 0, parameters, gradient);

  const auto values =
      executor.expectations(job, model.inputs(batch.x, parameters), model.circuit_part(parameters)).values;
  const auto prediction = predict_from_scores(
      model.readout.scores(model.readout.features(values), model.readout_part(parameters)));
  double expected = 0;
  for (std::size_t r = 0; r < 6; ++r)
    expected -= std::log(prediction.probabilities(r, static_cast<std::size_t>(batch.y[r]))) / 6;
  EXPECT_NEAR(loss, expected, 1e-12);
}

std::size_t measured(int qubits, ZStrings strings, bool product_state = false) {
  return Readout(qubits, 2, strings, product_state).observables().size();
}

TEST(Readout, MeasuresEveryQubitAndItsNeighbours) {
  EXPECT_EQ(measured(1, ZStrings::neighbours), 1u);
  EXPECT_EQ(measured(2, ZStrings::neighbours), 3u);
  EXPECT_EQ(measured(5, ZStrings::neighbours), 10u);
}

TEST(Readout, MeasuresPairsOrAllProducts) {
  EXPECT_EQ(measured(5, ZStrings::pairs), 15u);
  EXPECT_EQ(measured(1, ZStrings::all), 1u);
  EXPECT_EQ(measured(4, ZStrings::all), 15u);
  EXPECT_EQ(measured(8, ZStrings::all), 255u);
  EXPECT_EQ(measured(9, ZStrings::all), 9u + 36 + 84);
  const Readout five(5, 2, ZStrings::all, false);
  for (const auto& observable : five.observables()) EXPECT_TRUE(observable.diagonal());
  EXPECT_EQ(distinct_strings(five.observables()).size(), 31u);
}

TEST(Readout, IsFoundByName) {
  EXPECT_EQ(z_strings("neighbours"), ZStrings::neighbours);
  EXPECT_EQ(z_strings("all"), ZStrings::all);
  EXPECT_THAT([] { z_strings("pair"); },
              testing::ThrowsMessage<InputError>(testing::HasSubstr("did you mean \"pairs\"?")));
}

// What a separable twin multiplies out of <Z> is what measuring every product of its circuit would give.
TEST(Readout, MultipliesOutWhatAProductStateGives) {
  for (const int qubits : {1, 4}) {
    const Batch batch(9, static_cast<std::size_t>(qubits), 2);
    Circuit circuit(qubits);
    for (int q = 0; q < qubits; ++q) circuit.add("ry", {q}, {Angle::feature(q, 2)}).add("rx", {q}, {0.3 + q});
    const Readout multiplied(qubits, 2, ZStrings::neighbours, true), all(qubits, 2, ZStrings::all, false);
    EXPECT_EQ(multiplied.observables().size(), static_cast<std::size_t>(qubits));
    ASSERT_EQ(multiplied.features(), all.features());
    Executor executor(Precision::double_);
    const auto values =
        executor.expectations(executor.prepare(circuit, multiplied.observables()), batch.x, {}).values;
    const auto expected =
        executor.expectations(executor.prepare(circuit, all.observables()), batch.x, {}).values;
    const auto features = multiplied.features(values);
    for (std::size_t i = 0; i < expected.values().size(); ++i)
      EXPECT_NEAR(features.values()[i], expected.values()[i], 1e-12) << i;
  }
}

TEST(Ansatz, HasTheGatesOfItsDefinition) {
  const auto efficient = ansatz("hardware-efficient", 4, 3).cost();
  EXPECT_EQ(efficient.gates.at("ry"), 12);
  EXPECT_EQ(efficient.gates.at("rz"), 12);
  EXPECT_EQ(efficient.gates.at("cx"), 12);
  const auto strong = ansatz("strongly-entangling", 5, 2);
  EXPECT_EQ(strong.parameters(), 30);
  EXPECT_EQ(strong.operations()[15].qubits, (std::vector{0, 1}));
  EXPECT_EQ(strong.operations()[35].qubits, (std::vector{0, 2}));
}

TEST(Ansatz, EntanglesNoPairTwiceInALayer) {
  EXPECT_EQ(ansatz("hardware-efficient", 1, 2).cost().two_qubit, 0);
  EXPECT_EQ(ansatz("hardware-efficient", 2, 1).cost().two_qubit, 1);
  EXPECT_EQ(ansatz("strongly-entangling", 4, 3).cost().two_qubit, 4 + 2 + 4);
}

TEST(Ansatz, NamesTheNearest) {
  EXPECT_THAT([] { ansatz("hardware-eficient", 2, 1); },
              testing::ThrowsMessage<InputError>(testing::HasSubstr("did you mean \"hardware-efficient\"?")));
}

TEST(TrainedCircuit, KeepsTheBestOfItsStarts) {
  const Batch batch(40, 3, 2);
  const auto fit = [&](int starts, int finalists) {
    Executor executor;
    const FitContext context{.seed = 3, .executor = &executor, .effort = 0.1};
    const Start start = [](const CircuitModel& model, std::uint64_t seed) {
      return initial_parameters(model, std::vector<double>(6, 1.0), seed);
    };
    return TrainedCircuit(small_model(2, true), start, batch.x, batch.targets(),
                          {.optimizer = "l-bfgs", .starts = starts, .finalists = finalists}, context)
        .info();
  };
  const auto one = fit(1, 1), five = fit(5, 5);
  EXPECT_LE(five.losses.back(), one.losses.back() + 1e-12);
}

// 10 starts of 4 steps, of which 3 go on: by hand from the gradients that each training charges.
TEST(TrainedCircuit, TrainsOnlyTheFinalistsToTheEnd) {
  const Batch batch(40, 3, 2);
  const auto fit = [&](int starts, int finalists) {
    Executor executor;
    const FitContext context{.seed = 3, .executor = &executor, .effort = 0.2};
    const Start start = [](const CircuitModel& model, std::uint64_t seed) {
      return initial_parameters(model, std::vector<double>(6, 1.0), seed);
    };
    const TrainedCircuit trained(small_model(2, true), start, batch.x, batch.targets(),
                                 {.optimizer = "adam", .starts = starts, .finalists = finalists}, context);
    return std::pair(trained.info(), executor.ledger().gradients / 32);
  };
  const auto [all, all_steps] = fit(10, 10);
  EXPECT_EQ(all_steps, 10 * 200);
  const auto [few, few_steps] = fit(10, 3);
  EXPECT_EQ(few_steps, 10 * 20 + 3 * 200);
  EXPECT_EQ(few.steps, 220u);
  EXPECT_EQ(few.losses.size(), 200u);
}

TEST(TrainedCircuit, SaysWhenItDidNotConverge) {
  const Batch batch(40, 2, 2);
  Executor executor;
  const FitContext context{.seed = 3, .executor = &executor, .effort = 0.01};
  for (const std::string optimizer : {"adam", "l-bfgs"}) {
    const auto info =
        variational.fit(Samples(batch.x, batch.y, 2), {{"optimizer", optimizer}}, context)->info();
    EXPECT_FALSE(info.converged);
    EXPECT_THAT(info.reason, testing::HasSubstr("step limit"));
  }
}

/// From its optimum there is next to nothing to gain, and from elsewhere few steps to gain it in.
TEST(TrainedCircuit, GoesOnFromWhereItWasTrainedBefore) {
  const Batch batch(20, 3, 2);
  Executor executor(Precision::double_);
  FitContext context{.seed = 3, .executor = &executor};
  const auto model = small_model(2, false);
  const auto train = [&] {
    return TrainedCircuit(
        model,
        [](const CircuitModel& from, std::uint64_t seed) {
          return initial_parameters(from, std::vector<double>(6, 0.8), seed);
        },
        batch.x, batch.targets(), {.optimizer = "l-bfgs", .starts = 4, .finalists = 1}, context);
  };
  const auto first = train();
  Archive saved;
  first.save(saved);
  context.trained_before = &saved;
  const auto again = train();
  EXPECT_LE(again.info().steps, 30u);
  EXPECT_LE(again.info().losses.back(), first.info().losses.back());
  EXPECT_LE(again.info().losses.front(), first.info().losses.back() + 1e-6);
}

TEST(TrainedCircuit, ChargesEveryGradientAndStage) {
  const Batch batch(40, 2, 2);
  Executor executor;
  const FitContext context{.seed = 3, .executor = &executor, .effort = 0.01};
  const auto model =
      variational.fit(Samples(batch.x, batch.y, 2), {{"optimizer", "adam"}, {"starts", 1.0}}, context);
  EXPECT_EQ(executor.ledger().gradients, 10 * 32);  // one start: no short training
  classes_for(*model, batch.x, context);
  EXPECT_EQ(executor.ledger().circuits, 10 * 32 + 40);
  EXPECT_EQ(executor.ledger().gradients, 10 * 32);
  for (const auto stage : {Stage::encode, Stage::execute, Stage::optimise})
    EXPECT_TRUE(executor.ledger().seconds.contains(stage)) << to_string(stage);
}

TEST(Reuploading, HasTheGatesOfItsSettings) {
  const auto gates = [](const Settings& settings) { return reuploading.circuit_cost(4, 2, settings).gates; };
  EXPECT_EQ(gates({{"layers", 2.0}}), (std::map<std::string, long>{{"ry", 12}, {"rz", 8}, {"cz", 8}}));
  EXPECT_EQ(gates({{"layers", 1.0}, {"rotations", "rx-rz-rx"}, {"entangler", "cx"}, {"pairs", "full"}}),
            (std::map<std::string, long>{{"rx", 8}, {"rz", 4}, {"ry", 4}, {"cx", 6}}));
  EXPECT_THAT(
      [&] {
        gates({{"rotations", "ry-rs"}});
      },
      testing::ThrowsMessage<InputError>(testing::HasSubstr("\"rs\" is not a rotation")));
}

TEST(Reuploading, LearnsWithThreeRotations) {
  Batch batch(60, 2, 2);
  for (std::size_t r = 0; r < 60; ++r) batch.y[r] = std::cos(3 * batch.x(r, 1)) > 0 ? 1 : 0;
  Executor executor;
  const FitContext context{.seed = 3, .executor = &executor};
  const auto model = reuploading.fit(Samples(batch.x, batch.y, 2), {{"rotations", "rz-ry-rz"}}, context);
  double right = 0;
  const auto labels = classes_for(*model, batch.x, context).labels;
  for (std::size_t r = 0; r < 60; ++r) right += labels[r] == batch.y[r] ? 1 : 0;
  EXPECT_GT(right / 60, 0.95);
}

TEST(Softmax, IsStableForLargeScores) {
  std::vector<double> scores{1000, 1000, -1000};
  softmax(scores);
  EXPECT_THAT(scores, testing::ElementsAre(0.5, 0.5, 0));
  scores = {0, 800};
  EXPECT_NEAR(cross_entropy(scores, 0), 800, 1e-9);
  EXPECT_THAT(scores, testing::ElementsAre(-1, 1));
}

}  // namespace
}  // namespace qupel
