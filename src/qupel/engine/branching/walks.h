#pragma once
#include <span>
#include <vector>

#include "qupel/engine/branching/program.h"
#include "qupel/engine/engine.h"

namespace qupel::branching {

/// More branches at a time than this are refused where an exact answer is asked for.
inline constexpr std::size_t most_branches = std::size_t{1} << 16;

/// Expectation values and variances of the mixed state at the end: every way that something may go is a
/// branch with its probability. Branches of no probability are dropped; those that agree in their state, up
/// to a phase, and in the bits that still matter are joined.
/// @throws InputError for more branches than most_branches or than fit in memory
template <class T>
Outcome exact_values(const Job& job);

/// Expectation values as averages over `job.trajectories` walks, with standard errors; variances, too.
template <class T>
Outcome estimates(const Job& job);

/// Each shot goes its own way through the circuit. Shots that went the same way so far share a state, and
/// part where something may go either way: what they draw is as if each ran alone.
template <class T>
Outcome counts(const Job& job);

}  // namespace qupel::branching
