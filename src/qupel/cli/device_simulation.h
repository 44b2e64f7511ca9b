#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "qupel/circuit/qasm_reader.h"
#include "qupel/cli/device_options.h"
#include "qupel/device/price.h"
#include "qupel/execute/executor.h"

// What `qupel sim --device` computes.
namespace qupel::cli {

struct DeviceRequest {
  std::shared_ptr<const Device> device;
  DeviceNoiseOptions noise;
  std::vector<std::string> mitigate;
  bool native = false;  ///< the circuit is not compiled
  std::optional<Observable> observable;
  std::uint64_t shots = 0;  ///< 0: exact
  std::uint64_t seed = 1;
  int threads = 0;
  /// Called before a mitigation runs, with what all techniques together take.
  std::function<void(const CostForecast&)> before_mitigation = {};
};

/// An expectation value by one technique, or by several composed.
struct MitigatedValue {
  std::string technique;
  double value = 0, standard_error = 0;
  long long circuits = 0, shots = 0;
  double variance_factor = 1;
  /// Bias^2 + variance; nothing if the ideal value, or the exact one of this technique, is not known.
  std::optional<double> squared_error = {};
};

struct DeviceSimulation {
  std::optional<double> noisy, noisy_error, ideal;
  std::optional<double> squared_error;          ///< of the noisy value
  std::vector<MitigatedValue> mitigated;        ///< each technique alone, then all together
  std::map<std::string, std::uint64_t> counts;  ///< if there is no observable
  Ledger spent;                                 ///< of all that ran on the device
  std::optional<Cost> cost;                     ///< none: it has no price, or nothing was shot
};

/// @throws InputError as Executor
DeviceSimulation simulate_on_device(const QasmProgram& program, const DeviceRequest& request);

}  // namespace qupel::cli
