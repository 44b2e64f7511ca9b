#pragma once
#include <chrono>
#include <map>
#include <string_view>

#include "qupel/circuit/circuit.h"

namespace qupel {

/// Where wall-clock time goes.
enum class Stage {
  encode,     ///< rows to the values of a circuit's slots
  compile,    ///< circuits to what a backend runs
  queue,      ///< waiting for a backend elsewhere
  execute,    ///< circuits on this computer
  mitigate,   ///< making and combining the jobs of an error mitigation
  optimise,   ///< training between circuits
  classical,  ///< fits without circuits
  tune,       ///< the rest of a search for settings
};
std::string_view to_string(Stage stage);

/// What executions cost. Counts are exact and deterministic; seconds are
/// measured and never compared bit for bit.
struct Ledger {
  /// Circuit evaluations; a gradient by adjoint counts as one, and `gradients` says so.
  long long circuits = 0;
  long long gradients = 0;
  /// Different circuits that a device would have to run for the same numbers, each then with its shots: it
  /// has no adjoint and no state vector. An expectation value: one a row and group of strings measured
  /// together. A gradient: those, and by the parameter-shift rule twice as many for each frequency of each
  /// angle wanted and each gate that has it (two for a Pauli rotation, four for a controlled one; Wierichs et
  /// al., Quantum 6, 677, 2022). A kernel entry: one compute-uncompute circuit. A state kept for kernels:
  /// none. A look at a single circuit (Executor::run): one.
  long long hardware_circuits = 0;
  long long mitigation_circuits = 0;  ///< of `circuits`: those that only error mitigation asked for
  long long shots = 0;
  long long one_qubit_gates = 0,
            two_qubit_gates = 0;  ///< in all circuits together, each counted once however many shots
  long depth = 0;                 ///< of the deepest circuit
  int qubits = 0;                 ///< of the widest circuit
  std::map<Stage, double> seconds;
  double device_seconds = 0;  ///< charged by backends, on their clock
  double money = 0;           ///< charged by backends, or what a simulated device's first price is

  /// So many times as many circuits as without error mitigation.
  double mitigation_factor() const;
  void add_circuits(const CircuitCost& cost, long long count, long long shots_each);
  Ledger& operator+=(const Ledger& other);
  friend bool operator==(const Ledger&, const Ledger&) = default;
};

/// Adds the time from its construction to its destruction to a stage of a ledger (null: does nothing). While
/// another timer runs inside it, on the same thread, only the inner one is charged: stages add up to the time
/// that passed.
class StageTimer {
 public:
  StageTimer(Ledger* ledger, Stage stage);
  StageTimer(const StageTimer&) = delete;
  StageTimer& operator=(const StageTimer&) = delete;
  ~StageTimer();

 private:
  using clock = std::chrono::steady_clock;
  void charge(clock::time_point now);

  Ledger* ledger_;
  Stage stage_;
  clock::time_point start_;
  StageTimer* outer_;
};

}  // namespace qupel
