#pragma once
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "qupel/circuit/op_spec.h"

namespace qupel {

/// A product of X, Y, Z on distinct qubits (identity elsewhere), sorted by qubit. Empty: the identity.
struct PauliString {
  std::vector<std::pair<int, char>> letters;
  friend bool operator==(const PauliString&, const PauliString&) = default;
};

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

/// Reads "0.5 Z0 Z1 - X2 + 2*Y3 X0 - 0.25 I". @throws InputError with the column of the first character not
/// understood
Observable parse_observable(std::string_view text);
std::string to_string(const Observable& observable);
/// O^2 as a Pauli sum with equal strings added up: <O^2> - <O>^2 is the variance of O. Pairs of terms that
/// anticommute cancel, so that all weights are real.
Observable squared(const Observable& observable);

/// <state| O |state> by definition. Slow and obviously correct.
double dense_expectation(const Observable& observable, std::span<const Complex> state);

}  // namespace qupel
