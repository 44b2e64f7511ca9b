#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "qupel/circuit/circuit.h"
#include "qupel/model/contender.h"
#include "qupel/model/readout.h"
#include "qupel/train/optimizer.h"

// Variational classifiers: a circuit of features and trainable parameters, expectation values, a linear
// readout and the mean cross-entropy. Both contenders of this kind differ only in their circuit and in where
// its feature slots come from.
namespace qupel {

/// Feature slots with trainable scale and shift: slot_s = w_s x[feature_s] + b_s. Parameters: all w, then all
/// b.
struct AffineSlots {
  std::vector<std::size_t> features;  ///< of each slot

  std::size_t parameters() const { return 2 * features.size(); }
  Matrix<double> slots(const Matrix<double>& x, std::span<const double> parameters) const;
  /// d loss / d parameter, summed over the rows.
  void gradient(const Matrix<double>& x, const Matrix<double>& slot_slopes, std::span<double> gradient) const;
};

/// Parameters in one vector: the circuit's, then those of the slots, then the readout's.
struct QuantumClassifier {
  Circuit circuit;
  Readout readout;
  std::optional<AffineSlots> slots;  ///< empty: rows hold the circuit's slot values themselves

  std::size_t parameters() const;
  std::span<const double> circuit_part(std::span<const double> parameters) const;
  std::span<const double> slot_part(std::span<const double> parameters) const;
  std::span<const double> readout_part(std::span<const double> parameters) const;
  /// The slot values of every row.
  Matrix<double> inputs(const Matrix<double>& x, std::span<const double> parameters) const;
};

/// Where training starts. Angles are small and normal, so that gradients do not vanish (Grant et al. 2019);
/// features enter with weights of about `bandwidth`; readout weights are small.
std::vector<double> initial_parameters(const QuantumClassifier& model, std::uint64_t seed,
                                       double bandwidth = 1);

/// Mean cross-entropy of the rows and its gradient: one adjoint pass.
/// @param penalty factor of |W|^2 / 2, W the readout's weights without biases
double classifier_loss(const QuantumClassifier& model, Executor& executor, const Executor::Job& job,
                       const Matrix<double>& x, std::span<const int> labels, double penalty,
                       std::span<const double> parameters, std::span<double> gradient);

struct TrainingOptions {
  std::string optimizer;        ///< "adam" on batches of 32 rows or "l-bfgs" on all rows
  double learning_rate = 0.05;  ///< of Adam
};

/// Trains and keeps a classifier. `x` are rows as QuantumClassifier::inputs takes them.
class TrainedClassifier {
 public:
  TrainedClassifier(QuantumClassifier model, std::vector<double> start, const Matrix<double>& x,
                    std::span<const int> labels, const TrainingOptions& options, const FitContext& context);

  Prediction predict(const Matrix<double>& x, const FitContext& context) const;
  Prediction predict_with_shots(const Matrix<double>& x, std::size_t shots, const FitContext& context) const;
  FitInfo info() const;

 private:
  Prediction from_values(const Matrix<double>& values) const;

  QuantumClassifier model_;
  Executor::Job job_;
  Optimum optimum_;
};

}  // namespace qupel
