#pragma once
#include <memory>
#include <mutex>
#include <tuple>
#include <utility>
#include <vector>

#include "qupel/base/parallel.h"
#include "qupel/base/pool.h"
#include "qupel/engine/statevector/workspace.h"

// Samples are divided into blocks of one vector's lanes, and blocks into chunks, which threads take one after
// the other. Neither division depends on the number of threads, so no result does.
namespace qupel::statevector {

/// With more qubits not even one block of samples fits a usual machine, and positions grow beyond what
/// is tested.
inline constexpr int most_qubits = 30;

/// @throws InputError if `bytes` for a batch of `samples` are more than this machine has
void require_memory(const Program& program, std::size_t samples, double bytes);

/// How many threads to use: at most `threads`, so many that their workspaces fit in memory together, and 1 if
/// the work is too small to share. @throws InputError if not even one workspace fits
int usable_threads(const Program& program, std::size_t samples, std::size_t element_bytes,
                   std::size_t workspace_bytes, int threads);

/// How many blocks a chunk has, given how many there are in all: enough that handing out a chunk costs
/// nothing beside its work, but few where there are few blocks, so that threads have something to share.
std::size_t blocks_per_chunk(int qubits, std::size_t blocks);

/// One block while it is being computed.
template <class T>
struct Block {
  const Call<T>& call;
  const Kernels<T>& kernels;
  Workspace<T>& work;
  std::size_t first, count;  ///< samples
  std::size_t chunk;
  bool begins, ends;  ///< whether it is the first and whether it is the last block of its chunk
};

/// The memory that a call of a program needs beside its samples and parameters.
template <class T>
struct Session {
  explicit Session(const Program& program)
      : values([&program] { return std::make_unique<Workspace<T>>(program, kernels<T>().lanes, false); }),
        gradients([&program] { return std::make_unique<Workspace<T>>(program, kernels<T>().lanes, true); }) {}
  Binding<T> binding;
  Pool<Workspace<T>> values, gradients;
};

/// Sessions of a program that are kept from call to call. Each is lent to one call at a time.
class Sessions {
 public:
  explicit Sessions(const Program& program) : program_(program) {}

  /// Calls use(Session<T>&) with a session for the instruction set in use.
  template <class T, class Use>
  void lend(Use&& use) {
    std::get<Pool<Session<T>>>(pools(kernels<T>().vector_bytes)).lend(use);
  }

 private:
  using Pools = std::tuple<Pool<Session<float>>, Pool<Session<double>>>;

  Pools& pools(std::size_t vector_bytes);

  const Program& program_;
  std::mutex mutex_;
  std::vector<std::pair<std::size_t, std::unique_ptr<Pools>>> pools_;  // by bytes of a vector
};

/// Larger workspaces are given back after each call, so that programs that are not in use hold little memory.
inline constexpr std::size_t most_kept_bytes = std::size_t{1} << 24;

/// How many samples a chunk has, given how many there are in all.
inline std::size_t chunk_size(int qubits, std::size_t samples, std::size_t lanes) {
  return blocks_per_chunk(qubits, (samples + lanes - 1) / lanes) * lanes;
}

/// Into how many chunks for_each_block() divides the samples.
template <class T>
std::size_t chunk_count(const Program& program, std::size_t samples) {
  const std::size_t size = chunk_size(program.qubits, samples, kernels<T>().lanes);
  return (samples + size - 1) / size;
}

/// Runs the program for all samples and calls visit(Block) after each block. Blocks of one chunk come in
/// order, on one thread. @param adjoint whether visit() will run backward
template <class T, class Visit>
void for_each_block(const Program& program, const Matrix<double>& features,
                    std::span<const double> parameters, int threads, bool adjoint, Visit&& visit) {
  const Kernels<T>& set = kernels<T>();
  const std::size_t lanes = set.lanes, samples = features.rows();
  const std::size_t bytes = Workspace<T>::bytes(program, lanes, adjoint);
  threads = usable_threads(program, samples, sizeof(T), bytes, threads);
  const auto run = [&](Session<T>& session) {
    session.binding.bind(program, parameters);
    const Call<T> call{program, program.plans(set.vector_bytes), session.binding, features, parameters};
    const std::size_t size = chunk_size(program.qubits, samples, lanes);
    parallel_for(chunk_count<T>(program, samples), threads, [&](std::size_t chunk) {
      (adjoint ? session.gradients : session.values).lend([&](Workspace<T>& work) {
        work.bind(session.binding);
        const std::size_t end = std::min(samples, (chunk + 1) * size);
        for (std::size_t first = chunk * size; first < end; first += lanes) {
          const bool begins = first == chunk * size, ends = first + lanes >= end;
          const Block<T> block{call, set, work, first, std::min(lanes, end - first), chunk, begins, ends};
          set.run(call, work, first, block.count);
          visit(block);
        }
      });
    });
  };
  if (bytes <= most_kept_bytes) return program.sessions().template lend<T>(run);
  Session<T> session(program);
  run(session);
}

}  // namespace qupel::statevector
