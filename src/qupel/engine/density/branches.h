#pragma once
#include "qupel/engine/engine.h"

// Measurements and feedback on mixed states: a branch for each value of the classical bits that still matter.
// A measurement whose result nobody reads is a channel, as a reset is.
namespace qupel::density {

inline constexpr double most_branches = 4096;

/// How many branches there are at a time, at most.
double branches(const Job& job);

/// Runs a job whose circuit is not unitary. Exact; shots are drawn from it.
template <class T>
Outcome run_branches(const Job& job);

}  // namespace qupel::density
