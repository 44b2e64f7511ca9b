#pragma once
#include "qupel/encode/encoding.h"

// The records of all encodings, a file a group, and what they share.
namespace qupel {

std::span<const EncodingSpec> angle_encodings();      ///< angle-x angle-y angle-z
std::span<const EncodingSpec> amplitude_encodings();  ///< amplitude amplitude-affine
std::span<const EncodingSpec> benchmark_encodings();  ///< benchmark-separable
std::span<const EncodingSpec> evolution_encodings();  ///< heisenberg
std::span<const EncodingSpec> pair_encodings();       ///< iqp-full iqp-legacy zz-map

/// The number of pairs that pairs() lists.
long pair_count(Entanglement entanglement, int qubits);

/// The depth that `repeats` layers of gates on pairs() add when each is preceded by a layer on every qubit.
/// Layers of an odd ring overlap: the qubits that idle in one round start the next.
long pair_rounds(Entanglement entanglement, int qubits, long repeats);

/// @throws InputError unless the encodings can be built for so many features, repeats and that start
void require_encodable(int features, const EncodingOptions& options);

/// For encodings with a qubit a feature: the number of features, as EncodingSpec::qubits.
int qubit_per_feature(int features);
/// For encodings whose slots are the features themselves: EncodingSpec::slots and EncodingSpec::map.
int slot_per_feature(int features, const EncodingOptions& options);
void copy_row(std::span<const double> row, const EncodingOptions& options, std::span<double> slots);

}  // namespace qupel
