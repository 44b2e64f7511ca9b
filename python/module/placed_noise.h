#pragma once
#include <string>
#include <vector>

#include "qupel/noise/noise_model.h"

// Channels at places of a circuit's own, as circuits of others' tools have them among their gates.
namespace qupel::python {

/// The operators K of rho -> sum K rho K^dagger, the first qubit lowest.
using Kraus = std::vector<Matrix<Complex>>;

/// Appends the place of a channel: a gate that does nothing, with a name by which PlacedNoise knows it.
void add_channel_place(Circuit& circuit, std::size_t channel, std::vector<int> qubits);

/// The name of a place of a channel that this operation is; "" if it is none.
std::string channel_place_of(const Operation& operation);

/// The channels at their places, and noise by rules for all else.
/// @throws InputError unless the operators of each channel are square, alike in size, and complete
NoiseModel placed_noise(std::vector<Kraus> channels, NoiseModel rules);

}  // namespace qupel::python
