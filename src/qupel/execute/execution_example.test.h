#pragma once
#include <vector>

#include "qupel/base/matrix.h"
#include "qupel/circuit/circuit.h"

// A small circuit with features and parameters, and rows for it, that tests of executions share.
namespace qupel::execution_example {

/// Three qubits; every feature and every parameter turns one of them. @param turn the gate of the parameters
inline Circuit ansatz(const char* turn = "ry") {
  Circuit circuit(3);
  for (int q = 0; q < 3; ++q) circuit.add("ry", {q}, {Angle::feature(q)});
  circuit.add("cx", {0, 1}).add("cx", {1, 2});
  for (int q = 0; q < 3; ++q) circuit.add(turn, {q}, {Angle::parameter(q)});
  return circuit;
}

inline Matrix<double> rows(std::size_t count) {
  Matrix<double> features(count, 3);
  for (std::size_t i = 0; i < features.values().size(); ++i)
    features.values()[i] = 0.37 * static_cast<double>(i % 17);
  return features;
}

inline const std::vector<double> parameters{0.1, -0.4, 2};

}  // namespace qupel::execution_example
