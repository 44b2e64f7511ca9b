#pragma once
#include "work.h"

namespace bench {

/// "annealing-..." and "tabu-..." (bench/heuristics.py). Besides the usual arguments: the file of the QUBO,
/// the energy to be met, and the settings to be tried (sweeps; patience). Seconds until a start meets it, on
/// the mean over the starts of the best setting.
int heuristics(const Arguments& arguments);

}  // namespace bench
