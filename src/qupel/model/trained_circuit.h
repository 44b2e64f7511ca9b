#pragma once
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "qupel/circuit/circuit.h"
#include "qupel/contend/contender.h"
#include "qupel/learn/targets.h"
#include "qupel/model/readout.h"
#include "qupel/train/optimizer.h"

// Variational models: a circuit of features and trainable parameters, expectation values, a linear readout
// and the mean loss (cross-entropy of classes, or half the squared error of standardised numbers). All
// contenders of this kind differ only in their circuit and in where its feature slots come from.
namespace qupel {

/// When the training of a circuit stops; the study's effort is a factor on the limits of steps.
inline constexpr AdamOptions circuit_adam{.max_steps = 1000, .window = 100};
inline constexpr LbfgsOptions circuit_lbfgs{
    .max_steps = 1000, .gradient_tolerance = 1e-4, .relative_tolerance = 1e-5};

/// Feature slots with trainable weights: slot_s = w_s x[feature_s] / unit_s, plus a trainable shift b_s if
/// wanted. Parameters: all w, then all b.
struct TrainableSlots {
  std::vector<std::size_t> features;  ///< of each slot
  std::vector<double> units;          ///< of each slot: the size of its values, so that w is an angle
  bool shifts = false;

  std::size_t parameters() const { return features.size() * (shifts ? 2 : 1); }
  Matrix<double> slots(const Matrix<double>& x, std::span<const double> parameters) const;
  /// d loss / d parameter, summed over the rows.
  void gradient(const Matrix<double>& x, const Matrix<double>& slot_slopes, std::span<double> gradient) const;
};

/// Parameters in one vector: the circuit's, then those of the slots, then the readout's.
struct CircuitModel {
  Circuit circuit;
  Readout readout;
  TrainableSlots slots;

  std::size_t parameters() const;
  std::span<const double> circuit_part(std::span<const double> parameters) const;
  std::span<const double> slot_part(std::span<const double> parameters) const;
  std::span<const double> readout_part(std::span<const double> parameters) const;
  /// The slot values of every row.
  Matrix<double> inputs(const Matrix<double>& x, std::span<const double> parameters) const;
};

/// A random start of training. Angles are small and normal, so that gradients do not vanish (Grant et al.
/// 2019, arXiv:1903.05076); slots start from the given weights.
std::vector<double> initial_parameters(const CircuitModel& model, std::span<const double> slot_weights,
                                       std::uint64_t seed);

/// Mean loss of the rows and its gradient: one call of Executor::gradient().
/// @param penalty factor of |W|^2 / 2, W the readout's weights without biases
double circuit_loss(const CircuitModel& model, Executor& executor, const Prepared& prepared,
                    const Matrix<double>& x, const Targets& targets, double penalty,
                    std::span<const double> parameters, std::span<double> gradient);

/// The hyperparameters of training, which all of them share.
struct TrainingOptions {
  std::string optimizer;        ///< "adam" on batches of 32 rows or "l-bfgs" on all rows
  double learning_rate = 0.05;  ///< of Adam
  double penalty = 1e-3;        ///< see circuit_loss()
  int starts = 1;     ///< random starts; if more than finalists, each gets 20 steps (Adam: 100) on 500 rows
  int finalists = 1;  ///< starts with the lowest losses then, trained to the end; the best is kept
};
TrainingOptions training_options(const Contender& spec, const Settings& settings);
/// When that ends, for a contender's record.
CircuitTraining circuit_training();
/// A contender's own hyperparameters and those of training.
std::vector<HyperParameter> with_training(std::vector<HyperParameter> own);

using Start = std::function<std::vector<double>(const CircuitModel& model, std::uint64_t seed)>;

/// Trains and keeps a model. `x` are rows as CircuitModel::inputs takes them; `start` gives the
/// parameters from which a seed starts. One that was trained before (FitContext) goes on for 30 steps at most
/// (Adam: 100) at an effort of 1.
class TrainedCircuit {
 public:
  TrainedCircuit(CircuitModel model, const Start& start, const Matrix<double>& x, const Targets& targets,
                 const TrainingOptions& options, const FitContext& context);

  /// One that was trained before. @throws InputError unless it has as many parameters as the model
  TrainedCircuit(CircuitModel model, const Archive& saved, const FitContext& context);
  /// The optimum, and the scale of numbers; the model follows from settings and shape.
  void save(Archive& archive) const;
  const CircuitModel& model() const { return model_; }

  Answer predict(const Matrix<double>& x, const FitContext& context) const;
  FitInfo info() const;

 private:
  CircuitModel model_;
  Prepared prepared_;
  std::optional<TargetScale> scale_;  // of numbers; none for classes
  Optimum optimum_;
};

}  // namespace qupel
