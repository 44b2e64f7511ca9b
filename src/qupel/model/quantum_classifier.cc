#include "qupel/model/quantum_classifier.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "qupel/base/random.h"
#include "qupel/model/fitting.h"
#include "qupel/model/softmax.h"
#include "qupel/train/mini_batch.h"

namespace qupel {
namespace {

constexpr std::size_t batch_rows = 32;
constexpr std::size_t window = circuit_adam.window;
constexpr double angle_deviation = 0.3, readout_deviation = 0.3;

}  // namespace

Matrix<double> TrainableSlots::slots(const Matrix<double>& x, std::span<const double> parameters) const {
  const std::size_t count = features.size();
  Matrix<double> slots(x.rows(), count);
  for (std::size_t s = 0; s < count; ++s) {
    const double weight = parameters[s] / units[s], shift = shifts ? parameters[count + s] : 0;
    for (std::size_t r = 0; r < x.rows(); ++r) slots(r, s) = weight * x(r, features[s]) + shift;
  }
  return slots;
}

void TrainableSlots::gradient(const Matrix<double>& x, const Matrix<double>& slot_slopes,
                              std::span<double> gradient) const {
  const std::size_t count = features.size();
  for (std::size_t s = 0; s < count; ++s) {
    double weight = 0, shift = 0;
    for (std::size_t r = 0; r < x.rows(); ++r) {
      weight += slot_slopes(r, s) * x(r, features[s]);
      shift += slot_slopes(r, s);
    }
    gradient[s] = weight / units[s];
    if (shifts) gradient[count + s] = shift;
  }
}

std::size_t QuantumClassifier::parameters() const {
  return static_cast<std::size_t>(circuit.parameters()) + slots.parameters() + readout.parameters();
}

std::span<const double> QuantumClassifier::circuit_part(std::span<const double> parameters) const {
  return parameters.first(static_cast<std::size_t>(circuit.parameters()));
}

std::span<const double> QuantumClassifier::slot_part(std::span<const double> parameters) const {
  return parameters.subspan(static_cast<std::size_t>(circuit.parameters()), slots.parameters());
}

std::span<const double> QuantumClassifier::readout_part(std::span<const double> parameters) const {
  return parameters.last(readout.parameters());
}

Matrix<double> QuantumClassifier::inputs(const Matrix<double>& x, std::span<const double> parameters) const {
  return slots.slots(x, slot_part(parameters));
}

std::vector<double> initial_parameters(const QuantumClassifier& model, std::span<const double> slot_weights,
                                       std::uint64_t seed) {
  Random random(derive(seed, {key_of("initial")}));
  std::vector<double> start;
  const auto add = [&](std::size_t count, double deviation) {
    for (std::size_t i = 0; i < count; ++i) start.push_back(deviation * random.normal());
  };
  add(static_cast<std::size_t>(model.circuit.parameters()), angle_deviation);
  start.insert(start.end(), slot_weights.begin(), slot_weights.end());
  add(model.slots.parameters() - slot_weights.size(), angle_deviation);
  add(model.readout.parameters(), readout_deviation);
  return start;
}

double classifier_loss(const QuantumClassifier& model, Executor& executor, const Executor::Job& job,
                       const Matrix<double>& x, std::span<const int> labels, double penalty,
                       std::span<const double> parameters, std::span<double> gradient) {
  const auto weights = model.readout_part(parameters);
  const double share = 1 / static_cast<double>(x.rows());
  Matrix<double> score_slopes(x.rows(), model.readout.classes());
  std::vector<double> losses(x.rows());
  const Cotangent cotangent = [&](std::size_t first, const Matrix<double>& values, Matrix<double>& slopes) {
    auto scores = model.readout.scores(values, weights);
    for (std::size_t r = 0; r < values.rows(); ++r)
      losses[first + r] = cross_entropy(scores.row(r), labels[first + r]);
    for (double& slope : scores.values()) slope *= share;
    std::copy(scores.values().begin(), scores.values().end(), score_slopes.row(first).begin());
    model.readout.pull_back(scores, weights, slopes);
  };
  const auto pass =
      executor.gradient(job, model.inputs(x, parameters), model.circuit_part(parameters), cotangent, true);
  std::copy(pass.parameters.begin(), pass.parameters.end(), gradient.begin());
  model.slots.gradient(x, pass.features, gradient.subspan(pass.parameters.size(), model.slots.parameters()));
  model.readout.gradient(pass.values, score_slopes, gradient.last(model.readout.parameters()));
  const double loss = std::accumulate(losses.begin(), losses.end(), 0.0) * share;
  return loss + model.readout.add_penalty(penalty, weights, gradient.last(model.readout.parameters()));
}

TrainingOptions training_options(const ContenderSpec& spec, const Settings& settings) {
  return {text(spec, settings, "optimizer"), number(spec, settings, "learning-rate"),
          number(spec, settings, "penalty"), count(spec, settings, "starts")};
}

std::vector<HyperParameter> with_training(std::vector<HyperParameter> own) {
  own.insert(own.end(), {{"optimizer", "L-BFGS on all rows, or Adam on batches of 32", {"l-bfgs", "adam"}},
                         {"learning-rate", "of Adam", {0.05, 0.1, 0.02}, up_to(10)},
                         {"penalty", "factor of |readout weights|^2 / 2 in the loss", {1e-3, 1e-2}, zero_too},
                         {"starts", "random starts; the lowest training loss is kept", {3.0}, whole(100)}});
  return own;
}

namespace {

Optimum train(const QuantumClassifier& model, const Executor::Job& job, std::vector<double> start,
              const Matrix<double>& x, std::span<const int> labels, const TrainingOptions& options,
              const FitContext& context) {
  if (options.optimizer == "l-bfgs") {
    const Objective all_rows = [&](auto parameters, auto gradient, std::size_t) {
      return classifier_loss(model, *context.executor, job, x, labels, options.penalty, parameters, gradient);
    };
    auto rule = circuit_lbfgs;
    rule.max_steps = step_limit(rule.max_steps, context);
    return lbfgs(all_rows, std::move(start), rule);
  }
  MiniBatches batches(x.rows(), batch_rows, context.seed);
  const Objective batch = [&](auto parameters, auto gradient, std::size_t) {
    const auto rows = batches.next();
    return classifier_loss(model, *context.executor, job, take_rows(x, rows), take_labels(labels, rows),
                           options.penalty, parameters, gradient);
  };
  auto rule = circuit_adam;
  rule.learning_rate = options.learning_rate;
  rule.max_steps = step_limit(rule.max_steps, context);
  return adam(batch, std::move(start), rule);
}

/// The mean of the last losses, which batches make noisy; infinite where there are none.
double final_loss(const Optimum& optimum) {
  const auto count = std::min(window, optimum.losses.size());
  if (count == 0) return std::numeric_limits<double>::infinity();
  return std::accumulate(optimum.losses.end() - static_cast<std::ptrdiff_t>(count), optimum.losses.end(),
                         0.0) /
         static_cast<double>(count);
}

}  // namespace

TrainedClassifier::TrainedClassifier(QuantumClassifier model, const Start& start, const Matrix<double>& x,
                                     std::span<const int> labels, const TrainingOptions& options,
                                     const FitContext& context)
    : model_(std::move(model)),
      job_(context.executor->prepare(model_.circuit, model_.readout.observables())) {
  const StageTimer timer(&context.executor->ledger(), Stage::optimise);
  for (int i = 0; i < options.starts; ++i) {
    const auto seed = derive(context.seed, {key_of("start"), static_cast<std::uint64_t>(i)});
    auto optimum = train(model_, job_, start(model_, seed), x, labels, options, context);
    if (i == 0 || final_loss(optimum) < final_loss(optimum_)) optimum_ = std::move(optimum);
  }
}

Prediction TrainedClassifier::from_values(const Matrix<double>& values) const {
  return predict_from_scores(model_.readout.scores(values, model_.readout_part(optimum_.parameters)));
}

Prediction TrainedClassifier::predict(const Matrix<double>& x, const FitContext& context) const {
  return from_values(context.executor->expectations(job_, model_.inputs(x, optimum_.parameters),
                                                    model_.circuit_part(optimum_.parameters)));
}

Prediction TrainedClassifier::predict_with_shots(const Matrix<double>& x, std::size_t shots,
                                                 const FitContext& context) const {
  return from_values(context.executor->estimate(job_, model_.inputs(x, optimum_.parameters),
                                                model_.circuit_part(optimum_.parameters), shots,
                                                derive(context.seed, {key_of("shots")})));
}

FitInfo TrainedClassifier::info() const { return fit_info(optimum_); }

}  // namespace qupel
