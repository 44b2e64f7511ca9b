#include "qupel/cli/sim_options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <cmath>
#include <set>

#include "qupel/base/error.h"
#include "qupel/circuit/final_measurements.h"
#include "qupel/cli/command.h"
#include "qupel/noise/circuit_noise.h"
#include "qupel/noise/noise_text.h"

namespace qupel::cli {
namespace {

/// What the noise leaves untouched although the user may think otherwise.
std::vector<std::string> noise_warnings(const NoiseModel& noise, const Circuit& circuit) {
  std::vector<std::string> warnings;
  if (noise.empty()) return warnings;
  const auto gates = gates_of(circuit);
  std::set<std::string_view> names;
  for (const auto& gate : gates) names.insert(gate.name);
  for (const auto& rule : noise.source()->unmet(gates, circuit.qubits())) {
    warnings.push_back(fmt::format("the noise \"{}\" follows no operation of this circuit, which has {}",
                                   rule, names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "))));
  }
  return warnings;
}

/// @throws InputError for what is not NAME=NUMBER, or a name twice
QasmInputs inputs(const std::vector<std::string>& texts) {
  QasmInputs values;
  for (const auto& text : texts) {
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0)
      throw InputError(fmt::format("--input {}: write NAME=VALUE, as theta0=0.5", text));
    const auto name = text.substr(0, equals), number = text.substr(equals + 1);
    double value = 0;
    const auto* first = number.data() + (number.starts_with('+') ? 1 : 0);
    const auto [end, error] = std::from_chars(first, number.data() + number.size(), value);
    if (error != std::errc{} || end != number.data() + number.size() || !std::isfinite(value))
      throw InputError(fmt::format("--input {}: \"{}\" is not a number", text, number));
    if (!values.emplace(name, value).second)
      throw InputError(fmt::format("--input {}: {} has a value already", text, name));
  }
  return values;
}

/// @throws InputError naming the first input that is open
void require_values(const Circuit& circuit) {
  for (const auto& operation : circuit.operations())
    for (const auto& angle : operation.angles) {
      if (angle.slot.kind == Slot::Kind::none) continue;
      const auto name =
          fmt::format("{}{}", angle.slot.kind == Slot::Kind::feature ? "x" : "theta", angle.slot.index);
      throw InputError(
          fmt::format("the input \"{0}\" has no value: give it one with --input {0}=NUMBER", name));
    }
}

}  // namespace

void add_sim_options(CLI::App& command, SimOptions& options) {
  auto& request = options.request;
  constexpr std::size_t most_shots = 1'000'000'000;
  command.add_option("CIRCUIT", options.circuit, "OpenQASM file")->type_name("FILE")->required();
  command
      .add_option("--input", options.inputs,
                  "the value of an input of the file, as theta0=0.5; once for each input")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  command.add_option("--observable", options.observable, "expectation of a Pauli sum, as \"0.5 Z0 Z1 - X2\"")
      ->type_name("SUM")
      ->check(not_empty());
  command
      .add_option("--noise", options.noise,
                  "channels after gates, as \"depolarizing(0.01) after two-qubit; amplitude-damping(0.02) "
                  "after rx sx on "
                  "0 1\" (qupel list channels), while qubits wait, and wrong readout (docs/sim.md)")
      ->type_name("RULES")
      ->check(not_empty());
  command
      .add_option("--trajectories", request.trajectories,
                  "with --noise, or measurements within the circuit: averages over so many random pure "
                  "states, with standard errors, instead of the exact mixed state")
      ->type_name("N")
      ->transform(whole_number(1, most_shots));
  command
      .add_option(
          "--shots", request.shots,
          "counts of so many measurements: of the file's classical bits if it measures, else of all qubits")
      ->type_name("N")
      ->transform(whole_number(1, most_shots));
  auto* with = command.add_flag("--variance", options.variance, "with --observable: computes its variance");
  command
      .add_flag("--no-variance", options.no_variance,
                "leaves the variance out (default: it is computed where that takes little)")
      ->excludes(with);
  command.add_flag("--state", request.state, "amplitudes; qubit 0 is the lowest bit of an index");
  command.add_option("--precision", options.precision, "single or double")
      ->type_name("P")
      ->check(CLI::IsMember({"single", "double"}))
      ->capture_default_str();
  command
      .add_option("--engine", request.engine,
                  "the engine to run it with: one that qupel explain considers (default: the fastest)")
      ->type_name("NAME");
  command.add_option("--seed", request.seed, "a whole number that shots and trajectories follow")
      ->type_name("N")
      ->transform(whole_number(0, std::numeric_limits<std::uint64_t>::max()))
      ->capture_default_str();
  add_threads(command, request.threads);
  add_json(command, options.json);
}

QasmProgram read(SimOptions& options, const Console& console) {
  if (!options.observable.empty()) options.request.observable = parse_observable(options.observable);
  if (options.variance || options.no_variance) options.request.variance = options.variance;
  if (options.precision == "single") options.request.precision = Precision::single;
  auto program = read_qasm_file(options.circuit, inputs(options.inputs), words_of_noise(options.noise),
                                native_names(options.on));
  if (!options.noise.empty()) options.request.noise = parse_noise(options.noise, program.own_gates);
  require_values(program.circuit);
  if (const auto& asked = options.request.observable; asked)
    require_on_qubits({&*asked, 1}, program.declared_qubits());
  if (options.request.trajectories > 0 && options.request.noise.empty() &&
      split_final_measurements(program.circuit).body.unitary()) {
    throw InputError(
        "--trajectories needs --noise, or measurements within the circuit: without them there is one pure "
        "state");
  }
  options.warnings = program.warnings;
  std::ranges::copy(noise_warnings(options.request.noise, program.circuit),
                    std::back_inserter(options.warnings));
  for (const auto& warning : options.warnings) console.say("warning: " + warning);
  return program;
}

}  // namespace qupel::cli
