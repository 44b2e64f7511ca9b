#pragma once
#include <CLI/CLI.hpp>
#include <string>

#include "qupel/cli/simulation.h"

// What `qupel sim` and `qupel explain` have in common.
namespace qupel::cli {

struct SimOptions {
  std::string circuit, observable, noise, precision = "double";
  SimulationRequest request;
  bool json = false;
};

void add_sim_options(CLI::App& command, SimOptions& options);

/// Completes the request and reads the circuit. @throws InputError
QasmProgram read(SimOptions& options);

}  // namespace qupel::cli
