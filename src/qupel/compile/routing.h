#pragma once
#include <span>
#include <vector>

#include "qupel/base/random.h"
#include "qupel/compile/step.h"
#include "qupel/compile/target.h"

namespace qupel {

/// What must come before what among steps: those on the same qubits, and those on the same classical bits.
struct Dependencies {
  std::vector<std::vector<std::size_t>> after;  ///< of each step, those that wait for it
  std::vector<int> waits_for;                   ///< how many steps each one waits for
  std::vector<int> entanglers;  ///< how many gates like cx each one takes; 2 where a slot leaves that open
};
Dependencies dependencies(std::span<const CompileStep> steps);

/// Steps on the qubits of a device, those of two qubits on coupled pairs.
struct Routed {
  std::vector<CompileStep> steps;  ///< empty if not asked for
  std::vector<int> placement;      ///< physical qubit of each qubit of the steps, at the end
  double cost = 0;  ///< -log of the fidelity of what couples qubits and of waiting meanwhile, roughly
  /// The same counted more closely (what each gate takes, several in a row on the same pair as one) as if all
  /// pairs had the usual error: a circuit can be moved to better pairs afterwards.
  double movable_cost = 0;
  std::size_t swaps = 0;
};

/// Brings qubits together by swaps (Li, Ding and Xie, "Tackling the qubit mapping problem for NISQ-era
/// quantum devices", ASPLOS 2019, arXiv:1809.02573): the swap is chosen that brings the gates that wait, and
/// with half the weight the next ones, nearest together.
/// @param placement physical qubit of each qubit of the steps, all in one connected part
Routed routed(std::span<const CompileStep> steps, const Dependencies& order, const CompileTarget& target,
              std::vector<int> placement, Random& random, bool with_steps);

}  // namespace qupel
