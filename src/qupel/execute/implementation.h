#pragma once
#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "qupel/circuit/shot_estimator.h"
#include "qupel/engine/batch/batch.h"
#include "qupel/execute/executor.h"
#include "qupel/execute/noisy.h"
#include "qupel/execute/placement.h"
#include "qupel/execute/prepared.h"

// What stands behind the handles of prepared.h. Private to execute/.
namespace qupel {

struct Prepared::Implementation {
  Implementation(Circuit made, std::vector<Observable> measured)
      : circuit(std::move(made)),
        observables(std::move(measured)),
        estimator(observables),
        cost(circuit.cost()) {}

  /// On a device: what runs there is its native circuit, with the observables where its qubits ended.
  Implementation(Placement place, std::vector<Observable> measured)
      : Implementation(place.circuit, std::move(measured)) {
    const auto& taken = place.resources;  // of the device: changes of frame are free
    cost.one_qubit = taken.one_qubit;
    cost.two_qubit = taken.two_qubit;
    cost.depth = taken.depth;
    cost.two_qubit_depth = taken.two_qubit_depth;
    placement = std::move(place);
  }

  /// Compiled for the device when it is first asked for; itself if it was. @throws InputError as compile()
  /// @param physical Execution::physical
  const Implementation& on(const std::shared_ptr<const Device>& device,
                           const std::vector<int>& physical) const;

  /// Compiled when it is first asked for. @throws InputError as BatchProgram
  const BatchProgram& program(Precision precision) const;
  /// The same with noise. Those of one noise are kept.
  std::shared_ptr<const NoisyPrograms> noisy(const NoiseModel& noise) const;
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
  /// The noise of the device that it was compiled for: one model for the same options, so that what is
  /// compiled with it is kept.
  NoiseModel noise_there(const DeviceNoiseOptions& options) const;

  CircuitCost cost;
  int features = circuit.features();      ///< that samples have; a compiled circuit may need fewer
  int parameters = circuit.parameters();  ///< the same of parameters
  std::optional<Placement> placement = std::nullopt;  ///< of one that was compiled for a device

 private:
  mutable std::mutex mutex_;
  mutable std::optional<BatchProgram> single_, double_;
  mutable std::shared_ptr<const NoisyPrograms> noisy_;
  mutable std::unique_ptr<const Implementation> with_free_angles_, compute_uncompute_;
  mutable std::optional<std::pair<DeviceNoiseOptions, NoiseModel>> noise_there_;
  mutable std::map<std::pair<std::shared_ptr<const Device>, std::vector<int>>,
                   std::unique_ptr<const Implementation>>
      on_devices_;
};

/// Writes one row.
inline void put(const Estimate& estimate, std::size_t row, Estimates& all) {
  std::ranges::copy(estimate.values, all.values.row(row).begin());
  if (estimate.errors.empty()) return;
  if (all.errors.empty()) all.errors = Matrix<double>(all.values.rows(), all.values.columns());
  std::ranges::copy(estimate.errors, all.errors.row(row).begin());
}

struct EncodedRows::Implementation {
  Prepared circuit;
  Matrix<double> features;
  std::vector<double> parameters;
  std::optional<StateSet> states;  ///< if the executor that encoded them computes with states
  Precision precision;             ///< of the states
};

}  // namespace qupel
