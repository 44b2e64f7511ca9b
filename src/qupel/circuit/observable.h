#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "qupel/circuit/op_spec.h"
#include "qupel/circuit/pauli_string.h"

namespace qupel {

/// A weighted sum of Pauli strings; weights are real.
struct Observable {
  struct Term {
    double weight = 1;
    PauliString pauli;
    friend bool operator==(const Term&, const Term&) = default;
  };
  std::vector<Term> terms;

  static Observable z(int qubit);
  /// Z on each of the qubits, as one product.
  static Observable parity(std::span<const int> qubits);
  bool diagonal() const;  ///< I and Z only
  int qubits() const;     ///< 1 + the highest qubit used
  friend bool operator==(const Observable&, const Observable&) = default;
};

/// Reads "0.5 Z0 Z1 - X2 + 2*Y3 X0 - 0.25 I". @throws InputError with the
/// column of the first character not understood
Observable parse_observable(std::string_view text);
std::string to_string(const Observable& observable);

/// @throws InputError naming a qubit that an observable acts on and a circuit of so many qubits lacks
void require_on_qubits(std::span<const Observable> observables, int qubits);

/// Equal strings added up, in the order of PauliString.
Observable collected(std::span<const Observable::Term> terms);
/// O^2 as a Pauli sum, collected: <O^2> - <O>^2 is the variance of O. Pairs of terms that anticommute cancel,
/// so that all weights are real. Takes the square of the number of terms in time and memory.
Observable squared(const Observable& observable);

/// <state| O |state> by definition. Slow and obviously correct.
double dense_expectation(const Observable& observable, std::span<const Complex> state);

}  // namespace qupel
