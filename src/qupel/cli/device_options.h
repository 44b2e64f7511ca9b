#pragma once
#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "qupel/circuit/qasm_reader.h"
#include "qupel/cli/console.h"
#include "qupel/device/device.h"
#include "qupel/noise/device_noise.h"

// What commands that run on a device ask for: sim, estimate, audit.
namespace qupel::cli {

/// Splits at commas outside brackets: "line(3, t1=50),ionq-aria[per_task=0, per_shot=1]" are two names.
std::vector<std::string> names_of(const std::string& list);

struct OnDeviceOptions {
  std::string device;     ///< a name or a file; "": none
  std::string mitigate;   ///< techniques, separated by commas
  std::string leave_out;  ///< sources of noise, separated by commas
  std::string coherent;   ///< coherent errors that are added, as "detuning=0.1", separated by commas
  bool native = false;    ///< the circuit runs where it stands
  bool exact = false;     ///< no shots
};

/// Declares --device and --mitigate.
void add_device(CLI::App& command, OnDeviceOptions& options);
/// Declares --max-cost.
void add_max_cost(CLI::App& command, std::string& max_cost);
/// Declares what only single circuits have: --noise-only, --exact, --leave-out, --coherent.
void add_circuit_on_device(CLI::App& command, OnDeviceOptions& options);

/// Names of the operations in which a circuit is that runs as it is (--noise-only); else none.
GateNames native_names(const OnDeviceOptions& options);

/// @throws InputError as device(). Says on the console what there is to know of its calibration: that it is
/// old, and what was mended in it.
std::shared_ptr<const Device> device_of(const std::string& name, const Console& console);
/// Warns of a calibration that is too old to say what the device does today.
void warn_of_age(const Device& device, const Console& console);
/// @throws InputError for an option that would do nothing without --device
void require_device(const OnDeviceOptions& options);
/// What --coherent adds, then without what --leave-out names. @throws InputError naming the nearest source of
/// noise
DeviceNoiseOptions noise_options(const OnDeviceOptions& options);

}  // namespace qupel::cli
