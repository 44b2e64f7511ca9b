#pragma once
#include <span>
#include <utility>
#include <vector>

#include "qupel/circuit/circuit.h"

// Derivatives of expectation values from expectation values at shifted angles, for whatever has no adjoint:
// shots, noise, devices (Wierichs et al., "General parameter-shift rules for quantum gradients", Quantum 6,
// 677, 2022).
namespace qupel {

/// One term of a derivative: weight * f(angle + shift).
struct ShiftTerm {
  double shift, weight;
};

/// df/d angle of an f with these frequencies: a multiple of 1, 2, ..., R each, in ascending order (the rule
/// for equidistant frequencies, 2R terms). @throws InputError for others
std::vector<ShiftTerm> shift_terms(std::span<const double> spectrum);

/// The circuit with a feature slot of its own for each angle that has a slot, in the order of the operations:
/// angles can then be shifted one by one.
Circuit unrolled(const Circuit& circuit);

/// What the features of unrolled() are for a sample.
std::vector<double> slot_angles(const Circuit& circuit, std::span<const double> features,
                                std::span<const double> parameters);

/// A term of the derivative by a slot.
struct SlotShift {
  Slot slot;
  std::size_t angle;  ///< feature of the unrolled circuit that is shifted
  double shift, weight;
};

/// All terms for the derivatives by every parameter and, if wanted, every feature: an angle at a time, by its
/// operation's spectrum.
std::vector<SlotShift> slot_shifts(const Circuit& circuit, bool features);

/// How many those are: circuits that run for the gradient of one expectation value beside its own.
long long shifted_circuits(const Circuit& circuit, bool features);

}  // namespace qupel
