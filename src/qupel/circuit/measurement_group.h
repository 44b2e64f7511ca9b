#pragma once
#include <span>
#include <unordered_map>
#include <vector>

#include "qupel/circuit/circuit.h"
#include "qupel/circuit/observable.h"

namespace qupel {

/// Pauli strings that one measurement of all qubits gives together, covariances included: on every qubit
/// those that act on it have the same letter (qubit-wise commuting).
struct MeasurementGroup {
  PauliString basis;                 ///< by qubit: what is measured, X, Y or Z; I where no string acts
  std::vector<std::size_t> strings;  ///< positions of its members
  bool diagonal() const { return basis.diagonal(); }
};

/// Each string joins the first group that it fits, strings of Z alone first. Identities join none.
std::vector<MeasurementGroup> measurement_groups(std::span<const PauliString> strings);

/// The circuit, then rotations after which Z on each qubit measures the group's letters.
Circuit rotated_to_z(const Circuit& circuit, const MeasurementGroup& group);

/// The strings of all observables, each once, without the identity, in the order that they come in.
std::vector<PauliString> distinct_strings(std::span<const Observable> observables);

/// Where each of the strings, which differ, stands.
std::unordered_map<PauliString, std::size_t> positions(std::span<const PauliString> strings);

}  // namespace qupel
