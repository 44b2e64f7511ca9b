#pragma once
#include <cmath>
#include <complex>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "qupel/base/random.h"
#include "qupel/engine/rotations/rotation_program.h"
#include "qupel/engine/testing/random_circuit.h"

// The slow definition of rotations over stored indices, for tests of what plans their order.
namespace qupel::testing {

using rotations::Mask;
using rotations::Rotation;
using State = std::vector<Complex>;

/// |0...0> of so many stored qubits.
inline State zero_state(int qubits) {
  State state(std::size_t{1} << qubits);
  state[0] = 1;
  return state;
}

/// Applies one rotation as rotations/lower.h defines it.
inline void apply(const Rotation& rotation, double angle, State& state) {
  const double c = std::cos(angle / 2), s = std::sin(angle / 2);
  for (Mask p = 0; p < state.size(); ++p) {
    const bool is_odd = rotations::odd(rotation.z & p);
    if (rotation.x == 0) {
      state[p] *= Complex(c, is_odd ? s : -s);
    } else if (!is_odd) {
      auto &a = state[p], &b = state[p ^ rotation.x];
      const Complex old = a;
      a = c * old - s * b;
      b = c * b + s * old;
    }
  }
}

inline double distance(const State& a, const State& b) {
  double most = 0;
  for (std::size_t i = 0; i < a.size(); ++i) most = std::max(most, std::abs(a[i] - b[i]));
  return most;
}

/// A random circuit without open slots, compiled: every rotation is kept.
inline rotations::RotationProgram random_program(Random& random, int qubits, int operations) {
  const auto circuit = random_circuit(random, qubits, operations);
  const auto features = random_parameters(random, circuit.features());
  const auto parameters = random_parameters(random, circuit.parameters());
  return {circuit.bind(features, parameters), {}, rotations::RotationProgram::Use::states};
}

}  // namespace qupel::testing
