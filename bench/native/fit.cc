#include "fit.h"

#include <numeric>

#include "qupel/encode/encoding.h"
#include "qupel/execute/executor.h"
#include "qupel/learn/targets.h"
#include "qupel/model/ansatz.h"
#include "qupel/model/trained_circuit.h"
#include "qupel/train/optimizer.h"

// The same as peers/pennylane_jax.py trains: rows of the same numbers, all in every step, a fixed number of
// steps of Adam.
namespace bench {
namespace {

using namespace qupel;

struct Task {
  CircuitModel model;
  Matrix<double> rows;  ///< what the model's slots are made of
};

/// Two classes: the sign of the product of the first two columns.
std::vector<int> labels(const Matrix<double>& x) {
  std::vector<int> labels;
  for (std::size_t r = 0; r < x.rows(); ++r) labels.push_back(x(r, 0) * x(r, 1) > 0 ? 1 : 0);
  return labels;
}

TrainableSlots slots(std::vector<std::size_t> features, bool shifts) {
  std::vector<double> units(features.size(), 1.0);
  return {.features = std::move(features), .units = std::move(units), .shifts = shifts};
}

Readout readout(int qubits) { return {qubits, 2, ZStrings::neighbours, false}; }

/// The encoding, then two layers of RY, RZ and a ring of CX.
Task iqp_full(int qubits, const Matrix<double>& x) {
  const auto& encoding = qupel::encoding("iqp-full");
  auto circuit = encoding.circuit(qubits, {});
  circuit.append(ansatz("hardware-efficient", qubits, fit_layers));
  std::vector<std::size_t> features(static_cast<std::size_t>(circuit.features()));
  std::iota(features.begin(), features.end(), std::size_t{0});
  return {{std::move(circuit), readout(qubits), slots(std::move(features), false)},
          encode_rows(encoding, {}, x, 1)};
}

/// Three times RY and RZ of every feature with weights and shifts of their own and a ring of CZ; then RY.
Task reuploading(int qubits, const Matrix<double>& x) {
  Circuit circuit(qubits);
  std::vector<std::size_t> features;
  for (int layer = 0; layer < fit_uploads; ++layer) {
    for (int q = 0; q < qubits; ++q) {
      for (const auto* gate : {"ry", "rz"}) {
        circuit.add(gate, {q}, {Angle::feature(circuit.features())});
        features.push_back(static_cast<std::size_t>(q));
      }
    }
    for (const auto& [i, j] : pairs(Entanglement::ring, qubits)) circuit.add("cz", {i, j});
  }
  for (int q = 0; q < qubits; ++q) circuit.add("ry", {q}, {Angle::parameter(q)});
  return {{std::move(circuit), readout(qubits), slots(std::move(features), true)}, x};
}

/// Small numbers; weights of slots around 1.
std::vector<double> start(const CircuitModel& model) {
  auto start = draws(7, model.parameters());
  for (double& value : start) value *= 0.1;
  const auto circuit = static_cast<std::size_t>(model.circuit.parameters());
  for (std::size_t s = 0; s < model.slots.features.size(); ++s) start[circuit + s] += 1;
  return start;
}

}  // namespace

int fit(const Arguments& arguments) {
  const auto columns = static_cast<std::size_t>(arguments.qubits);
  Matrix<double> x(fit_rows, columns);
  std::ranges::transform(draws(8, x.values().size()), x.data(), [](double value) { return value / 3; });
  const auto y = labels(x);
  const Targets targets(Samples(x, y, 2));
  const auto task =
      arguments.work == "fit-iqp-full" ? iqp_full(arguments.qubits, x) : reuploading(arguments.qubits, x);
  const AdamOptions rule{.learning_rate = 0.05, .max_steps = fit_steps, .window = 0};
  return report(arguments.repeats, [&] {
    Executor executor(arguments.single ? Precision::single : Precision::double_, arguments.threads);
    const auto prepared = executor.prepare(task.model.circuit, task.model.readout.observables());
    const auto loss = [&](auto parameters, auto gradient, std::size_t) {
      return circuit_loss(task.model, executor, prepared, task.rows, targets, 1e-3, parameters, gradient);
    };
    return adam(loss, start(task.model), rule).losses.back();
  });
}

}  // namespace bench
