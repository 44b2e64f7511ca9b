#include <algorithm>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include "qupel/base/error.h"
#include "qupel/base/random.h"
#include "qupel/contend/saving.h"
#include "qupel/model/ansatz.h"
#include "qupel/model/circuit_record.h"
#include "qupel/model/encoder.h"
#include "qupel/model/records.h"
#include "qupel/model/trained_circuit.h"

// Every layer encodes all features again, each on its own qubit, with weights that are trained:
// rotations, for example RY(w x + b) RZ(w' x + b'), on every qubit, then entanglers, for example CZ along the
// ring. A last trainable RY turns to the basis measured.
namespace qupel {
namespace {

/// The gates of "rz-ry-rz" and its like. @throws InputError naming the gate that is none of rx, ry, rz
std::vector<std::string> rotation_gates(std::string_view name) {
  const std::vector<std::string> valid{"rx", "ry", "rz"};
  std::vector<std::string> gates(1);
  for (const char letter : name) {
    if (letter == '-')
      gates.emplace_back();
    else
      gates.back() += letter;
  }
  for (const auto& gate : gates)
    if (std::ranges::find(valid, gate) == valid.end())
      throw InputError(unknown_name(gate, "a rotation", valid));
  return gates;
}

Circuit reuploading_circuit(int qubits, const Settings& settings, bool separable) {
  const auto rotations = rotation_gates(text(reuploading, settings, "rotations"));
  const auto entangler = text(reuploading, settings, "entangler");
  const auto entangled = pairs(entanglement(text(reuploading, settings, "pairs")), qubits);
  Circuit circuit(qubits);
  for (int layer = 0; layer < count(reuploading, settings, "layers"); ++layer) {
    for (int q = 0; q < qubits; ++q)
      for (const auto& gate : rotations) circuit.add(gate, {q}, {Angle::feature(circuit.features())});
    for (const auto& [i, j] : entangled) circuit.add(entangler, {i, j});
  }
  for (int q = 0; q < qubits; ++q) circuit.add("ry", {q}, {Angle::parameter(q)});
  return separable ? circuit.separable() : circuit;
}

class Reuploading : public RowModel {
 public:
  explicit Reuploading(TrainedCircuit circuit) : circuit_(std::move(circuit)) {}

  Answer predict(const Matrix<double>& x, const FitContext& context) const override {
    return circuit_.predict(x, context);
  }
  FitInfo info() const override { return circuit_.info(); }
  void save(Archive& archive) const override {
    const auto& model = circuit_.model();
    qupel::save(archive, {static_cast<std::size_t>(model.circuit.qubits()), model.readout.outputs()});
    circuit_.save(archive);
  }

 private:
  TrainedCircuit circuit_;
};

/// Every layer has equally many slots a qubit, qubit by qubit.
TrainableSlots feature_slots(const Circuit& circuit, std::size_t rotations) {
  TrainableSlots slots{.features = {},
                       .units = std::vector(static_cast<std::size_t>(circuit.features()), 1.0),
                       .shifts = true};
  for (std::size_t s = 0; s < slots.units.size(); ++s)
    slots.features.push_back(s / rotations % static_cast<std::size_t>(circuit.qubits()));
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

CircuitModel model_for(const SavedShape& shape, const Settings& settings, bool separable) {
  const auto qubits = static_cast<int>(shape.columns);
  auto circuit = reuploading_circuit(qubits, settings, separable);
  auto slots = feature_slots(circuit, rotation_gates(text(reuploading, settings, "rotations")).size());
  return {std::move(circuit),
          Readout(qubits, shape.outputs, z_strings(text(reuploading, settings, "readout")), separable),
          std::move(slots)};
}

std::unique_ptr<Fitted> load_reuploading(const Archive& saved, const Settings& settings,
                                         const FitContext& context, bool separable) {
  const SavedShape shape{circuit_columns_from(saved), shape_from(saved).outputs};
  return std::make_unique<Reuploading>(TrainedCircuit(model_for(shape, settings, separable), saved, context));
}

std::unique_ptr<Fitted> fit_reuploading(const Samples& samples, const Settings& settings,
                                        const FitContext& context, bool separable) {
  const Targets targets(samples);
  auto model = model_for({samples.x.columns(), targets.outputs()}, settings, separable);
  const double bandwidth = number(reuploading, settings, "bandwidth");
  const Start start = [&](const CircuitModel& from, std::uint64_t seed) {
    return initial_parameters(from, initial_weights(from.slots.features.size(), bandwidth, seed), seed);
  };
  return std::make_unique<Reuploading>(TrainedCircuit(std::move(model), start, samples.x, targets,
                                                      training_options(reuploading, settings), context));
}

Contender reuploading_record(bool separable) {
  Contender spec{
      .name = separable ? "reuploading-separable" : "reuploading",
      .summary = separable ? "reuploading without entanglers: a product state, cheap on a classical computer"
                           : "every layer encodes the features again with trainable weights, then entangles",
      .source = "Perez-Salinas et al., Quantum 4, 226 (2020), arXiv:1907.02085",
      .family = separable ? Family::quantum_inspired : Family::quantum,
      .inputs = Inputs::reduced,
      .hyperparameters = with_training(
          {{.name = "bandwidth",
            .summary =
                "typical weight of a feature before training, radians a unit (features lie in [-1, 1])",
            .values = {std::numbers::pi / 2, std::numbers::pi / 4, std::numbers::pi},
            .cover = true},
           {"rotations",
            "by every feature in every layer: rx, ry and rz in any order",
            {"ry-rz", "rx-rz", "rz-ry-rz"}},
           {.name = "layers",
            .summary = "times that the features are encoded",
            .values = {3.0, 2.0, 5.0},
            .range = whole(64),
            .cover = true},
           {"entangler", "two-qubit gate between layers: cz, cx", {"cz", "cx"}},
           {"pairs", "of qubits that it entangles", {"ring"}}}),
      .fit =
          on_rows([separable](const Samples& samples, const Settings& settings, const FitContext& context) {
            return fit_reuploading(samples, settings, context, separable);
          }),
      .load =
          [separable](const Archive& saved, const Settings& settings, const FitContext& context) {
            return load_reuploading(saved, settings, context, separable);
          },
      .solves = {"classification", "regression"},
      .twin = separable ? "" : "reuploading-separable",
      .training = circuit_training(),
  };
  return with_circuit(std::move(spec), [separable](int columns, const Settings& settings) {
    return reuploading_circuit(columns, settings, separable);
  });
}

}  // namespace

const Contender reuploading = reuploading_record(false);
const Contender reuploading_separable = reuploading_record(true);

}  // namespace qupel
