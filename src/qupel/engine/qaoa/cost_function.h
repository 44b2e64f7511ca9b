#pragma once
#include <span>
#include <vector>

#include "qupel/circuit/observable.h"

namespace qupel {

/// A real number for every bit string of n bits: what a QAOA minimises.
class CostFunction {
 public:
  /// @param values of the basis states 0 .. 2^n - 1, qubit 0 the lowest bit. @throws InputError if their
  /// number is not a power of two, or one is not finite
  explicit CostFunction(std::vector<double> values);
  /// The values of a sum of Z strings, by one Walsh-Hadamard transform. @throws InputError for X or Y in it,
  /// a qubit beyond `qubits`, or values that do not fit in memory
  CostFunction(const Observable& observable, int qubits);

  int qubits() const { return qubits_; }
  std::span<const double> values() const { return values_; }
  double lowest() const { return lowest_; }
  double highest() const { return highest_; }

 private:
  void finish();

  std::vector<double> values_;
  int qubits_ = 0;
  double lowest_ = 0, highest_ = 0;
};

}  // namespace qupel
