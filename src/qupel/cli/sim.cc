#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>

#include "qupel/base/error.h"
#include "qupel/cli/command.h"
#include "qupel/cli/simulation.h"

namespace qupel::cli {
namespace {

using json = nlohmann::ordered_json;

struct SimOptions {
  std::string circuit, observable, precision = "double";
  SimulationRequest request;
  bool json = false;
};

std::string as_json(const Simulation& result, const SimOptions& options, double seconds) {
  json object{{"schema_version", 1}};
  if (result.expectation) object["expectation"] = *result.expectation;
  if (result.variance) object["variance"] = *result.variance;
  if (options.request.shots > 0) object["counts"] = result.counts;
  if (options.request.state) {
    auto& amplitudes = object["state"] = json::array();
    for (const auto& amplitude : result.state) amplitudes.push_back({amplitude.real(), amplitude.imag()});
  }
  object["engine"] = result.engine;
  object["seconds"] = seconds;
  return object.dump() + "\n";
}

std::string as_text(const Simulation& result, const QasmProgram& program) {
  std::string out;
  if (result.expectation) {
    out += fmt::format("expectation  {:.12g}\nvariance     {:.12g}\n", *result.expectation, *result.variance);
  }
  for (const auto& [bits, count] : result.counts) out += fmt::format("{}  {}\n", bits, count);
  for (std::size_t index = 0; index < result.state.size(); ++index) {
    out += fmt::format("{:0{}b}  {:+.12f} {:+.12f}i\n", index, program.circuit.qubits(),
                       result.state[index].real(), result.state[index].imag());
  }
  return out;
}

void sim(SimOptions& options, const Console& console) {
  auto& request = options.request;
  if (options.observable.empty() && request.shots == 0 && !request.state) {
    throw InputError("nothing to compute: ask for --observable, --shots or --state");
  }
  if (!options.observable.empty()) request.observable = parse_observable(options.observable);
  if (options.precision == "single") request.precision = Precision::single;
  const auto program = read_qasm_file(options.circuit);
  const auto start = std::chrono::steady_clock::now();
  const auto result = simulate(program, request);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  console.print(options.json ? as_json(result, options, seconds.count()) : as_text(result, program));
}

}  // namespace

void add_sim(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<SimOptions>();
  auto& request = options->request;
  constexpr std::size_t most_shots = 1'000'000'000;
  auto* command =
      app.add_subcommand("sim", "runs a circuit in OpenQASM 2 or 3: expectation, counts or state");
  command->add_option("CIRCUIT", options->circuit, "OpenQASM file")->type_name("FILE")->required();
  command
      ->add_option("--observable", options->observable,
                   "exact expectation and variance of a Pauli sum, as \"0.5 Z0 Z1 - X2\"")
      ->type_name("SUM");
  command
      ->add_option(
          "--shots", request.shots,
          "counts of so many measurements: of the file's classical bits if it measures, else of all qubits")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{1}, most_shots));
  command->add_flag("--state", request.state, "amplitudes; qubit 0 is the lowest bit of an index");
  command->add_option("--precision", options->precision, "single or double")
      ->type_name("P")
      ->check(CLI::IsMember({"single", "double"}))
      ->capture_default_str();
  command->add_option("--seed", request.seed, "of the shots")->type_name("N")->capture_default_str();
  add_threads(*command, request.threads);
  add_json(*command, options->json);
  command->callback(
      [options, &chosen] { chosen = [options](const Console& console) { sim(*options, console); }; });
}

}  // namespace qupel::cli
