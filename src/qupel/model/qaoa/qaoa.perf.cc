#include <benchmark/benchmark.h>

#include "qupel/model/qaoa/angles.h"
#include "qupel/model/qaoa/qaoa_training.h"
#include "qupel/problem/optimization/maxcut.h"

namespace qupel {
namespace {

/// Goal: 2 s for 20 variables on two cores.
void train(benchmark::State& state) {
  const auto qubits = static_cast<std::size_t>(state.range(0));
  const auto cost = ising_of(MaxCut(random_regular_graph(qubits, 3, 1)).qubo());
  const auto count = static_cast<int>(qubits);
  for (auto _ : state) {
    Executor executor(Precision::single, 2);
    QaoaRuns runs(executor, {cost, count}, 2);
    const auto found = train_angles(runs, fixed_angles(cost, count, 8), coupling_scale(cost, count), {});
    state.counters["cut"] = -runs.gradient(found.angles).objective;
    state.counters["gradients"] = static_cast<double>(executor.ledger().gradients);
  }
}
BENCHMARK(train)->Arg(16)->Arg(20)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace qupel
