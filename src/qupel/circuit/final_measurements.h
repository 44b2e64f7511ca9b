#pragma once
#include <vector>

#include "qupel/circuit/circuit.h"

namespace qupel {

/// Where a classical bit gets the value from that it has at the end of a circuit.
struct FinalBit {
  enum class From { body, qubit, constant };
  From from = From::body;  ///< what the circuit without its final measurements leaves in it
  int qubit = 0;           ///< a measurement of this one at the end
  bool value = false;      ///< a constant
  friend bool operator==(const FinalBit&, const FinalBit&) = default;
};

/// A circuit apart from the measurements at its end: those of qubits that nothing acts on later, into bits
/// that no condition reads later. One sampling of the body's qubits answers them all.
struct FinalMeasurements {
  Circuit body;                ///< without barriers at the end, too
  std::vector<FinalBit> bits;  ///< by classical bit of the circuit
};
/// @param repeatable whether a qubit that is measured twice gives the same result: not so where noise follows
/// a measurement
FinalMeasurements split_final_measurements(const Circuit& circuit, bool repeatable = true);

}  // namespace qupel
