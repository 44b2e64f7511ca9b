#include <numbers>
#include <utility>

#include "qupel/base/random.h"
#include "qupel/model/ansatz.h"
#include "qupel/model/encoder.h"
#include "qupel/model/quantum_classifier.h"
#include "qupel/model/records.h"

// Every layer encodes all features again, each on its own qubit, with weights that are trained:
// RY(w x + b) RZ(w' x + b') on every qubit, then CZ along the ring. A last trainable RY turns to the basis
// measured.
namespace qupel {
namespace {

constexpr int slots_per_qubit = 2;

Circuit reuploading_circuit(int qubits, int layers, bool separable) {
  Circuit circuit(qubits);
  for (int layer = 0; layer < layers; ++layer) {
    for (int q = 0; q < qubits; ++q)
      for (const auto gate : {"ry", "rz"}) circuit.add(gate, {q}, {Angle::feature(circuit.features())});
    add_entanglers(circuit, "cz");
  }
  for (int q = 0; q < qubits; ++q) circuit.add("ry", {q}, {Angle::parameter(q)});
  return separable ? circuit.separable() : circuit;
}

class Reuploading : public Fitted {
 public:
  explicit Reuploading(TrainedClassifier classifier) : classifier_(std::move(classifier)) {}

  Prediction predict(const Matrix<double>& x, const FitContext& context) const override {
    return classifier_.predict(x, context);
  }
  std::optional<Prediction> predict_with_shots(const Matrix<double>& x, std::size_t shots,
                                               const FitContext& context) const override {
    return classifier_.predict_with_shots(x, shots, context);
  }
  FitInfo info() const override { return classifier_.info(); }

 private:
  TrainedClassifier classifier_;
};

TrainableSlots feature_slots(const Circuit& circuit) {
  TrainableSlots slots{.features = {},
                       .units = std::vector(static_cast<std::size_t>(circuit.features()), 1.0),
                       .shifts = true};
  for (int s = 0; s < circuit.features(); ++s)
    slots.features.push_back(static_cast<std::size_t>(s / slots_per_qubit % circuit.qubits()));
  return slots;
}

/// Normal around 0, so that layers start with different frequencies.
std::vector<double> initial_weights(std::size_t count, double bandwidth, std::uint64_t seed) {
  constexpr double deviation = 0.7;
  Random random(derive(seed, {key_of("weights")}));
  std::vector<double> weights(count);
  for (double& weight : weights) weight = deviation * bandwidth * random.normal();
  return weights;
}

std::unique_ptr<Fitted> fit(const Samples& samples, const Settings& settings, const FitContext& context,
                            bool separable) {
  const auto qubits = static_cast<int>(samples.x.columns());
  auto circuit = reuploading_circuit(qubits, count(reuploading, settings, "layers"), separable);
  auto slots = feature_slots(circuit);
  QuantumClassifier model{std::move(circuit), Readout(qubits, samples.classes), std::move(slots)};
  const double bandwidth = number(reuploading, settings, "bandwidth");
  const Start start = [&](const QuantumClassifier& from, std::uint64_t seed) {
    return initial_parameters(from, initial_weights(from.slots.features.size(), bandwidth, seed), seed);
  };
  return std::make_unique<Reuploading>(TrainedClassifier(std::move(model), start, samples.x, samples.y,
                                                         training_options(reuploading, settings), context));
}

constexpr double pi = std::numbers::pi;

ContenderSpec record(bool separable) {
  return {
      .name = separable ? "reuploading-separable" : "reuploading",
      .summary = separable ? "reuploading without entanglers: a product state, cheap on a classical computer"
                           : "every layer encodes the features again with trainable weights, then entangles",
      .source = "Perez-Salinas et al., Quantum 4, 226 (2020), arXiv:1907.02085",
      .family = separable ? Family::quantum_inspired : Family::quantum,
      .inputs = Inputs::reduced,
      .hyperparameters = with_training(
          {{"bandwidth",
            "typical weight of a feature before training, radians a unit (features lie in [-1, 1])",
            {pi / 2, pi / 4, pi}},
           {"layers", "times that the features are encoded", {3.0, 2.0, 4.0}, whole(64)}}),
      .fit = [separable](const Samples& samples, const Settings& settings,
                         const FitContext& context) { return fit(samples, settings, context, separable); },
      .circuit =
          [separable](int features, int, const Settings& settings) {
            return reuploading_circuit(features, count(reuploading, settings, "layers"), separable);
          },
      .twin = separable ? "" : "reuploading-separable",
  };
}

}  // namespace

const ContenderSpec reuploading = record(false);
const ContenderSpec reuploading_separable = record(true);

}  // namespace qupel
