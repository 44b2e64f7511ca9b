#pragma once
#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "qupel/base/random.h"
#include "qupel/circuit/circuit.h"
#include "qupel/circuit/observable.h"

// Inputs for tests and benchmarks of engines.
namespace qupel::testing {

inline constexpr int slots = 4;

/// A constant, or a feature or parameter below `slots` with a scale and an offset.
inline Angle random_angle(Random& random) {
  const auto index = static_cast<int>(random.below(slots));
  const double scale = random.uniform(-2, 2), offset = random.uniform(-4, 4);
  switch (random.below(3)) {
    case 0:
      return Angle(offset);
    case 1:
      return Angle::feature(index, scale, offset);
    default:
      return Angle::parameter(index, scale, offset);
  }
}

inline std::vector<int> random_qubits(Random& random, int qubits, int count) {
  std::vector<int> chosen;
  for (const auto q : random.permutation(static_cast<std::size_t>(qubits)))
    chosen.push_back(static_cast<int>(q));
  chosen.resize(static_cast<std::size_t>(count));
  return chosen;
}

inline std::string random_letters(Random& random, int count) {
  std::string letters;
  for (int k = 0; k < count; ++k) letters += "XYZ"[random.below(3)];
  return letters;
}

inline void add_random(Circuit& circuit, const OpSpec& spec, Random& random) {
  if (spec.qubits == 0) {
    const int count = 1 + static_cast<int>(random.below(static_cast<std::size_t>(circuit.qubits())));
    circuit.add_pauli_rotation(random_letters(random, count), random_qubits(random, circuit.qubits(), count),
                               random_angle(random));
    return;
  }
  std::vector<Angle> angles;
  for (int k = 0; k < spec.angles; ++k) angles.push_back(random_angle(random));
  circuit.add(spec, random_qubits(random, circuit.qubits(), spec.qubits), angles);
}

/// exp(-i/2 (a XX + b YY + c ZZ)) as compilers write it, sometimes with a bit flipped inside or both
/// qubits turned.
inline void add_canonical(Circuit& circuit, Random& random) {
  const auto pair = random_qubits(random, circuit.qubits(), 2);
  const int low = pair[0], high = pair[1];
  circuit.add("cx", pair).add("rx", {low}, {random_angle(random)}).add("rz", {high}, {random_angle(random)});
  if (random.below(3) == 0) circuit.add("x", {high});
  circuit.add("cz", pair);
  random.below(4) == 0 ? circuit.add("rxx", pair, {random_angle(random)})
                       : circuit.add("rx", {low}, {random_angle(random)});
  circuit.add("cz", pair).add("cx", pair);
}

/// Operations of all kinds; every slot is used, so that the circuit has `slots` features and parameters.
inline Circuit random_circuit(Random& random, int qubits, int size) {
  Circuit circuit(qubits);
  for (int k = 0; k < slots; ++k) {
    circuit.add("ry", {k % qubits}, {Angle::feature(k)}).add("rx", {(k + 1) % qubits}, {Angle::parameter(k)});
  }
  std::vector<const OpSpec*> fitting;
  for (const auto* spec : gates()) {
    if (spec->qubits <= qubits) fitting.push_back(spec);
  }
  for (int k = 0; k < size; ++k) {
    if (qubits > 1 && random.below(8) == 0) {
      add_canonical(circuit, random);
    } else {
      add_random(circuit, *fitting[random.below(fitting.size())], random);
    }
  }
  return circuit;
}

inline std::vector<double> random_parameters(Random& random, int count) {
  std::vector<double> parameters(static_cast<std::size_t>(count));
  for (double& value : parameters) value = random.uniform(-std::numbers::pi, std::numbers::pi);
  return parameters;
}

/// The same with a value in every slot.
inline Circuit random_bound_circuit(Random& random, int qubits, int size) {
  const auto circuit = random_circuit(random, qubits, size);
  const auto features = random_parameters(random, circuit.features());
  return circuit.bind(features, random_parameters(random, circuit.parameters()));
}

/// Features on every qubit, some CX, then rotations: some of a half alone, some of both.
inline Circuit entangled_layers(Random& random, int qubits, int gates, int layers) {
  Circuit circuit(qubits);
  for (int q = 0; q < qubits; ++q)
    circuit.add("ry", {q}, {random_angle(random)}).add("rz", {q}, {random_angle(random)});
  for (int layer = 0; layer < layers; ++layer) {
    for (int g = 0; g < gates; ++g) {
      const auto on = random_qubits(random, qubits, 2);
      circuit.add("cx", {on[0], on[1]});
    }
    for (int q = 0; q < qubits; ++q) {
      if (random.below(4) == 0) circuit.add("rx", {q}, {random_angle(random)});
      circuit.add("ry", {q}, {random_angle(random)}).add("rz", {q}, {random_angle(random)});
    }
  }
  return circuit;
}

/// Layers of RY and RZ on every qubit and a ring of CX: the work of the benchmarks.
inline Circuit ring_layers(int qubits, int layers) {
  Random random(7);
  Circuit circuit(qubits);
  for (int layer = 0; layer < layers; ++layer) {
    for (int q = 0; q < qubits; ++q)
      circuit.add("ry", {q}, {random.uniform(-3, 3)}).add("rz", {q}, {random.uniform(-3, 3)});
    for (int q = 0; q < qubits; ++q) circuit.add("cx", {q, (q + 1) % qubits});
  }
  return circuit;
}

inline Observable random_observable(Random& random, int qubits, int terms) {
  Observable observable;
  for (int t = 0; t < terms; ++t) {
    const int count = static_cast<int>(random.below(static_cast<std::size_t>(qubits) + 1));
    Observable::Term term{random.uniform(-1, 1), {}};
    for (const int q : random_qubits(random, qubits, count)) term.pauli.set(q, "XYZ"[random.below(3)]);
    observable.terms.push_back(term);
  }
  return observable;
}

inline Matrix<double> random_features(Random& random, std::size_t samples, std::size_t columns) {
  Matrix<double> features(samples, columns);
  for (double& value : features.values()) value = random.uniform(-std::numbers::pi, std::numbers::pi);
  return features;
}

}  // namespace qupel::testing
