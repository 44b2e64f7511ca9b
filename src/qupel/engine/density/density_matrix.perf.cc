#include "qupel/engine/density/density_matrix.h"

#include <benchmark/benchmark.h>

#include "qupel/engine/testing/random_circuit.h"

// Each benchmark states its goal in seconds, on two threads; counter `ratio` is goal / reached: above 1 is
// better.
namespace qupel {
namespace {

/// Five layers of RY and RZ on every qubit and a ring of CX, each operation with its noise. Goals: a fifth of
/// Aer's time at 10 qubits, a tenth at 12.
void noisy_layers(benchmark::State& state, Precision precision) {
  const auto qubits = static_cast<int>(state.range(0));
  const auto circuit = testing::ring_layers(qubits, 5);
  const auto noise =
      parse_noise("depolarizing(0.01) after two-qubit; amplitude-damping(0.01) after one-qubit");
  for (auto _ : state) benchmark::DoNotOptimize(DensityMatrix(circuit, noise, precision, 2).purity());
  const double goal = qubits <= 8 ? 0.0058 : qubits <= 10 ? 0.126 : 1.3;
  state.counters["goal_seconds"] = goal;
  state.counters["ratio"] = benchmark::Counter(goal, benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK_CAPTURE(noisy_layers, double, Precision::double_)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->Arg(4)
    ->Arg(8)
    ->Arg(10)
    ->Arg(12);
BENCHMARK_CAPTURE(noisy_layers, single, Precision::single)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->Arg(8)
    ->Arg(10)
    ->Arg(12);

}  // namespace
}  // namespace qupel
