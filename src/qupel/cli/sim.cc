#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>

#include "qupel/base/error.h"
#include "qupel/cli/command.h"
#include "qupel/cli/sim_options.h"

namespace qupel::cli {
namespace {

using json = nlohmann::ordered_json;

std::string as_json(const Simulation& result, const SimOptions& options, double seconds) {
  json object{{"schema_version", 1}};
  if (result.expectation) object["expectation"] = *result.expectation;
  if (result.standard_error && std::isfinite(*result.standard_error))
    object["standard_error"] = *result.standard_error;
  if (result.variance) object["variance"] = *result.variance;
  if (options.request.shots > 0) object["counts"] = result.counts;
  if (options.request.state) {
    auto& amplitudes = object["state"] = json::array();
    for (const auto& amplitude : result.state) amplitudes.push_back({amplitude.real(), amplitude.imag()});
  }
  if (!options.warnings.empty()) object["warnings"] = options.warnings;
  object["engine"] = result.engine;
  object["seconds"] = seconds;
  return object.dump() + "\n";
}

std::string as_text(const Simulation& result, const QasmProgram& program) {
  std::string out;
  if (result.expectation) {
    out += fmt::format("expectation  {:.12g}", *result.expectation);
    if (result.standard_error && std::isfinite(*result.standard_error))
      out += fmt::format(" +- {:.2g}", *result.standard_error);
    out += fmt::format("\nvariance     {:.12g}\n", *result.variance);
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
  const auto program = read(options, console);
  const auto start = std::chrono::steady_clock::now();
  const auto result = simulate(program, request);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  console.print(options.json ? as_json(result, options, seconds.count()) : as_text(result, program));
}

}  // namespace

void add_sim(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<SimOptions>();
  auto* command =
      app.add_subcommand("sim", "runs a circuit in OpenQASM 2 or 3: expectation, counts or state");
  add_sim_options(*command, *options);
  command->callback(
      [options, &chosen] { chosen = [options](const Console& console) { sim(*options, console); }; });
}

}  // namespace qupel::cli
