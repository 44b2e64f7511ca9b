#pragma once
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "qupel/circuit/shot_estimator.h"
#include "qupel/engine/statevector/batch.h"
#include "qupel/execute/prepared.h"

// What stands behind the handles of prepared.h. Private to execute/.
namespace qupel {

struct Prepared::Implementation {
  Implementation(Circuit made, std::vector<Observable> measured)
      : circuit(std::move(made)),
        observables(std::move(measured)),
        estimator(observables),
        cost(circuit.cost()) {}

  /// Compiled when it is first asked for. @throws InputError as BatchProgram
  const BatchProgram& program(Precision precision) const;
  /// Circuits that a device runs for one sample's expectation values.
  long long groups() const { return static_cast<long long>(estimator.groups().size()); }

  /// The circuit whose angles are shifted (unrolled() in shift_rule.h), with the same observables.
  const Implementation& with_free_angles() const;
  /// The circuit of one row followed by the inverse of another's, whose features come after its own. It
  /// measures nothing; what counts is how often all qubits end as 0.
  const Implementation& compute_uncompute() const;

  Circuit circuit;
  std::vector<Observable> observables;
  ShotEstimator estimator;
  CircuitCost cost;

 private:
  mutable std::mutex mutex_;
  mutable std::optional<BatchProgram> single_, double_;
  mutable std::unique_ptr<const Implementation> with_free_angles_, compute_uncompute_;
};

struct EncodedRows::Implementation {
  Prepared circuit;
  Matrix<double> features;
  std::vector<double> parameters;
  std::optional<StateSet> states;  ///< if the executor that encoded them computes with states
  Precision precision;             ///< of the states
};

}  // namespace qupel
