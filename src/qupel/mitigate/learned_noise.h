#pragma once
#include "qupel/mitigate/channel_power.h"

// Noise of two-qubit gates as experiments show it (van den Berg et al., Nature Physics 19, 1116, 2023).
namespace qupel::mitigate {

/// How it is learned.
struct NoiseLearning {
  std::vector<int> depths = {4, 16, 32};  ///< how often a layer is repeated; multiples of 4
  std::size_t randomizations = 8;  ///< circuits for each basis and depth, with other Paulis around gates
};

/// Circuits that learn_noise() runs: distinct layers x 9 bases x depths x randomizations.
/// @throws InputError for a two-qubit gate that is no Clifford gate without angles
std::size_t learning_circuits(const Job& job, const NoiseLearning& learning);

/// For each two-qubit gate what the noise of its layer keeps of each Pauli string on its qubits, as
/// kept_by_noise(). Layers (the gates that run together in the circuit) are repeated, twirled, between the
/// preparation and the measurement of Pauli strings; what is kept decays exponentially with their number,
/// whatever goes wrong before and after. A gate that takes one string to another shows the product of what it
/// keeps of both, which are taken to be equal. What is kept is made that of a sparse Pauli-Lindblad model:
/// rates of the 15 strings on a gate's qubits, none below 0, that fit all decays best together, each weighted
/// by how well so many shots tell it (least squares without negative solutions).
PauliMixtures learn_noise(const Job& job, const NoiseLearning& learning, const RunJobs& run);

}  // namespace qupel::mitigate
