#pragma once
#include <string>
#include <vector>

#include "qupel/problem/molecule/active_space.h"

namespace qupel {

/// A way to measure a Hamiltonian, and the shots after which the standard error of the energy is that of
/// MeasurementPlan, in the exact ground state.
struct MeasurementWay {
  std::string name;
  double circuits = 0;           ///< groups of Pauli strings; 0: a new random basis for each shot
  double shots_even = 0;         ///< the same number for each group
  double shots_by_variance = 0;  ///< by the standard deviation of each group, the fewest in all
};

/// In hartree: about a kilocalorie per mole.
inline constexpr double chemical_accuracy = 0.0016;

/// How many measurements the energy takes. No ways: the register is too large to compute variances.
struct MeasurementPlan {
  double error = chemical_accuracy;
  int qubits = 0;
  std::size_t strings = 0;  ///< of the Hamiltonian by Jordan-Wigner, without the identity
  double one_norm = 0;      ///< sum of their absolute weights
  std::vector<MeasurementWay> ways;
};

/// Groups by letters on each qubit ("qubit-wise"), groups of strings that commute ("fully-commuting", sorted
/// by weight; the circuits that measure them take gates on two qubits), and random bases of single qubits
/// ("classical-shadows", Huang, Kueng and Preskill, Nat. Phys. 16, 1050, 2020), whose variance is estimated
/// from 1000 random bases.
/// @param ground the lowest eigenvector over the determinants of the system's sector
MeasurementPlan measurement_plan(const ElectronicSystem& system, const std::vector<double>& ground);

}  // namespace qupel
