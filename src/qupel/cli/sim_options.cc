#include "qupel/cli/sim_options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "qupel/base/error.h"
#include "qupel/cli/command.h"

namespace qupel::cli {
namespace {

/// What the noise leaves untouched although the user may think otherwise.
std::vector<std::string> noise_warnings(const NoiseModel& noise, const Circuit& circuit) {
  std::vector<std::string> warnings;
  for (const auto& rule : noise.rules) {
    const auto follows = [&](const Operation& operation) { return rule.follows(operation); };
    if (std::ranges::any_of(circuit.operations(), follows)) continue;
    std::vector<std::string> names;
    for (const auto& [name, count] : circuit.cost().gates) names.push_back(name);
    warnings.push_back(fmt::format("the noise \"{}\" follows no operation of this circuit, which has {}",
                                   to_string(NoiseModel{{rule}}),
                                   names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "))));
  }
  return warnings;
}

}  // namespace

void add_sim_options(CLI::App& command, SimOptions& options) {
  auto& request = options.request;
  constexpr std::size_t most_shots = 1'000'000'000;
  command.add_option("CIRCUIT", options.circuit, "OpenQASM file")->type_name("FILE")->required();
  command
      .add_option("--observable", options.observable,
                  "expectation and variance of a Pauli sum, as \"0.5 Z0 Z1 - X2\"")
      ->type_name("SUM");
  command
      .add_option(
          "--noise", options.noise,
          "channels after operations, as \"depolarizing(0.01) after two-qubit; amplitude-damping(0.02) "
          "after rx sx\" (qupel list channels)")
      ->type_name("RULES");
  command
      .add_option("--trajectories", request.trajectories,
                  "with --noise: averages over so many random pure states, with standard errors, instead of "
                  "the exact mixed state")
      ->type_name("N")
      ->check(whole_number(1, most_shots));
  command
      .add_option(
          "--shots", request.shots,
          "counts of so many measurements: of the file's classical bits if it measures, else of all qubits")
      ->type_name("N")
      ->check(whole_number(1, most_shots));
  command.add_flag("--state", request.state, "amplitudes; qubit 0 is the lowest bit of an index");
  command.add_option("--precision", options.precision, "single or double")
      ->type_name("P")
      ->check(CLI::IsMember({"single", "double"}))
      ->capture_default_str();
  command.add_option("--seed", request.seed, "a whole number that shots and trajectories follow")
      ->type_name("N")
      ->check(whole_number(0, std::numeric_limits<std::uint64_t>::max()))
      ->capture_default_str();
  add_threads(command, request.threads);
  add_json(command, options.json);
}

QasmProgram read(SimOptions& options, const Console& console) {
  if (!options.observable.empty()) options.request.observable = parse_observable(options.observable);
  if (!options.noise.empty()) options.request.noise = parse_noise(options.noise);
  if (options.precision == "single") options.request.precision = Precision::single;
  if (options.request.trajectories > 0 && options.request.noise.empty())
    throw InputError("--trajectories needs --noise: without noise there is one pure state");
  auto program = read_qasm_file(options.circuit);
  options.warnings = noise_warnings(options.request.noise, program.circuit);
  for (const auto& warning : options.warnings) console.say("warning: " + warning);
  return program;
}

}  // namespace qupel::cli
