#pragma once
#include "qupel/engine/engine.h"
#include "qupel/engine/stabilizer/tableau.h"

namespace qupel::stabilizer {

/// A circuit of Clifford gates, measurements, resets and conditions, ready to run. Refers to the circuit.
class Program {
 public:
  /// @throws InputError naming the first gate that is no Clifford gate
  explicit Program(const Circuit& circuit);
  /// The name and qubits of the first gate that is no Clifford gate; "": there is none.
  static std::string other_gate(const Circuit& circuit);

  struct Step {
    const Operation* operation;
    const Clifford* gate;  ///< null: it is no gate
  };
  std::span<const Step> steps() const { return steps_; }

 private:
  CliffordGates gates_;
  std::vector<Step> steps_;
};

/// Counts of the job's shots. Shots that went the same way so far go on together; where a measurement is a
/// fair coin they part. Same counts for any number of threads.
Outcome counts(const Job& job);

/// The state at the end of a circuit without measurements, resets and conditions.
Tableau final_state(const Circuit& circuit);

}  // namespace qupel::stabilizer
