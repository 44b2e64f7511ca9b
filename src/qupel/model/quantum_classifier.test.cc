#include "qupel/model/quantum_classifier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "qupel/base/error.h"
#include "qupel/base/random.h"
#include "qupel/model/ansatz.h"
#include "qupel/model/records.h"
#include "qupel/model/softmax.h"

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
};

/// Features, trainable gates and entanglers mixed; every slot and parameter matters.
QuantumClassifier small_model(int classes, bool shifts) {
  Circuit circuit(3);
  for (int q = 0; q < 3; ++q) circuit.add("ry", {q}, {Angle::feature(q)});
  circuit.append(ansatz("strongly-entangling", 3, 2));
  for (int q = 0; q < 3; ++q) circuit.add("rx", {q}, {Angle::feature(3 + q)});
  circuit.append(ansatz("hardware-efficient", 3, 1), 0, circuit.parameters());
  return {std::move(circuit),
          Readout(3, classes),
          {.features = {0, 1, 2, 2, 0, 1}, .units = {1, 2, 0.5, 1, 1, 3}, .shifts = shifts}};
}

TEST(ClassifierLoss, GradientEqualsFiniteDifferences) {
  const Batch batch(7, 3, 3);
  for (const bool shifts : {false, true}) {
    const auto model = small_model(3, shifts);
    Executor executor(Precision::double_);
    const auto job = executor.prepare(model.circuit, model.readout.observables());
    const auto loss = [&](std::span<const double> parameters, std::span<double> gradient) {
      return classifier_loss(model, executor, job, batch.x, batch.y, 0.3, parameters, gradient);
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
}

TEST(ClassifierLoss, IsTheCrossEntropyOfThePrediction) {
  const Batch batch(6, 3, 2);
  const auto model = small_model(2, false);
  Executor executor(Precision::double_);
  const auto job = executor.prepare(model.circuit, model.readout.observables());
  const auto parameters = initial_parameters(model, std::vector<double>(6, 1.0), 9);
  std::vector<double> gradient(parameters.size());
  const double loss = classifier_loss(model, executor, job, batch.x, batch.y, 0, parameters, gradient);

  const auto values =
      executor.expectations(job, model.inputs(batch.x, parameters), model.circuit_part(parameters));
  const auto prediction = predict_from_scores(model.readout.scores(values, model.readout_part(parameters)));
  double expected = 0;
  for (std::size_t r = 0; r < 6; ++r)
    expected -= std::log(prediction.probabilities(r, static_cast<std::size_t>(batch.y[r]))) / 6;
  EXPECT_NEAR(loss, expected, 1e-12);
}

TEST(Readout, MeasuresEveryQubitAndItsNeighbours) {
  EXPECT_EQ(Readout(1, 2).observables().size(), 1u);
  EXPECT_EQ(Readout(2, 2).observables().size(), 3u);
  EXPECT_EQ(Readout(5, 2).observables().size(), 10u);
  const Readout four(4, 7);
  for (const auto& observable : four.observables()) EXPECT_TRUE(observable.diagonal());
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

TEST(TrainedClassifier, KeepsTheBestOfItsStarts) {
  const Batch batch(40, 3, 2);
  const auto fit = [&](int starts) {
    Executor executor;
    const FitContext context{.seed = 3, .executor = &executor, .effort = 0.1};
    const Start start = [](const QuantumClassifier& model, std::uint64_t seed) {
      return initial_parameters(model, std::vector<double>(6, 1.0), seed);
    };
    return TrainedClassifier(small_model(2, true), start, batch.x, batch.y,
                             {.optimizer = "l-bfgs", .starts = starts}, context)
        .info();
  };
  const auto one = fit(1), five = fit(5);
  EXPECT_LE(five.losses.back(), one.losses.back() + 1e-12);
}

TEST(TrainedClassifier, SaysWhenItDidNotConverge) {
  const Batch batch(40, 2, 2);
  Executor executor;
  const FitContext context{.seed = 3, .executor = &executor, .effort = 0.01};
  for (const std::string optimizer : {"adam", "l-bfgs"}) {
    const auto info = variational.fit({batch.x, batch.y, 2}, {{"optimizer", optimizer}}, context)->info();
    EXPECT_FALSE(info.converged);
    EXPECT_THAT(info.reason, testing::HasSubstr("step limit"));
  }
}

TEST(TrainedClassifier, ChargesEveryGradientAndStage) {
  const Batch batch(40, 2, 2);
  Executor executor;
  const FitContext context{.seed = 3, .executor = &executor, .effort = 0.01};
  const auto model =
      variational.fit({batch.x, batch.y, 2}, {{"optimizer", "adam"}, {"starts", 1.0}}, context);
  EXPECT_EQ(executor.ledger().gradients, 10 * 32);
  model->predict(batch.x, context);
  EXPECT_EQ(executor.ledger().circuits, 10 * 32 + 40);
  EXPECT_EQ(executor.ledger().gradients, 10 * 32);
  for (const auto stage : {Stage::encode, Stage::execute, Stage::optimise})
    EXPECT_TRUE(executor.ledger().seconds.contains(stage)) << to_string(stage);
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
