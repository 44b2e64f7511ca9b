#pragma once
#include <algorithm>
#include <span>
#include <vector>

#include "qupel/circuit/observable.h"

namespace qupel {

/// Of an observable O in a pure state.
struct Moments {
  double mean = 0;    ///< <O>
  double square = 0;  ///< <O^2>, the squared length of O |state>
  double variance() const { return std::max(square - mean * mean, 0.0); }  ///< up to rounding
};

/// A term of an observable as it acts on the indices of a state's amplitudes. Hermitian: word.phase is that
/// of x.z modulo 2.
struct IndexTerm {
  double weight = 1;
  PauliWord word;
};
std::vector<IndexTerm> index_terms(const Observable& observable);

/// <O> and <O^2> of a state. All terms are applied to one block of amplitudes before the next block is
/// visited; time grows as terms times amplitudes. (Written out as a Pauli sum, O^2 has up to the square of
/// that many terms.) The number of amplitudes is a power of two. The state need not be normalised: moments
/// are those of the state divided by its norm. Same bits for any number of threads.
Moments moments(std::span<const IndexTerm> terms, std::span<const Complex> state, int threads);

/// Seconds that one thread takes for the moments of a state of so many qubits, about.
double moments_seconds(std::span<const Observable> observables, int qubits);

/// Seconds that one thread takes for expectation values alone.
double values_seconds(std::span<const Observable> observables, int qubits);

/// Whether O^2 as a Pauli sum has so few terms that their expectation values are found sooner.
bool worth_squaring(const Observable& observable);

}  // namespace qupel
