#pragma once
#include <span>
#include <vector>

#include "qupel/noise/noise_model.h"

namespace qupel {

struct GateTimes;

/// The noise of a circuit, each channel at its place. Refers to the circuit.
class CircuitNoise {
 public:
  /// Schedules the operations if qubits that wait are disturbed. Barriers align their qubits, and what reads
  /// a bit follows what wrote it. @throws InputError for an operation without a duration, or if qubits
  /// disturb each other while both wait (IdleCoupling) and no place between operations is within both waits:
  /// see in_time_order()
  CircuitNoise(const Circuit& circuit, const NoiseModel& noise);

  /// What happens between this operation and the next ones on its qubits, in order: the noise
  /// of the gate that it ends, then that of qubits that wait for their next gate, or for the
  /// end of the circuit. (Before its first gate a qubit is prepared in |0>, and does not wait.)
  /// @throws InputError as NoiseSource::after()
  std::vector<NoiseStep> steps_after(std::size_t operation) const;
  /// The same where the conditions of the operation do not hold: its qubits wait instead.
  std::vector<NoiseStep> steps_instead(std::size_t operation) const;

  /// How long each qubit of the gate that this operation ends waits after it; none if nobody waits.
  std::span<const double> waits_after(std::size_t operation) const;

 private:
  /// @param meanwhile whether its qubits wait while it lasts, too
  void add_waits(std::size_t operation, const GateEvent& gate, bool meanwhile,
                 std::vector<NoiseStep>& steps) const;

  void add_couplings(const GateTimes& timeline);

  const Circuit& circuit_;
  NoiseModel noise_;
  std::vector<std::vector<double>> waits_;  // by operation, then by qubit of its gate; empty: nobody waits
  std::vector<double> durations_;           // by operation that ends a gate
  std::vector<std::vector<NoiseStep>> couplings_;  // by operation; empty: there are none
};

/// The circuit with its operations in the order in which they start, if qubits disturb each other while they
/// wait; else the circuit as it is. It does the same.
Circuit in_time_order(const Circuit& circuit, const NoiseModel& noise);

/// All gates and other operations of a circuit, in order; they refer to its operations.
std::vector<GateEvent> gates_of(const Circuit& circuit);

}  // namespace qupel
