#include "qupel/engine/tiled/tiled_state.h"

#include <benchmark/benchmark.h>

#include "qupel/engine/testing/random_circuit.h"

// Each benchmark states its goal in seconds, on two threads; counter `ratio` is goal / reached: above 1
// is better.
namespace qupel {
namespace {

void report(benchmark::State& state, double goal) {
  state.counters["goal_seconds"] = goal;
  state.counters["ratio"] = benchmark::Counter(goal, benchmark::Counter::kIsIterationInvariantRate);
}

/// The state of the ring. Goals: a quarter of what the fastest peer took (qsim in single, Qulacs in
/// double precision).
void layers(benchmark::State& state, Precision precision, double goal_24) {
  const auto qubits = static_cast<int>(state.range(0));
  const auto circuit = testing::ring_layers(qubits, 10);
  for (auto _ : state) benchmark::DoNotOptimize(TiledState(circuit, precision, 2).amplitude(0));
  report(state, goal_24 * std::ldexp(1.0, qubits - 24));
}
BENCHMARK_CAPTURE(layers, single, Precision::single, 0.29)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->Arg(16)
    ->Arg(20)
    ->Arg(22)
    ->Arg(24);
BENCHMARK_CAPTURE(layers, double, Precision::double_, 0.84)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->Arg(16)
    ->Arg(20)
    ->Arg(22)
    ->Arg(24);

/// A million shots from 20 qubits. Goal: half of qsim's 0.094 s.
void shots(benchmark::State& state) {
  const TiledState ready(testing::ring_layers(20, 10), Precision::single, 2);
  for (auto _ : state) benchmark::DoNotOptimize(ready.counts(1000000, 1, 2));
  report(state, 0.047);
}
BENCHMARK(shots)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace qupel
