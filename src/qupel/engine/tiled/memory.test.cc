// Sanitizers keep memory of their own.
#ifndef QUPEL_SANITIZED
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "qupel/engine/batch/batch.h"
#include "qupel/engine/tiled/tiled_state.h"

namespace qupel {
namespace {

/// A field of /proc/self/status in bytes: VmRSS, or VmHWM, the most since peak_from_here().
double memory(const std::string& field) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    double kibibytes = 0;
    if (word == field + ":" && status >> kibibytes) return 1024 * kibibytes;
  }
  return 0;
}
bool peak_from_here() { return static_cast<bool>(std::ofstream("/proc/self/clear_refs") << 5 << std::flush); }

/// Bytes that `work` takes at its peak beyond what was taken before; negative if the system does not tell.
template <class Work>
double peak_of(Work&& work) {
  const double before = memory("VmRSS");
  if (!peak_from_here() || before == 0) return -1;
  work();
  return memory("VmHWM") - before;
}

Circuit layers(int qubits, int depth, bool trainable) {
  Circuit circuit(qubits);
  int angles = 0;
  for (int layer = 0; layer < depth; ++layer) {
    for (int q = 0; q < qubits; ++q)
      circuit.add("ry", {q}, {trainable ? Angle::parameter(angles++) : Angle(0.1 * ++angles)});
    for (int q = 0; q < qubits; ++q) circuit.add("cx", {q, (q + 1) % qubits});
  }
  return circuit;
}

constexpr int large_qubits = 23;
constexpr double state_bytes = 8.0 * (1 << large_qubits);  // single precision

TEST(Memory, AStateTakesTenPercentMoreThanItsAmplitudes) {
  const auto circuit = layers(large_qubits, 3, false);
  const double peak = peak_of([&] { TiledState(circuit, Precision::single, 2); });
  if (peak < 0) GTEST_SKIP() << "this system does not tell a process its memory";
  EXPECT_GT(peak, 0.9 * state_bytes);
  EXPECT_LT(peak, 1.1 * state_bytes);
}

TEST(Memory, AGradientTakesTwoStatesWhateverTheNumberOfParameters) {
  const auto circuit = layers(large_qubits, 3, true);
  const BatchProgram program(circuit, {Observable::z(0)}, Precision::single);
  const std::vector<double> parameters(static_cast<std::size_t>(circuit.parameters()), 0.3);
  const auto ones = [](std::size_t, const Matrix<double>&, Matrix<double>& derivatives) {
    derivatives(0, 0) = 1;
  };
  const double peak = peak_of([&] { program.gradient(Matrix<double>(1, 0), parameters, ones, false, 2); });
  if (peak < 0) GTEST_SKIP() << "this system does not tell a process its memory";
  EXPECT_GT(peak, 1.8 * state_bytes);
  EXPECT_LT(peak, 2.2 * state_bytes);
}

}  // namespace
}  // namespace qupel
#endif
