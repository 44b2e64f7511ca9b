#include "qupel/engine/batch/batch.h"

#include <benchmark/benchmark.h>

#include <cmath>

#include "qupel/base/random.h"
#include "qupel/engine/statevector/program.h"

// Each benchmark states its goal; counter `ratio` is what was reached, in goals.
namespace qupel {
namespace {

/// RY(x_i) on each qubit, then `layers` of RY and RZ on all and a ring of CX.
Circuit layered_circuit(int qubits, int layers) {
  Circuit circuit(qubits);
  for (int q = 0; q < qubits; ++q) circuit.add("ry", {q}, {Angle::feature(q)});
  int next = 0;
  for (int layer = 0; layer < layers; ++layer) {
    for (int q = 0; q < qubits; ++q) {
      circuit.add("ry", {q}, {Angle::parameter(next)}).add("rz", {q}, {Angle::parameter(next + 1)});
      next += 2;
    }
    for (int q = 0; q < qubits; ++q) circuit.add("cx", {q, (q + 1) % qubits});
  }
  return circuit;
}

/// The ZZ feature map (Havlicek et al., Nature 567, 2019) with products of features in slots of their own.
Circuit zz_map(int qubits, int repeats) {
  Circuit circuit(qubits);
  for (int r = 0; r < repeats; ++r) {
    for (int q = 0; q < qubits; ++q) circuit.add("h", {q}).add("p", {q}, {Angle::feature(q, 2)});
    int slot = qubits;
    for (int i = 0; i < qubits; ++i) {
      for (int j = i + 1; j < qubits; ++j, ++slot) {
        circuit.add("cx", {i, j}).add("p", {j}, {Angle::feature(slot, 2)}).add("cx", {i, j});
      }
    }
  }
  return circuit;
}

Matrix<double> uniform(std::size_t rows, std::size_t columns) {
  Random random(1);
  Matrix<double> values(rows, columns);
  for (double& v : values.values()) v = random.uniform(-3, 3);
  return values;
}

void report(benchmark::State& state, double done, double goal) {
  state.counters["per_second"] = benchmark::Counter(done, benchmark::Counter::kIsIterationInvariantRate);
  state.counters["goal"] = goal;
  state.counters["ratio"] = benchmark::Counter(done / goal, benchmark::Counter::kIsIterationInvariantRate);
}

/// Those of a sample's state; engine/machine.perf.cc says how many a core can do.
double multiply_adds(const Circuit& circuit) {
  const std::vector observables{Observable::z(0)};
  return statevector::multiply_adds(
      statevector::Program(circuit, observables, statevector::Program::Use::values).layers);
}

void report_work(benchmark::State& state, double done) {
  state.counters["multiply_adds"] = benchmark::Counter(done, benchmark::Counter::kIsIterationInvariantRate);
}

/// <Z0> of 10,000 samples on one thread. Goals in circuits a second.
void expectations(benchmark::State& state, Precision precision) {
  const auto qubits = static_cast<int>(state.range(0));
  const auto circuit = layered_circuit(qubits, 4);
  const BatchProgram program(circuit, {Observable::z(0)}, precision);
  const auto features = uniform(10000, static_cast<std::size_t>(qubits));
  const auto parameters = uniform(1, static_cast<std::size_t>(circuit.parameters()));
  for (auto _ : state) benchmark::DoNotOptimize(program.expectations(features, parameters.row(0), 1));
  report(state, 10000, static_cast<double>(state.range(1)));
  report_work(state, 10000 * multiply_adds(circuit));
}
BENCHMARK_CAPTURE(expectations, single, Precision::single)
    ->Unit(benchmark::kMillisecond)
    ->Args({4, 4000000})
    ->Args({8, 1000000})
    ->Args({10, 200000})
    ->Args({12, 30000});
BENCHMARK_CAPTURE(expectations, double, Precision::double_)
    ->Unit(benchmark::kMillisecond)
    ->Args({4, 2000000})
    ->Args({8, 500000})
    ->Args({10, 100000})
    ->Args({12, 15000});

/// Gradients of <Z0> by every parameter, a batch of 256 on one thread. Goal: a quarter of the
/// expectations' rate.
void gradients(benchmark::State& state, Precision precision) {
  const auto qubits = static_cast<int>(state.range(0));
  const auto circuit = layered_circuit(qubits, 4);
  const BatchProgram program(circuit, {Observable::z(0)}, precision);
  const auto features = uniform(256, static_cast<std::size_t>(qubits));
  const auto parameters = uniform(1, static_cast<std::size_t>(circuit.parameters()));
  const Cotangent ones = [](std::size_t, const Matrix<double>&, Matrix<double>& d) {
    std::ranges::fill(d.values(), 1.0);
  };
  for (auto _ : state)
    benchmark::DoNotOptimize(program.gradient(features, parameters.row(0), ones, false, 1));
  report(state, 256, static_cast<double>(state.range(1)));
  report_work(state, 256 * 3 * multiply_adds(circuit));  // forward, back on the adjoint, products of both
}
BENCHMARK_CAPTURE(gradients, single, Precision::single)
    ->Unit(benchmark::kMicrosecond)
    ->Args({4, 1000000})
    ->Args({8, 250000})
    ->Args({10, 50000})
    ->Args({12, 7500});
BENCHMARK_CAPTURE(gradients, double, Precision::double_)
    ->Unit(benchmark::kMicrosecond)
    ->Args({8, 125000})
    ->Args({12, 3750});

/// A 1000 x 1000 fidelity kernel matrix of ZZ-map states (2 repeats) at 10 qubits on two threads, state
/// preparation included. Goal: 0.3 s.
void fidelity_kernel(benchmark::State& state) {
  const auto circuit = zz_map(10, 2);
  const BatchProgram program(circuit, {}, Precision::single);
  const auto features = uniform(1000, static_cast<std::size_t>(circuit.features()));
  for (auto _ : state) {
    const auto set = program.prepare(features, {}, 2);
    benchmark::DoNotOptimize(fidelities(set, set, 2));
  }
  report(state, 1, 1 / 0.3);
}
BENCHMARK(fidelity_kernel)->Unit(benchmark::kMillisecond)->UseRealTime();

/// Compiling: no pause that a user notices. Goal: 10 ms.
void compile(benchmark::State& state) {
  const auto circuit = layered_circuit(static_cast<int>(state.range(0)), 4);
  for (auto _ : state) benchmark::DoNotOptimize(BatchProgram(circuit, {Observable::z(0)}, Precision::single));
  report(state, 1, 100);
}
BENCHMARK(compile)->Unit(benchmark::kMillisecond)->Arg(8)->Arg(12);

}  // namespace
}  // namespace qupel
