#pragma once
#include <vector>

#include "qupel/compile/weyl.h"

namespace qupel {

/// What two-qubit gates a device has, up to gates on single qubits.
enum class EntanglerFamily {
  quarter,    ///< exp(i pi/4 XX): cx, cz, ecr, ms, rzz(pi/2)
  rotation,   ///< exp(i angle XX) for any angle: rzz(angle)
  iswap,      ///< exp(i pi/4 (XX + YY))
  half_iswap  ///< exp(i pi/8 (XX + YY))
};

/// A two-qubit gate made of a family's gates: locals[0] first, then entangler 0, locals[1], ..., up to a
/// phase.
struct Synthesis {
  std::vector<LocalPair> locals;
  std::vector<double> entanglers;  ///< angle of each one in exp(i angle XX); of iswaps without meaning
};

/// The gate that stands for an entangler of a family.
Matrix4 entangler_gate(EntanglerFamily family, double angle);

/// The smallest number of entanglers that make a gate.
int entangler_count(const Weyl& gate, EntanglerFamily family);

/// With the smallest number of entanglers: 0 to 3. quarter: Vatan and Williams, "Optimal quantum circuits for
/// general two-qubit gates", Phys. Rev. A 69, 032315, 2004; half_iswap: Huang et al., "Quantum instruction
/// set design for performance", Phys. Rev. Lett. 130, 070601, 2023 (arXiv:2105.06074).
Synthesis synthesis(const Matrix4& gate, EntanglerFamily family);

/// Several ways to make the gate of that smallest number of entanglers, which differ in the one-qubit gates.
/// The first is synthesis(gate, family).
std::vector<Synthesis> syntheses(const Matrix4& gate, EntanglerFamily family);

}  // namespace qupel
