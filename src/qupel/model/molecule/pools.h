#pragma once
#include <vector>

#include "qupel/electrons/program.h"
#include "qupel/problem/molecule/active_space.h"

namespace qupel {

/// The lowest orbitals of either spin.
Determinant reference_determinant(const ElectronicSystem& system);

/// Generalised single and double excitations between any spin orbitals that keep both numbers of electrons,
/// each once.
std::vector<Excitation> generalised_pool(const ElectronicSystem& system);

}  // namespace qupel
