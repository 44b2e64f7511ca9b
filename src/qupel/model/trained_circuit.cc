#include "qupel/model/trained_circuit.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "qupel/base/random.h"
#include "qupel/learn/fitting.h"
#include "qupel/train/mini_batch.h"

namespace qupel {
namespace {

constexpr std::size_t batch_rows = 32;
constexpr double angle_deviation = 0.3, readout_deviation = 0.3;
/// A fit that only ranks settings takes one of so many starts and finalists.
constexpr int search_share = 8;
// Of the short training of every start.
constexpr std::size_t short_lbfgs_steps = 20, short_adam_steps = 100, short_rows = 500;
// Of a model that another executor trained already.
constexpr std::size_t further_lbfgs_steps = 30, further_adam_steps = 100;

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

std::size_t CircuitModel::parameters() const {
  return static_cast<std::size_t>(circuit.parameters()) + slots.parameters() + readout.parameters();
}

std::span<const double> CircuitModel::circuit_part(std::span<const double> parameters) const {
  return parameters.first(static_cast<std::size_t>(circuit.parameters()));
}

std::span<const double> CircuitModel::slot_part(std::span<const double> parameters) const {
  return parameters.subspan(static_cast<std::size_t>(circuit.parameters()), slots.parameters());
}

std::span<const double> CircuitModel::readout_part(std::span<const double> parameters) const {
  return parameters.last(readout.parameters());
}

Matrix<double> CircuitModel::inputs(const Matrix<double>& x, std::span<const double> parameters) const {
  return slots.slots(x, slot_part(parameters));
}

std::vector<double> initial_parameters(const CircuitModel& model, std::span<const double> slot_weights,
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

double circuit_loss(const CircuitModel& model, Executor& executor, const Prepared& prepared,
                    const Matrix<double>& x, const Targets& targets, double penalty,
                    std::span<const double> parameters, std::span<double> gradient) {
  const auto weights = model.readout_part(parameters);
  const double share = 1 / static_cast<double>(x.rows());
  Matrix<double> score_slopes(x.rows(), model.readout.outputs());
  std::vector<double> losses(x.rows());
  const Cotangent cotangent = [&](std::size_t first, const Matrix<double>& values, Matrix<double>& slopes) {
    const auto features = model.readout.features(values);
    auto scores = model.readout.scores(features, weights);
    for (std::size_t r = 0; r < values.rows(); ++r)
      losses[first + r] = targets.loss(scores.row(r), first + r);
    for (double& slope : scores.values()) slope *= share;
    std::copy(scores.values().begin(), scores.values().end(), score_slopes.row(first).begin());
    model.readout.pull_back(scores, features, weights, slopes);
  };
  const auto pass = executor.gradient(prepared, model.inputs(x, parameters), model.circuit_part(parameters),
                                      cotangent, true);
  std::copy(pass.parameters.begin(), pass.parameters.end(), gradient.begin());
  model.slots.gradient(x, pass.features, gradient.subspan(pass.parameters.size(), model.slots.parameters()));
  model.readout.gradient(model.readout.features(pass.values), score_slopes,
                         gradient.last(model.readout.parameters()));
  const double loss = std::accumulate(losses.begin(), losses.end(), 0.0) * share;
  return loss + model.readout.add_penalty(penalty, weights, gradient.last(model.readout.parameters()));
}

TrainingOptions training_options(const Contender& spec, const Settings& settings) {
  return {.optimizer = text(spec, settings, "optimizer"),
          .learning_rate = number(spec, settings, "learning-rate"),
          .penalty = number(spec, settings, "penalty"),
          .starts = count(spec, settings, "starts"),
          .finalists = count(spec, settings, "finalists")};
}

CircuitTraining circuit_training() {
  return {.adam_window = circuit_adam.window,
          .adam_steps = circuit_adam.max_steps,
          .lbfgs_steps = circuit_lbfgs.max_steps,
          .gradient_tolerance = circuit_lbfgs.gradient_tolerance,
          .relative_tolerance = circuit_lbfgs.relative_tolerance};
}

std::vector<HyperParameter> with_training(std::vector<HyperParameter> own) {
  own.insert(
      own.end(),
      {{"readout",
        "products of Z read: of neighbours in the ring, of pairs or of all qubits",
        {"pairs", "all"}},
       {"penalty", "factor of |readout weights|^2 / 2 in the loss", {1e-3, 1e-6, 1e-2}, zero_too},
       {"starts", "random starts, all trained for a few steps", {40.0}, whole(1000)},
       {"finalists", "starts with the lowest loss, trained to the end; the best is kept", {2.0}, whole(1000)},
       {"optimizer", "l-bfgs: on all rows; adam: on batches of 32", {"l-bfgs"}},
       {"learning-rate", "of Adam", {0.05}, up_to(10)}});
  return own;
}

namespace {

/// One model on its rows, trained from any parameters for some steps.
class Trainer {
 public:
  Trainer(const CircuitModel& model, const Prepared& prepared, const Matrix<double>& x,
          const Targets& targets, const TrainingOptions& options, const FitContext& context)
      : model_(model), prepared_(prepared), x_(x), targets_(targets), options_(options), context_(context) {}

  Optimum briefly(std::vector<double> start) const {
    return train(std::move(start), on_all_rows() ? short_lbfgs_steps : short_adam_steps);
  }
  Optimum further(std::vector<double> start) const {
    return train(std::move(start), on_all_rows() ? further_lbfgs_steps : further_adam_steps);
  }
  Optimum to_the_end(std::vector<double> start) const {
    return train(std::move(start), on_all_rows() ? circuit_lbfgs.max_steps : circuit_adam.max_steps);
  }

  /// Lowest loss first. Batches make losses noisy: there the mean of the last ones counts.
  void sort(std::vector<Optimum>& trained) const {
    std::stable_sort(trained.begin(), trained.end(),
                     [this](const auto& a, const auto& b) { return final_loss(a) < final_loss(b); });
  }

 private:
  bool on_all_rows() const { return options_.optimizer == "l-bfgs"; }

  Optimum train(std::vector<double> start, std::size_t steps) const {
    steps = step_limit(steps, context_);
    return on_all_rows() ? by_lbfgs(std::move(start), steps) : by_adam(std::move(start), steps);
  }

  Optimum by_lbfgs(std::vector<double> start, std::size_t steps) const {
    const Objective objective = [&](auto parameters, auto gradient, std::size_t) {
      return circuit_loss(model_, *context_.executor, prepared_, x_, targets_, options_.penalty, parameters,
                          gradient);
    };
    auto rule = circuit_lbfgs;
    rule.max_steps = steps;
    return lbfgs(objective, std::move(start), rule);
  }

  Optimum by_adam(std::vector<double> start, std::size_t steps) const {
    MiniBatches batches(x_.rows(), batch_rows, context_.seed);
    const Objective objective = [&](auto parameters, auto gradient, std::size_t) {
      const auto rows = batches.next();
      return circuit_loss(model_, *context_.executor, prepared_, take_rows(x_, rows), targets_.of(rows),
                          options_.penalty, parameters, gradient);
    };
    auto rule = circuit_adam;
    rule.learning_rate = options_.learning_rate;
    rule.max_steps = steps;
    return adam(objective, std::move(start), rule);
  }

  /// Infinite where there is none.
  double final_loss(const Optimum& optimum) const {
    const auto count = std::min(on_all_rows() ? std::size_t{1} : circuit_adam.window, optimum.losses.size());
    if (count == 0) return std::numeric_limits<double>::infinity();
    const auto last = std::span(optimum.losses).last(count);
    return std::accumulate(last.begin(), last.end(), 0.0) / static_cast<double>(count);
  }

  const CircuitModel& model_;
  const Prepared& prepared_;
  const Matrix<double>& x_;
  const Targets& targets_;
  const TrainingOptions& options_;
  const FitContext& context_;
};

/// Two trainings, one after the other, as one.
Optimum joined(Optimum first, Optimum second) {
  first.losses.insert(first.losses.end(), second.losses.begin(), second.losses.end());
  second.losses = std::move(first.losses);
  second.steps += first.steps;
  return second;
}

/// One of `share`, rounded up.
std::size_t share_of(int count, int share) { return static_cast<std::size_t>((count + share - 1) / share); }

/// The `count` starts that a short training leaves ahead, with how they
/// were reached; all if there are no more.
std::vector<Optimum> finalists(const Trainer& trainer, std::vector<Optimum> starts, std::size_t count) {
  if (starts.size() <= count) return starts;
  for (auto& start : starts) start = trainer.briefly(std::move(start.parameters));
  trainer.sort(starts);
  starts.resize(count);
  return starts;
}

}  // namespace

TrainedCircuit::TrainedCircuit(CircuitModel model, const Start& start, const Matrix<double>& x,
                               const Targets& targets, const TrainingOptions& options,
                               const FitContext& context)
    : model_(std::move(model)),
      prepared_(context.executor->prepare(model_.circuit, model_.readout.observables())),
      scale_(targets.scale()) {
  const StageTimer timer(&context.executor->ledger(), Stage::optimise);
  const Trainer trainer(model_, prepared_, x, targets, options, context);
  if (context.trained_before != nullptr) {
    const auto before = optimum_from(context.trained_before->part("optimum"), model_.parameters());
    optimum_ = trainer.further(before.parameters);
    return;
  }
  const auto share = context.for_search ? search_share : 1;
  std::vector<Optimum> starts(share_of(options.starts, share));
  for (std::size_t i = 0; i < starts.size(); ++i)
    starts[i].parameters = start(model_, derive(context.seed, {key_of("start"), i}));
  MiniBatches batches(x.rows(), short_rows, derive(context.seed, {key_of("short")}));
  const auto rows = batches.next();
  const auto few_rows = take_rows(x, rows);
  const auto few_targets = targets.of(rows);
  auto trained = finalists(Trainer(model_, prepared_, few_rows, few_targets, options, context),
                           std::move(starts), share_of(options.finalists, share));
  for (auto& finalist : trained) finalist = joined(finalist, trainer.to_the_end(finalist.parameters));
  trainer.sort(trained);
  optimum_ = std::move(trained.front());
}

TrainedCircuit::TrainedCircuit(CircuitModel model, const Archive& saved, const FitContext& context)
    : model_(std::move(model)),
      prepared_(context.executor->prepare(model_.circuit, model_.readout.observables())),
      scale_(scale_from(saved)),
      optimum_(optimum_from(saved.part("optimum"), model_.parameters())) {
  require_saved(!scale_ || model_.readout.outputs() == 1, "one output for a number");
}

void TrainedCircuit::save(Archive& archive) const {
  qupel::save(archive, scale_);
  archive.set("optimum", to_archive(optimum_));
}

Answer TrainedCircuit::predict(const Matrix<double>& x, const FitContext& context) const {
  const auto values = context.executor
                          ->expectations(prepared_, model_.inputs(x, optimum_.parameters),
                                         model_.circuit_part(optimum_.parameters))
                          .values;
  return answer_from_scores(
      model_.readout.scores(model_.readout.features(values), model_.readout_part(optimum_.parameters)),
      scale_);
}

FitInfo TrainedCircuit::info() const { return fit_info(optimum_); }

}  // namespace qupel
