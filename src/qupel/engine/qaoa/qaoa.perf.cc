#include "qupel/engine/qaoa/qaoa.h"

#include <benchmark/benchmark.h>

#include <bit>

namespace qupel {
namespace {

/// Low autocorrelation of binary sequences: the sum over k of (sum over i of s_i s_{i+k})^2.
CostFunction labs(int n) {
  std::vector<double> values(std::size_t{1} << n);
  for (std::size_t s = 0; s < values.size(); ++s) {
    for (int k = 1; k < n; ++k) {
      const int unequal = std::popcount((s ^ (s >> k)) & ((std::size_t{1} << (n - k)) - 1));
      values[s] += (n - k - 2 * unequal) * (n - k - 2 * unequal);
    }
  }
  return CostFunction(std::move(values));
}

const QaoaAngles six_layers{{0.02, 0.04, 0.05, 0.06, 0.07, 0.08}, {0.6, 0.5, 0.4, 0.3, 0.2, 0.1}};

void objective(benchmark::State& state, Precision precision) {
  Qaoa qaoa(labs(static_cast<int>(state.range(0))), precision, 2);
  for (auto _ : state) benchmark::DoNotOptimize(qaoa.objective(six_layers));
}
BENCHMARK_CAPTURE(objective, double, Precision::double_)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->DenseRange(16, 24, 4);
BENCHMARK_CAPTURE(objective, single, Precision::single)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->DenseRange(16, 24, 4);

/// Goal: at most five objectives.
void gradient(benchmark::State& state, Precision precision) {
  Qaoa qaoa(labs(static_cast<int>(state.range(0))), precision, 2);
  for (auto _ : state) benchmark::DoNotOptimize(qaoa.gradient(six_layers));
}
BENCHMARK_CAPTURE(gradient, double, Precision::double_)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->DenseRange(16, 24, 4);
BENCHMARK_CAPTURE(gradient, single, Precision::single)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->DenseRange(16, 24, 4);

}  // namespace
}  // namespace qupel
