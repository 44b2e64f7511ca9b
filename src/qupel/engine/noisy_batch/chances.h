#pragma once
#include <cstddef>
#include <span>

namespace qupel::noisy_batch {

/// Writes the probabilities of the basis states in one lane of a state, below zero by rounding as zero.
void write_chances(const double* state, std::size_t lane, int qubits, std::span<double> chances);

}  // namespace qupel::noisy_batch
