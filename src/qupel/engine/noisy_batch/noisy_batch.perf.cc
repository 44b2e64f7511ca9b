#include "qupel/engine/noisy_batch/noisy_batch.h"

#include <benchmark/benchmark.h>

#include <algorithm>

#include "qupel/engine/density/density_matrix.h"
#include "qupel/engine/noisy_batch/noisy_kernel.h"
#include "qupel/engine/testing/random_circuit.h"

// One thread, double precision. Counter `per_second` is circuits a second, a gradient being one. The goal of
// a batch at 4 qubits is 20 times the rate of circuits one by one; of a gradient 20 times that of shift
// rules, which take two circuits a parameter. docs/performance.md says what was reached.
namespace qupel {
namespace {

constexpr std::size_t samples = 256;
constexpr int layers = 4;

const NoiseModel& noise() {
  static const auto made = parse_noise(
      "depolarizing(0.01) after two-qubit; thermal-relaxation(100, 80, 0.5) after two-qubit; "
      "depolarizing(0.001) after one-qubit; readout(0.02, 0.03)");
  return made;
}

/// Layers of two rotations a qubit and a ring of CX, behind features on every qubit.
/// @param again features before every layer, not only the first
Circuit classifier(int qubits, bool again = false) {
  Circuit circuit(qubits);
  int next = 0;
  for (int layer = 0; layer < layers; ++layer) {
    for (int q = 0; q < qubits && (layer == 0 || again); ++q) circuit.add("ry", {q}, {Angle::feature(q)});
    for (int q = 0; q < qubits; ++q) circuit.add("ry", {q}, {Angle::parameter(next++)});
    for (int q = 0; q < qubits; ++q) circuit.add("rz", {q}, {Angle::parameter(next++)});
    for (int q = 0; q < qubits; ++q) circuit.add("cx", {q, (q + 1) % qubits});
  }
  return circuit;
}

struct Work {
  explicit Work(int qubits, bool again = false) : circuit(classifier(qubits, again)) {
    Random random(5);
    features = testing::random_features(random, samples, static_cast<std::size_t>(qubits));
    parameters = testing::random_parameters(random, circuit.parameters());
  }
  Circuit circuit;
  Matrix<double> features;
  std::vector<double> parameters;
};

void count(benchmark::State& state, double circuits) {
  state.counters["per_second"] = benchmark::Counter(circuits, benchmark::Counter::kIsIterationInvariantRate);
}

void one_by_one(benchmark::State& state) {
  const Work work(static_cast<int>(state.range(0)));
  for (auto _ : state) {
    const DensityMatrix rho(work.circuit.bind(work.features.row(0), work.parameters), noise(),
                            Precision::double_, 1);
    benchmark::DoNotOptimize(rho.expectation(Observable::z(0)));
  }
  count(state, 1);
}
BENCHMARK(one_by_one)->Arg(2)->Arg(4)->Arg(6)->Arg(8);

void compiled(benchmark::State& state) {
  const Work work(static_cast<int>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(NoisyBatch(work.circuit, noise(), {Observable::z(0)}).work());
  count(state, 1);
}
BENCHMARK(compiled)->Arg(4)->Arg(8);

void batch(benchmark::State& state, bool again) {
  const Work work(static_cast<int>(state.range(0)), again);
  const NoisyBatch made(work.circuit, noise(), {Observable::z(0)});
  for (auto _ : state) benchmark::DoNotOptimize(made.expectations(work.features, work.parameters, 1));
  count(state, samples);
}
BENCHMARK_CAPTURE(batch, encoded_once, false)->Arg(2)->Arg(4)->Arg(6)->Arg(8);
BENCHMARK_CAPTURE(batch, encoded_again, true)->Arg(2)->Arg(4)->Arg(6)->Arg(8);

void gradient(benchmark::State& state, bool again) {
  const Work work(static_cast<int>(state.range(0)), again);
  const NoisyBatch made(work.circuit, noise(), {Observable::z(0)});
  const auto ones = [](std::size_t, const Matrix<double>&, Matrix<double>& d) {
    std::ranges::fill(d.values(), 1);
  };
  for (auto _ : state)
    benchmark::DoNotOptimize(made.gradient(work.features, work.parameters, ones, false, 1));
  count(state, samples);
}
BENCHMARK_CAPTURE(gradient, encoded_once, false)->Arg(2)->Arg(4)->Arg(6)->Arg(8);
BENCHMARK_CAPTURE(gradient, encoded_again, true)->Arg(2)->Arg(4)->Arg(6)->Arg(8);

/// Each entry is a circuit.
void kernel(benchmark::State& state) {
  const Work work(static_cast<int>(state.range(0)));
  const NoisyKernel made(work.circuit, noise());
  for (auto _ : state)
    benchmark::DoNotOptimize(made.entries(work.features, work.features, work.parameters, 1));
  count(state, samples * samples);
}
BENCHMARK(kernel)->Arg(4)->Arg(6)->Arg(8);

}  // namespace
}  // namespace qupel
