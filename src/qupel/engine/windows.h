#pragma once
#include <cstddef>
#include <span>
#include <vector>

namespace qupel {

/// Steps that one visit to memory applies, all inside a window of qubits.
struct StepWindow {
  std::vector<int> qubits;         ///< ascending
  std::vector<std::size_t> steps;  ///< in order
};

/// Greedy: a window takes, in order, each step whose qubits fit and that none left behind shares a qubit
/// with. Windows have exactly `size` qubits, but for a step on more, which has one of its own.
/// @param acts_on the qubits of each step
/// @param qubits in all, at least `size`
/// @param most_steps in a window
std::vector<StepWindow> windows_of(std::span<const std::vector<int>> acts_on, int qubits, int size,
                                   std::size_t most_steps);

}  // namespace qupel
