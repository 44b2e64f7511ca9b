#pragma once
#include <vector>

#include "qupel/mitigate/mitigation.h"

// Noise channels to a power, as mixtures of Paulis that are drawn by chance: to the power -1 they undo the
// noise, to a positive one they add to it.
namespace qupel::mitigate {

/// A mixture with signs: Pauli P (numbered as PauliString::of_index) happens with probability |weight| /
/// norm, and the result counts with norm times the sign.
struct PauliMixture {
  std::vector<int> qubits;
  std::vector<double> weights;
  double norm = 1;
};

/// By operation, what is drawn after it.
using PauliMixtures = std::vector<std::vector<PauliMixture>>;

/// Whether two Pauli strings, numbered as by PauliString::index(), anticommute: the number of qubits on which
/// both act with different letters is odd.
bool anticommute(std::size_t a, std::size_t b);

/// The mixture that multiplies each Pauli string by its factor. @param factors by Pauli, the first is 1
PauliMixture mixture_of(std::vector<int> qubits, const std::vector<double>& factors);

/// What each channel's Pauli part keeps of each string (the diagonal of its transfer matrix), channel by
/// channel after each operation, with the norm not set: `weights` are those factors.
/// @throws InputError for a channel that keeps less than a thousandth of some Pauli
PauliMixtures kept_by_noise(const Job& job, std::string_view technique);

/// Each channel to the power. @param kept of kept_by_noise()
PauliMixtures power(const PauliMixtures& kept, double exponent);

/// The product of all norms: values are multiplied by so much at most.
double norm_of(const PauliMixtures& mixtures);

/// Appends so many copies of the job with a Pauli drawn from each mixture. As devices do, a Pauli is carried
/// out as a part of the next gate, so that it adds no noise.
/// @returns the probability that a copy has any insertion, if by chance none of these has; else 0
double add_drawn(const Job& job, const PauliMixtures& mixtures, std::size_t copies, std::uint64_t seed,
                 std::vector<Job>& jobs);

}  // namespace qupel::mitigate
