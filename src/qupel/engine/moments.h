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

/// Applies the observable to the state, term by term but a visit to memory for all: time goes with terms
/// times amplitudes, where O^2 as a Pauli sum has the square of as many terms. The state's length, a power of
/// two, need not be 1 in norm: moments are those of the state divided by its norm. Same bits for any number
/// of threads.
Moments moments(std::span<const IndexTerm> terms, std::span<const Complex> state, int threads);

/// Seconds that one thread takes for the moments of a state of so many qubits, about.
double moments_seconds(std::span<const Observable> observables, int qubits);

/// Seconds that one thread takes for expectation values alone.
double values_seconds(std::span<const Observable> observables, int qubits);

/// Whether O^2 as a Pauli sum has so few terms that their expectation values are found sooner.
bool worth_squaring(const Observable& observable);

}  // namespace qupel
