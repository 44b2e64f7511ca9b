#include <gtest/gtest.h>

#include "qupel/engine/tiled/tiled_state.h"

namespace qupel {
namespace {

// Rounded coefficients of rotations that are alike change the norm in one direction, about 1e-7 a rotation.
TEST(TiledState, KeepsItsNormInLongCircuitsOfSinglePrecision) {
  Circuit circuit(TiledState::fewest_qubits);
  for (int layer = 0; layer < 400; ++layer) {
    for (int q = 0; q < circuit.qubits(); ++q) circuit.add("rx", {q}, {0.3 + 0.01 * q});
    for (int q = 0; q < circuit.qubits(); ++q) circuit.add("cx", {q, (q + 1) % circuit.qubits()});
  }
  double norm = 0;
  for (const auto& amplitude : TiledState(circuit, Precision::single, 1).amplitudes())
    norm += std::norm(amplitude);
  EXPECT_NEAR(norm, 1, 1e-6);
}

}  // namespace
}  // namespace qupel
