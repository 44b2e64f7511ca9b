#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "qupel/problem/molecule/active_space.h"
#include "qupel/problem/molecule/fermion.h"

namespace qupel {

/// "jordan-wigner", "parity", "bravyi-kitaev", "parity-reduced" (without the two qubits that hold the numbers
/// of electrons) and "tapered" (Jordan-Wigner without a qubit for each symmetry of the Hamiltonian that is a
/// product of Z: spin parities and, of symmetric molecules, reflections).
std::vector<std::string> mapping_names();

/// Whether states above the ground state exist under the mapping: not where the ground state's symmetries are
/// taken out, for they may have others.
bool has_excited_states(std::string_view mapping);

/// One of these for a system. @throws InputError naming the nearest, or for more than 64 spin orbitals
FermionEncoding qubit_mapping(std::string_view name, const ElectronicSystem& system);

/// An ansatz without the gates that would leave what the mapping takes as constant: by symmetry they do not
/// lower the energy.
struct KeptGates {
  ExcitationAnsatz ansatz;
  std::vector<std::size_t> parameters;  ///< of the original ansatz, by parameter of this one
};
KeptGates kept_by(const FermionEncoding& encoding, const ExcitationAnsatz& ansatz);

/// The Hamiltonian as text, a line for each Pauli string: weight, then letters with their qubits ("-0.2258 Z0
/// Z1"; "I" for the identity). parse_observable() reads it with a + before every line but the first.
std::string pauli_text(const Observable& hamiltonian);

/// {"qubits": ..., "mapping": "...", "terms": {"Z0 Z1": -0.2258, "": ...}}: the keys are what OpenFermion's
/// QubitOperator(key, weight) takes.
std::string openfermion_json(const Observable& hamiltonian, const FermionEncoding& encoding);

}  // namespace qupel
