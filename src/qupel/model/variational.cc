#include <cmath>
#include <numbers>
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
  Variational(Encoder encoder, TrainedCircuit circuit)
      : encoder_(std::move(encoder)), circuit_(std::move(circuit)) {}

  Answer predict(const Matrix<double>& x, const FitContext& context) const override {
    return circuit_.predict(encoder_.slots(x, context), context);
  }
  FitInfo info() const override { return circuit_.info(); }

 private:
  Encoder encoder_;
  TrainedCircuit circuit_;
};

/// Every slot with a weight that starts where the encoding has it: the bandwidth of each is trained.
TrainableSlots scaled_slots(const Matrix<double>& encoded) {
  TrainableSlots slots;
  for (std::size_t s = 0; s < encoded.columns(); ++s) {
    double square = 0;
    for (std::size_t r = 0; r < encoded.rows(); ++r) square += encoded(r, s) * encoded(r, s);
    const double size = std::sqrt(square / static_cast<double>(encoded.rows()));
    slots.features.push_back(s);
    slots.units.push_back(size > 0 ? size : 1);
  }
  return slots;
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

std::unique_ptr<Fitted> fit(const Samples& samples, const Settings& settings, const FitContext& context,
                            bool separable) {
  const Encoder encoder(variational, settings, separable);
  const auto encoded = encoder.slots(samples.x, context);
  auto circuit = variational_circuit(settings, static_cast<int>(samples.x.columns()), separable);
  const Targets targets(samples);
  Readout readout(circuit.qubits(), targets.outputs(), z_strings(text(variational, settings, "readout")),
                  separable);
  CircuitModel model{std::move(circuit), std::move(readout), scaled_slots(encoded)};
  const Start start = [](const CircuitModel& from, std::uint64_t seed) {
    return initial_parameters(from, signed_weights(from.slots.units, seed), seed);
  };
  TrainedCircuit trained(std::move(model), start, encoded, targets, training_options(variational, settings),
                         context);
  return std::make_unique<Variational>(encoder, std::move(trained));
}

constexpr double pi = std::numbers::pi;

Contender record(bool separable) {
  Contender spec{
      .name = separable ? "variational-separable" : "variational",
      .summary =
          separable
              ? "variational without entanglers: a product state, cheap on a classical computer"
              : "encoding, layers of trainable rotations and entanglers, linear readout of products of Z",
      .source = "Schuld et al. 2020, arXiv:1804.00633; Kandala et al. 2017, arXiv:1704.05018",
      .family = separable ? Family::quantum_inspired : Family::quantum,
      .inputs = Inputs::reduced,
      .hyperparameters =
          with_training({{.name = "encoding",
                          .summary = "features to circuit",
                          .values = {"iqp-full", "angle-y"},
                          .cover = true,
                          .more_names = encoding_names()},
                         {.name = "bandwidth",
                          .summary = "radians a unit of a feature (features lie in [-1, 1]) before training",
                          .values = {pi, pi / 2, pi / 4, 2 * pi},
                          .cover = true},
                         {"layers", "layers of the ansatz", {2.0, 1.0, 3.0}, whole(64)},
                         {"ansatz", "trainable layers", {"hardware-efficient", "strongly-entangling"}},
                         {"repeats", "of the encoding", {1.0}, whole(100)},
                         {"pairs", "entangled by the encoding", {"full"}}}),
      .fit =
          on_rows([separable](const Samples& samples, const Settings& settings, const FitContext& context) {
            return fit(samples, settings, context, separable);
          }),
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

const Contender variational = record(false);
const Contender variational_separable = record(true);

}  // namespace qupel
