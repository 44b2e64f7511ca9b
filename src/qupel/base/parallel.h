#pragma once
#include <cstddef>
#include <functional>

namespace qupel {

/// Calls work(i) once for every i in 0 .. count-1 on up to `threads` threads (0: see thread_count()), in no
/// promised order. Work items must not share mutable state; so the result cannot depend on the number of
/// threads. The first exception stops the handing out of items and is rethrown here; check_interrupt() is
/// called before every item.
void parallel_for(std::size_t count, int threads, const std::function<void(std::size_t)>& work);

/// The number of threads that `threads` asks for: itself, or for 0 the number that the environment names in
/// QUPEL_NUM_THREADS, else in OMP_NUM_THREADS (the first of a list), else the number of cores.
int thread_count(int threads);

}  // namespace qupel
