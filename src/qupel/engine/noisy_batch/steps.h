#pragma once
#include <cstddef>
#include <variant>
#include <vector>

#include "qupel/base/matrix.h"
#include "qupel/circuit/circuit.h"
#include "qupel/circuit/pauli_string.h"
#include "qupel/noise/circuit_noise.h"

// A noisy circuit with open slots as a sequence of linear maps of Pauli coefficients (program.h), before they
// are arranged for memory and vectors.
namespace qupel::noisy_batch {

/// The transfer matrix constant + cosine cos(angle) + sine sin(angle) on one qubit, 4 square.
struct OpenFactor {
  Matrix<double> constant;
  Matrix<double> cosine = {}, sine = {};  ///< row I is 0; empty if the matrix is the constant
  Angle angle = {};                       ///< has a slot, unless the matrix is the constant
  bool fixed() const { return cosine.empty(); }
};

/// Everything that happens to one qubit between two operations that join it to others: the product of
/// factors, the first of which acts first. If there are several, all have a slot.
struct OpenRun {
  int qubit = 0;
  std::vector<OpenFactor> factors;
};

/// A constant transfer matrix on two qubits: a gate with its noise.
struct OpenPair {
  int low = 0, high = 1;  ///< that of the lower digit of the matrix first
  Matrix<double> matrix;  ///< 16 square
};

/// exp(-i angle/2 P) for a Pauli string P on two or more qubits.
struct OpenRotation {
  PauliString pauli;
  Angle angle;
};

using OpenStep = std::variant<OpenRun, OpenPair, OpenRotation>;

std::vector<int> qubits_of(const OpenStep& step);

/// Whether two steps do the same, up to rounding.
bool alike(const OpenStep& a, const OpenStep& b);

/// The operations first .. end - 1 of a circuit, with the noise that each has in the whole circuit.
/// @throws InputError if the circuit is not of gates alone, or as CircuitNoise
std::vector<OpenStep> steps_of(const Circuit& circuit, const CircuitNoise& noise, std::size_t first,
                               std::size_t end);

/// Steps in two parts that follow each other.
struct StepParts {
  std::vector<OpenStep> head;  ///< those with features, and all that must come before one
  std::vector<OpenStep> tail;  ///< the rest: alike for all samples
};
/// As many factors of runs as possible are in the tail.
StepParts parts_of(std::vector<OpenStep> steps, int qubits);

}  // namespace qupel::noisy_batch
