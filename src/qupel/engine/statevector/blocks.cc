#include "qupel/engine/statevector/blocks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "qupel/base/usable_memory.h"

namespace qupel::statevector {
namespace {

// Rotations times amplitudes times samples below which starting a thread takes longer than the work.
constexpr double least_shared_work = 1e4;

// Tables of diagonals that all threads share, and what building one takes.
double shared_bytes(const Program& program, std::size_t element_bytes) {
  const auto tables =
      std::ranges::count_if(program.layers.diagonals, [](const auto& d) { return !d.varies; });
  const double entry =
      static_cast<double>(tables) * 2 * static_cast<double>(element_bytes) + 4 * sizeof(double);
  return tables == 0 ? 0 : entry * std::ldexp(1.0, program.qubits);
}

}  // namespace

std::size_t blocks_per_chunk(int qubits, std::size_t blocks) {
  return std::max<std::size_t>(1, std::min((std::size_t{1} << 8) >> qubits, blocks / 8));
}

Sessions::Pools& Sessions::pools(std::size_t vector_bytes) {
  const std::scoped_lock lock(mutex_);
  for (const auto& [known, pools] : pools_) {
    if (known == vector_bytes) return *pools;
  }
  auto made = std::make_unique<Pools>([this] { return std::make_unique<Session<float>>(program_); },
                                      [this] { return std::make_unique<Session<double>>(program_); });
  return *pools_.emplace_back(vector_bytes, std::move(made)).second;
}

void require_memory(const Program& program, std::size_t samples, double bytes) {
  if (bytes <= usable_memory()) return;
  require_bytes(
      bytes, fmt::format("a batch of {} samples on {} qubits (take fewer qubits, or fewer samples at a time "
                         "if their states are kept)",
                         samples, program.qubits));
}

int usable_threads(const Program& program, std::size_t samples, std::size_t element_bytes,
                   std::size_t workspace_bytes, int threads) {
  const double shared = shared_bytes(program, element_bytes), each = static_cast<double>(workspace_bytes);
  require_memory(program, samples, shared + each);
  const double work = static_cast<double>(samples) * static_cast<double>(program.layers.angles.size() + 1) *
                      std::ldexp(1.0, program.qubits);
  if (work < least_shared_work) return 1;
  const auto fitting = static_cast<int>(std::min(1e6, (usable_memory() - shared) / each));
  return std::clamp(thread_count(threads), 1, std::max(1, fitting));
}

}  // namespace qupel::statevector
