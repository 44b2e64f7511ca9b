// PennyLane Lightning's expectation values and adjoint Jacobian, on operations that are prepared beforehand;
// samples one by one.
#include <omp.h>

#include <memory>

#include "AdjointJacobianLQubit.hpp"
#include "MeasurementsLQubit.hpp"
#include "ObservablesLQubit.hpp"
#include "work.h"

namespace {

using State = Pennylane::LightningQubit::StateVectorLQubitManaged<double>;
using Operations = Pennylane::Algorithms::OpsData<State>;
using Jacobian = Pennylane::Algorithms::JacobianData<State>;
using ObservablePointer = std::shared_ptr<Pennylane::Observables::Observable<State>>;
namespace observables = Pennylane::LightningQubit::Observables;

ObservablePointer pauli(const std::map<int, char>& letters) {
  std::vector<ObservablePointer> factors;
  for (const auto& [qubit, letter] : letters) {
    factors.push_back(std::make_shared<observables::NamedObs<State>>(
        std::string("Pauli") + letter, std::vector<std::size_t>{static_cast<std::size_t>(qubit)}));
  }
  return factors.size() == 1 ? factors[0] : std::make_shared<observables::TensorProdObs<State>>(factors);
}

ObservablePointer observable(const bench::Arguments& arguments) {
  std::vector<double> weights;
  std::vector<ObservablePointer> strings;
  for (const auto& term : bench::pauli_sum(arguments)) {
    weights.push_back(term.weight);
    strings.push_back(pauli(term.letters));
  }
  return strings.size() == 1 ? strings[0]
                             : std::make_shared<observables::Hamiltonian<State>>(weights, strings);
}

/// RY of every feature, then the layers.
Operations operations(int qubits, int depth, const double* features, std::size_t count) {
  std::vector<std::string> names;
  std::vector<std::vector<double>> angles;
  std::vector<std::vector<std::size_t>> wires;
  const auto add = [&](const std::string& name, std::vector<double> angle, std::vector<std::size_t> on) {
    names.push_back(name), angles.push_back(std::move(angle)), wires.push_back(std::move(on));
  };
  for (std::size_t q = 0; q < count; ++q) add("RY", {features[q]}, {q});
  bench::ring_circuit(
      qubits, depth,
      [&](char axis, int q, double angle) {
        add(std::string("R") + axis, {angle}, {static_cast<std::size_t>(q)});
      },
      [&](int a, int b) {
        add("CNOT", {}, {static_cast<std::size_t>(a), static_cast<std::size_t>(b)});
      });
  return {names, angles, wires, std::vector<bool>(names.size())};
}

/// The sum of <Z0> over all samples.
int encode_and_layers(const bench::Arguments& arguments) {
  const auto qubits = static_cast<std::size_t>(arguments.qubits);
  const auto features = bench::draws(8, bench::samples * qubits);
  std::vector<Operations> circuits;
  for (std::size_t sample = 0; sample < bench::samples; ++sample)
    circuits.push_back(
        operations(arguments.qubits, bench::layers, features.data() + sample * qubits, qubits));
  const auto z0 = observable(arguments);
  State state(qubits);
  return bench::report(arguments.repeats, [&] {
    double sum = 0;
    for (const auto& circuit : circuits) {
      state.setBasisState(0);
      state.applyOperations(circuit.getOpsName(), circuit.getOpsWires(), circuit.getOpsInverses(),
                            circuit.getOpsParams());
      sum += Pennylane::LightningQubit::Measures::Measurements<State>(state).expval(*z0);
    }
    return sum;
  });
}

}  // namespace

int main(int, char** argv) {
  const bench::Arguments arguments(argv);
  omp_set_num_threads(arguments.threads);
  if (arguments.work == "encode-and-layers") return encode_and_layers(arguments);
  const bool batch = arguments.work == "gradient-batch-256";
  const std::size_t samples = batch ? bench::batch : 1, width = batch ? arguments.qubits : 0;
  const auto features = bench::draws(8, samples * width);
  const State zero(static_cast<std::size_t>(arguments.qubits));
  std::vector<std::size_t> trainable(static_cast<std::size_t>(2 * bench::deep_layers * arguments.qubits));
  std::iota(trainable.begin(), trainable.end(), width);
  std::vector<Jacobian> tapes;
  for (std::size_t sample = 0; sample < samples; ++sample) {
    tapes.emplace_back(
        trainable.size() + width, zero.getLength(), zero.getData(), std::vector{observable(arguments)},
        operations(arguments.qubits, bench::deep_layers, features.data() + sample * width, width), trainable);
  }
  Pennylane::LightningQubit::Algorithms::AdjointJacobian<State> adjoint;
  return bench::report(arguments.repeats, [&] {
    std::vector<double> sum(trainable.size()), derivatives(trainable.size());
    for (const auto& tape : tapes) {
      adjoint.adjointJacobian(derivatives, tape, zero, true);
      std::transform(sum.begin(), sum.end(), derivatives.begin(), sum.begin(), std::plus<>());
    }
    return bench::weighted(sum);
  });
}
