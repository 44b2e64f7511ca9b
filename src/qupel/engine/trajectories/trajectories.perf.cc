#include "qupel/engine/trajectories/trajectories.h"

#include <benchmark/benchmark.h>

#include "qupel/engine/testing/random_circuit.h"

// Each benchmark states its goal in seconds, on two threads; counter `ratio` is goal / reached: above 1 is
// better.
namespace qupel {
namespace {

/// 2000 trajectories of five layers of RY and RZ on every qubit and a ring of CX, each operation with its
/// noise. Goals: three times qsim's rate in single precision, fifty times Aer's in double.
void noisy_layers(benchmark::State& state, Precision precision) {
  const auto circuit = testing::ring_layers(12, 5);
  const auto noise =
      parse_noise("depolarizing(0.01) after two-qubit; amplitude-damping(0.01) after one-qubit");
  const std::vector observables{Observable::z(0)};
  const auto threads = static_cast<int>(state.range(0));
  for (auto _ : state) {
    const Trajectories trajectories(circuit, noise, observables, precision);
    benchmark::DoNotOptimize(trajectories.run(2000, 0, 1, threads).means);
  }
  const double goal = 2000 / (precision == Precision::single ? 3 * 6900.0 : 50 * 299.0) * 2 / threads;
  state.counters["goal_seconds"] = goal;
  state.counters["ratio"] = benchmark::Counter(goal, benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK_CAPTURE(noisy_layers, trajectories_single, Precision::single)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->Arg(1)
    ->Arg(2);
BENCHMARK_CAPTURE(noisy_layers, trajectories_double, Precision::double_)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->Arg(1)
    ->Arg(2);

}  // namespace
}  // namespace qupel
