#pragma once
#include <memory>
#include <vector>

#include "qupel/circuit/measurement_group.h"
#include "qupel/circuit/observable.h"
#include "qupel/compile/compile.h"
#include "qupel/device/price.h"
#include "qupel/engine/engine.h"

// A circuit at its place on a device.
namespace qupel {

/// A circuit in a device's own operations on the physical qubits in use, and where its logical qubits went.
struct Placement {
  std::shared_ptr<const Device> device;
  Circuit circuit;            ///< on the qubits in use
  std::vector<int> physical;  ///< the device's qubit for each of them, ascending
  std::vector<int> starts;    ///< by logical qubit: which of them holds it at the start
  std::vector<int> ends;      ///< the same at the end
  Resources resources;

  /// Another circuit on the same qubits, which starts and ends in the same places.
  Placement with(Circuit other) const;
  /// Seconds on the device's clock for so many circuits like this one, submitted together (device/price.h).
  /// @param before of other circuits that were submitted with them: these fill up their last job
  double seconds(std::uint64_t shots, long long circuits, long long before = 0) const;
  /// What the device's first price is for them; nothing if it has none, or without shots.
  Cost charge(std::uint64_t shots, long long circuits, long long before = 0) const;
};

/// Compiles the circuit. @throws InputError as compile()
Placement placed(const Circuit& circuit, std::shared_ptr<const Device> device);

/// A circuit that is in the device's operations already. @param physical the device's qubit for each of its
/// qubits, which differ @throws InputError for a qubit that the device lacks
Placement placed_as_it_is(const Circuit& circuit, std::shared_ptr<const Device> device,
                          const std::vector<int>& physical);

/// The observable on the qubits in use. @throws InputError if it acts beyond the logical qubits
Observable moved(const Observable& observable, const Placement& placement);

/// Counts of the qubits in use as counts of the logical ones, ascending.
BasisCounts read_back(const BasisCounts& counts, const Placement& placement);

/// The circuit, then rotations after which Z on each qubit measures the group's letters. On a device they are
/// one with the gates before them, unless those were made longer than compiled ones are, as by folding.
/// @param placement of a circuit that was compiled for a device: then they are in its operations; else null
Circuit rotated_to_z(const Circuit& circuit, const MeasurementGroup& group, const Placement* placement);

}  // namespace qupel
