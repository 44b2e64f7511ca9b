#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

#include "qupel/base/random.h"
#include "qupel/model/ansatz.h"
#include "qupel/model/circuit_record.h"
#include "qupel/model/encoder.h"
#include "qupel/model/kernel_hyperparameters.h"
#include "qupel/model/records.h"
#include "qupel/model/trained_circuit.h"

namespace qupel {
namespace {

Circuit variational_circuit(const Settings& settings, int features, bool separable) {
  auto circuit = Encoder(variational, settings, separable).circuit(features);
  circuit.append(ansatz(text(variational, settings, "ansatz"), circuit.qubits(),
                        count(variational, settings, "layers")));
  return separable ? circuit.separable() : circuit;
}

class Variational : public RowModel {
 public:
  Variational(Encoder encoder, std::size_t columns, TrainedCircuit circuit)
      : encoder_(std::move(encoder)), columns_(columns), circuit_(std::move(circuit)) {}

  Answer predict(const Matrix<double>& x, const FitContext& context) const override {
    return circuit_.predict(encoder_.slots(x, context), context);
  }
  FitInfo info() const override { return circuit_.info(); }
  void save(Archive& archive) const override {
    const auto& model = circuit_.model();
    qupel::save(archive, {columns_, model.readout.outputs()});
    archive.set("units", model.slots.units);
    circuit_.save(archive);
  }

 private:
  Encoder encoder_;
  std::size_t columns_;
  TrainedCircuit circuit_;
};

/// The size of every slot's values.
std::vector<double> units_of(const Matrix<double>& encoded) {
  std::vector<double> units;
  for (std::size_t s = 0; s < encoded.columns(); ++s) {
    double square = 0;
    for (std::size_t r = 0; r < encoded.rows(); ++r) square += encoded(r, s) * encoded(r, s);
    const double size = std::sqrt(square / static_cast<double>(encoded.rows()));
    units.push_back(size > 0 ? size : 1);
  }
  return units;
}

/// Every slot has a weight that starts where the encoding has it: the bandwidth of each is trained.
CircuitModel model_for(const SavedShape& shape, std::vector<double> units, const Settings& settings,
                       bool separable) {
  auto circuit = variational_circuit(settings, static_cast<int>(shape.columns), separable);
  Readout readout(circuit.qubits(), shape.outputs, z_strings(text(variational, settings, "readout")),
                  separable);
  TrainableSlots slots{.features = std::vector<std::size_t>(units.size()), .units = std::move(units)};
  std::iota(slots.features.begin(), slots.features.end(), std::size_t{0});
  return {std::move(circuit), std::move(readout), std::move(slots)};
}

/// Every weight as large as the encoding has it, with a random sign: gradients do not lead from one sign of a
/// pair's angle to the other. (Four tables labelled by IQP circuits with random
/// couplings: 40 starts with random signs find the circuit in 39 of 40 folds; with one sign, 60 starts find
/// one of the tables in none.)
std::vector<double> signed_weights(std::vector<double> weights, std::uint64_t seed) {
  Random random(derive(seed, {key_of("signs")}));
  for (double& weight : weights)
    if (random.below(2) == 1) weight = -weight;
  return weights;
}

std::unique_ptr<Fitted> fit_variational(const Samples& samples, const Settings& settings,
                                        const FitContext& context, bool separable) {
  const Encoder encoder(variational, settings, separable);
  const auto encoded = encoder.slots(samples.x, context);
  const Targets targets(samples);
  auto model = model_for({samples.x.columns(), targets.outputs()}, units_of(encoded), settings, separable);
  const Start start = [](const CircuitModel& from, std::uint64_t seed) {
    return initial_parameters(from, signed_weights(from.slots.units, seed), seed);
  };
  TrainedCircuit trained(std::move(model), start, encoded, targets, training_options(variational, settings),
                         context);
  return std::make_unique<Variational>(encoder, samples.x.columns(), std::move(trained));
}

std::unique_ptr<Fitted> load_variational(const Archive& saved, const Settings& settings,
                                         const FitContext& context, bool separable) {
  const SavedShape shape{circuit_columns_from(saved), shape_from(saved).outputs};
  auto model = model_for(shape, saved.numbers("units"), settings, separable);
  require_saved(model.slots.units.size() == static_cast<std::size_t>(model.circuit.features()),
                "a unit for each slot of the circuit");
  return std::make_unique<Variational>(Encoder(variational, settings, separable), shape.columns,
                                       TrainedCircuit(std::move(model), saved, context));
}

Contender variational_record(bool separable) {
  Contender spec{
      .name = separable ? "variational-separable" : "variational",
      .summary =
          separable
              ? "variational without entanglers: a product state, cheap on a classical computer"
              : "encoding, layers of trainable rotations and entanglers, linear readout of products of Z",
      .source = "Schuld et al. 2020, arXiv:1804.00633; Kandala et al. 2017, arXiv:1704.05018",
      .family = separable ? Family::quantum_inspired : Family::quantum,
      .inputs = Inputs::reduced,
      .hyperparameters = with_training(
          {{.name = "encoding",
            .summary = "features to circuit",
            .values = {"iqp-full", "angle-y"},
            .cover = true,
            .more_names = encoding_names()},
           {.name = "bandwidth",
            .summary = "radians a unit of a feature (features lie in [-1, 1]) before training",
            .values = {std::numbers::pi, std::numbers::pi / 2, std::numbers::pi / 4, 2 * std::numbers::pi},
            .cover = true},
           {"layers", "layers of the ansatz", {2.0, 1.0, 3.0}, whole(64)},
           {"ansatz", "trainable layers", {"hardware-efficient", "strongly-entangling"}},
           {"repeats", "of the encoding", {1.0}, whole(100)},
           {"pairs", "entangled by the encoding", {"full"}}}),
      .fit =
          on_rows([separable](const Samples& samples, const Settings& settings, const FitContext& context) {
            return fit_variational(samples, settings, context, separable);
          }),
      .load =
          [separable](const Archive& saved, const Settings& settings, const FitContext& context) {
            return load_variational(saved, settings, context, separable);
          },
      .solves = {"classification", "regression"},
      .twin = separable ? "" : "variational-separable",
      .training = circuit_training(),
  };
  return with_circuit(
      std::move(spec),
      [separable](int columns, const Settings& settings) {
        return variational_circuit(settings, columns, separable);
      },
      [separable](const Settings& settings) { return Encoder(variational, settings, separable).chosen(); });
}

}  // namespace

const Contender variational = variational_record(false);
const Contender variational_separable = variational_record(true);

}  // namespace qupel
