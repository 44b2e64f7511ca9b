#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "qupel/base/error.h"
#include "qupel/base/precision.h"
#include "qupel/device/device.h"
#include "qupel/noise/device_noise.h"
#include "qupel/noise/noise_model.h"

// How circuits run. The same fitted model read exactly, with shots, with noise or mitigated is the same model
// under several executions.
namespace qupel {

class Backend;
class Mitigation;
class TicketStore;

/// The most that an execution may take in all; 0: no limit. Circuits and shots are counted, seconds and money
/// are those of the forecasts, so that the same work is refused at the same place every time.
struct ExecutionBudget {
  long long circuits = 0, shots = 0;
  double seconds = 0;  ///< here and on the device's clock together
  double money = 0;    ///< in the provider's currency, or that of the device's first price
};

/// Pointers are kept by whoever makes the execution, at least as long as its executor lives.
struct Execution {
  /// Circuits are compiled for it, and run under its noise instead of `noise`, beside which it cannot stand;
  /// null: none.
  std::shared_ptr<const Device> device = nullptr;
  DeviceNoiseOptions device_noise = {};
  /// Of circuits that are in the device's operations already: the device's qubit for each of theirs. None:
  /// circuits are compiled.
  std::vector<int> physical = {};
  NoiseModel noise = {};  ///< follows operations; empty: none
  /// With noise: averages over so many random pure states; 0: exact mixed states.
  std::uint64_t trajectories = 0;
  std::uint64_t shots = 0;                 ///< of every circuit; 0: exact expectation values
  const Mitigation* mitigation = nullptr;  ///< null: none
  Precision precision = Precision::single;
  ExecutionBudget budget = {};
  std::string engine = {};         ///< of this computer, by name; "": the planner chooses
  Backend* backend = nullptr;      ///< where circuits run; null: on this computer
  TicketStore* tickets = nullptr;  ///< where jobs that wait on a backend are remembered; null: nowhere
  std::uint64_t seed = 0;          ///< of shots and trajectories
  /// Nothing runs: circuits are compiled and charged, and all expectation values, overlaps and counts are
  /// zero.
  bool rehearsal = false;
};

/// What some work would take.
struct CostForecast {
  long long circuits = 0;     ///< that this execution runs
  long long shots = 0;        ///< of all of them together
  double seconds = 0;         ///< on this computer, roughly; infinite: no engine of it can run a circuit
  double device_seconds = 0;  ///< on the backend's clock
  double money = 0;

  CostForecast& operator+=(const CostForecast& other);
};

/// Work was refused before it began: with what was done before it would go over the execution's budget.
class OverBudget : public InputError {
  using InputError::InputError;
};

}  // namespace qupel
