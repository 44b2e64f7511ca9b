#pragma once
#include <cstddef>
#include <functional>
#include <span>

#include "qupel/engine/noisy_batch/workspace.h"

namespace qupel::noisy_batch {

/// Consecutive samples, whose features a workspace has taken.
struct Block {
  Workspace& work;
  std::size_t first, count;  ///< samples
  std::size_t chunk;         ///< of consecutive blocks, which come in order
  std::size_t number() const { return first / lanes; }
};

/// Calls visit(block) for all samples, `lanes` at a time, from several threads, each of which takes chunks.
/// @throws InputError if not even one workspace fits in memory
void for_each_block(const Program& program, const StatePlan& plan, const Matrix<double>& features,
                    std::span<const double> parameters, int threads,
                    const std::function<void(const Block&)>& visit, std::size_t blocks_in_chunk = 1);

/// @throws InputError if so many numbers for each sample do not fit in memory
void require_memory(std::size_t samples, std::size_t numbers);

/// About how many multiplications a sample takes.
double work(const Program& program);

}  // namespace qupel::noisy_batch
