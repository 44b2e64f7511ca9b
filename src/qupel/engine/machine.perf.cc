// What one core can do at most, to compare the engines with (docs/performance.md).
#include <benchmark/benchmark.h>

#include <cstring>
#include <vector>

#include "qupel/engine/simd/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "qupel/engine/machine.perf.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace qupel::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Multiply-adds in registers, in chains enough to fill the units. @return how many on numbers were done
template <class T>
double multiply_adds(std::size_t rounds, T* result) {
  const hn::ScalableTag<T> d;
  const auto factor = hn::Set(d, static_cast<T>(0.999)), term = hn::Set(d, static_cast<T>(0.001));
  // Chains that start alike would be one to the compiler.
  const auto start = [&](int k) HWY_ATTR { return hn::Set(d, static_cast<T>(*result + static_cast<T>(k))); };
  auto a = start(1), b = start(2), c = start(3), e = start(4), f = start(5), g = start(6), h = start(7);
  auto i = start(8), j = start(9), k = start(10);
  for (std::size_t r = 0; r < rounds; ++r) {
    a = hn::MulAdd(a, factor, term), b = hn::MulAdd(b, factor, term), c = hn::MulAdd(c, factor, term);
    e = hn::MulAdd(e, factor, term), f = hn::MulAdd(f, factor, term), g = hn::MulAdd(g, factor, term);
    h = hn::MulAdd(h, factor, term), i = hn::MulAdd(i, factor, term), j = hn::MulAdd(j, factor, term);
    k = hn::MulAdd(k, factor, term);
  }
  const auto left = hn::Add(hn::Add(hn::Add(a, b), hn::Add(c, e)), hn::Add(hn::Add(f, g), hn::Add(h, i)));
  *result = hn::GetLane(hn::Add(left, hn::Add(j, k)));
  return 10.0 * static_cast<double>(rounds * hn::Lanes(d));
}
double single_multiply_adds(std::size_t rounds, float* result) { return multiply_adds(rounds, result); }
double double_multiply_adds(std::size_t rounds, double* result) { return multiply_adds(rounds, result); }

}  // namespace qupel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace qupel {
namespace {

HWY_EXPORT(single_multiply_adds);
HWY_EXPORT(double_multiply_adds);

void count(benchmark::State& state, double done) {
  state.counters["per_second"] = benchmark::Counter(done, benchmark::Counter::kIsIterationInvariantRate);
}

constexpr std::size_t rounds = 1 << 20;

template <class T>
void multiply_adds(benchmark::State& state, double (*work)(std::size_t, T*)) {
  T result = 0;
  double done = 0;
  for (auto _ : state) {
    done = work(rounds, &result);
    benchmark::DoNotOptimize(result);
  }
  count(state, done);
}
BENCHMARK_CAPTURE(
    multiply_adds, single,
    +[](std::size_t n, float* to) { return HWY_DYNAMIC_DISPATCH(single_multiply_adds)(n, to); });
BENCHMARK_CAPTURE(
    multiply_adds, double,
    +[](std::size_t n, double* to) { return HWY_DYNAMIC_DISPATCH(double_multiply_adds)(n, to); });

/// Bytes read and written in order, from and to memory.
void copy(benchmark::State& state) {
  constexpr std::size_t size = std::size_t{1} << 28;
  const std::vector<char> from(size, 1);
  std::vector<char> to(size);
  for (auto _ : state) {
    std::memcpy(to.data(), from.data(), size);
    benchmark::ClobberMemory();
  }
  count(state, 2.0 * size);
}
BENCHMARK(copy)->Name("bytes_copied");

}  // namespace
}  // namespace qupel
#endif
