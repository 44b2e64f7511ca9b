#include "qupel/engine/noisy_batch/blocks.h"

#include <fmt/format.h>

#include <algorithm>

#include "qupel/base/parallel.h"
#include "qupel/base/pool.h"
#include "qupel/base/usable_memory.h"

namespace qupel::noisy_batch {
namespace {

// Multiplications below which starting a thread takes longer than the work.
constexpr double least_shared_work = 1e6;

int usable_threads(const Program& program, double bytes, std::size_t samples, int threads) {
  require_bytes(bytes,
                fmt::format("a block of {} samples of a noisy circuit on {} qubits", lanes, program.qubits));
  if (static_cast<double>(samples) * work(program) < least_shared_work) return 1;
  int usable = std::min(thread_count(threads), static_cast<int>((samples + lanes - 1) / lanes));
  while (usable > 1 && !memory_refusal(usable * bytes).empty()) --usable;
  return std::max(1, usable);
}

}  // namespace

void for_each_block(const Program& program, const StatePlan& plan, const Matrix<double>& features,
                    std::span<const double> parameters, int threads,
                    const std::function<void(const Block&)>& visit, std::size_t blocks_in_chunk) {
  const std::size_t samples = features.rows();
  if (samples == 0) return;
  const int usable = usable_threads(program, Workspace::bytes(program, plan), samples, threads);
  const std::size_t size = blocks_in_chunk * lanes;
  Pool<Workspace> workspaces([&] { return std::make_unique<Workspace>(program, plan, parameters); });
  parallel_for((samples + size - 1) / size, usable, [&](std::size_t chunk) {
    workspaces.lend([&](Workspace& work) {
      const std::size_t end = std::min(samples, (chunk + 1) * size);
      for (std::size_t first = chunk * size; first < end; first += lanes) {
        const std::size_t count = std::min(lanes, end - first);
        work.bind(features, first, count);
        visit({work, first, count, chunk});
      }
    });
  });
}

void require_memory(std::size_t samples, std::size_t numbers) {
  require_bytes(8.0 * static_cast<double>(samples) * static_cast<double>(numbers),
                fmt::format("{} numbers for each of {} samples", numbers, samples));
}

double work(const Program& program) {
  double entries = 1;  // a coefficient
  for (const auto& window : program.windows) {
    for (const auto& step : window.steps) {
      if (const auto* pair = std::get_if<Pair>(&step)) {
        for (const auto& row : pair->forward.rows) entries += static_cast<double>(row.entries.size()) / 16;
      } else {
        entries += 3;
      }
    }
  }
  return entries * static_cast<double>(program.coefficients());
}

}  // namespace qupel::noisy_batch
