#include "qupel/problem/tabular/table.h"

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "qupel/base/random.h"

namespace qupel {
namespace {

/// About 100 MB: nine measurements and a category a row.
std::string big_table() {
  Random random(1);
  std::string text = "a,b,c,d,e,f,g,h,i,kind\n";
  while (text.size() < 100'000'000) {
    for (int c = 0; c < 9; ++c) fmt::format_to(std::back_inserter(text), "{:.6f},", random.normal());
    text += random.below(2) == 0 ? "oak\n" : "beech\n";
  }
  return text;
}

/// Goal: 100 MB/s on one core, text to typed columns.
void read_table(benchmark::State& state) {
  const auto text = big_table();
  for (auto _ : state) benchmark::DoNotOptimize(type_columns(parse_table(text, "big.csv"), "big.csv"));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
  state.counters["goal_MB_per_s"] = 100;
}
BENCHMARK(read_table)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace qupel
