#pragma once
#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "qupel/cli/console.h"
#include "qupel/cli/device_options.h"
#include "qupel/cli/simulation.h"

// What `qupel sim` and `qupel explain` have in common.
namespace qupel::cli {

struct SimOptions {
  std::string circuit, observable, noise, precision = "double";
  std::vector<std::string> inputs;  ///< NAME=VALUE
  SimulationRequest request;
  OnDeviceOptions on;
  bool json = false, variance = false, no_variance = false;
  std::vector<std::string> warnings;  ///< of read()
};

void add_sim_options(CLI::App& command, SimOptions& options);

/// Completes the request, reads the circuit and says what may not be meant, as noise that follows none of its
/// operations. @throws InputError
QasmProgram read(SimOptions& options, const Console& console);

}  // namespace qupel::cli
