#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "qupel/base/error.h"
#include "qupel/circuit/final_measurements.h"
#include "qupel/cli/command.h"
#include "qupel/cli/device_simulation.h"
#include "qupel/cli/signals.h"
#include "qupel/cli/sim_options.h"

namespace qupel::cli {
namespace {

using json = nlohmann::ordered_json;

// As JSON, without a tree of it: states are large.
std::string amplitudes_text(std::span<const Complex> state) {
  std::string text = "[";
  for (const auto& amplitude : state) {
    if (text.size() > 1) text += ',';
    fmt::format_to(std::back_inserter(text), "[{},{}]", amplitude.real(), amplitude.imag());
  }
  return text + "]";
}

std::string as_json(const Simulation& result, const SimOptions& options, double seconds) {
  json object{{"schema_version", 1}};
  if (result.expectation) object["expectation"] = *result.expectation;
  if (result.standard_error && std::isfinite(*result.standard_error))
    object["standard_error"] = *result.standard_error;
  if (result.variance) object["variance"] = *result.variance;
  if (options.request.shots > 0) object["counts"] = result.counts;
  if (!options.warnings.empty()) object["warnings"] = options.warnings;
  object["engine"] = result.engine;
  object["seconds"] = seconds;
  auto text = object.dump();
  if (options.request.state) {
    text.pop_back();  // the closing brace
    text += ",\"state\":" + amplitudes_text(result.state) + "}";
  }
  return text + "\n";
}

/// Whether a technique does more harm than good.
bool worse(const MitigatedValue& mitigated, const DeviceSimulation& result) {
  constexpr double rounding = 1e-20, clearly = 1.001;
  return mitigated.squared_error && result.squared_error &&
         *mitigated.squared_error > clearly * *result.squared_error + rounding;
}

std::string as_json(const DeviceSimulation& result, const std::vector<std::string>& warnings,
                    double seconds) {
  json object{{"schema_version", 1}};
  if (result.noisy) {
    const auto* best = result.mitigated.empty() ? nullptr : &result.mitigated.back();
    object["expectation"] = best ? best->value : *result.noisy;
    const auto error = best && result.noisy_error ? std::optional(best->standard_error) : result.noisy_error;
    if (error && std::isfinite(*error)) object["standard_error"] = *error;
    if (result.ideal) object["ideal"] = *result.ideal;
    object["noisy"] = *result.noisy;
    if (result.squared_error) object["mean_squared_error"] = *result.squared_error;
    auto& mitigated = object["mitigated"] = json::object();
    for (const auto& each : result.mitigated) {
      auto& entry = mitigated[each.technique];
      entry = {{"value", each.value},
               {"circuits", each.circuits},
               {"shots", each.shots},
               {"variance_factor", each.variance_factor}};
      if (std::isfinite(each.standard_error)) entry["standard_error"] = each.standard_error;
      if (!each.squared_error) continue;
      entry["mean_squared_error"] = *each.squared_error;
      entry["worse_than_noisy"] = worse(each, result);
    }
  } else {
    object["counts"] = result.counts;
  }
  object["circuits"] = result.spent.hardware_circuits;
  object["shots"] = result.spent.shots;
  object["qpu_seconds"] = result.spent.device_seconds;
  if (const auto& cost = result.cost)
    object["cost"] = {{"amount", cost->amount},
                      {"currency", cost->currency},
                      {"vendor", cost->vendor},
                      {"plan", cost->plan},
                      {"date", cost->date}};
  if (!warnings.empty()) object["warnings"] = warnings;
  object["seconds"] = seconds;
  return object.dump() + "\n";
}

std::string as_text(const DeviceSimulation& result) {
  const auto line = [](std::string_view what, double value, std::optional<double> error) {
    return fmt::format("{:<14} {:+.9f}{}\n", what, value,
                       error && std::isfinite(*error) ? fmt::format(" +- {:.2g}", *error) : "");
  };
  std::string out;
  if (result.ideal) out += line("ideal", *result.ideal, {});
  if (result.noisy) out += line("noisy", *result.noisy, result.noisy_error);
  for (const auto& each : result.mitigated)
    out += line(each.technique, each.value,
                result.noisy_error ? std::optional(each.standard_error) : std::nullopt);
  for (const auto& each : result.mitigated)
    if (worse(each, result))
      out += fmt::format(
          "{} does more harm than good here: its mean squared error is {:.3g}, that of the noisy value "
          "{:.3g}{}\n",
          each.technique, *each.squared_error, *result.squared_error,
          result.noisy_error ? "; more shots would lower its variance" : "");
  for (const auto& [bits, count] : result.counts) out += fmt::format("{}  {}\n", bits, count);
  const auto& spent = result.spent;
  if (spent.shots > 0)
    out += fmt::format("on the device  {} circuit{}, {} shot{}, {:.3g} s", spent.hardware_circuits,
                       spent.hardware_circuits == 1 ? "" : "s", spent.shots, spent.shots == 1 ? "" : "s",
                       spent.device_seconds);
  if (const auto& cost = result.cost)
    out += fmt::format(", {:.2f} {} ({}, {})", cost->amount, cost->currency, cost->vendor, cost->date);
  if (spent.shots > 0) out += "\n";
  return out;
}

/// @throws InputError for an option that a device does not heed
void require_for_device(const SimOptions& options) {
  const auto refuse = [](std::string_view option, std::string_view why) {
    throw InputError(fmt::format("{} beside --device: {}", option, why));
  };
  if (!options.noise.empty()) refuse("--noise", "a device brings its own noise");
  if (options.request.state) refuse("--state", "a device has no amplitudes to show");
  if (options.request.trajectories > 0)
    refuse("--trajectories", "how its noise is simulated is chosen by the circuit's width");
  if (!options.request.engine.empty()) refuse("--engine", "the engine is chosen by the circuit's width");
  if (options.variance) refuse("--variance", "the standard error says how values scatter");
  if (options.precision == "single")
    refuse("--precision single", "its noise is simulated in double precision");
  if (!options.on.mitigate.empty() && options.observable.empty())
    throw InputError("--mitigate without --observable: expectation values are mitigated, not counts");
  if (options.on.exact && options.request.shots > 0) throw InputError("--exact beside --shots: one of them");
}

void sim_on_device(SimOptions& options, const Console& console) {
  require_for_device(options);
  constexpr std::uint64_t usual_shots = 1000;
  const auto program = read(options, console);
  const DeviceRequest request{.device = device_of(options.on.device, console),
                              .noise = noise_options(options.on),
                              .mitigate = names_of(options.on.mitigate),
                              .native = options.on.native,
                              .observable = options.request.observable,
                              .shots = options.on.exact            ? 0
                                       : options.request.shots > 0 ? options.request.shots
                                                                   : usual_shots,
                              .seed = options.request.seed,
                              .threads = options.request.threads,
                              .before_mitigation = [&](const CostForecast& takes) {
                                constexpr double worth_saying = 5;  // seconds
                                if (takes.seconds > worth_saying)
                                  console.say(fmt::format("the mitigation runs {} circuits, in about {}",
                                                          takes.circuits, duration(takes.seconds)));
                              }};
  const auto start = std::chrono::steady_clock::now();
  const auto result = simulate_on_device(program, request);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  for (const auto& repair : request.device->repairs) options.warnings.push_back(repair);
  console.print(options.json ? as_json(result, options.warnings, seconds.count()) : as_text(result));
}

std::string as_text(const Simulation& result, const QasmProgram& program) {
  std::string out;
  if (result.expectation) {
    out += fmt::format("expectation  {:.12g}", *result.expectation);
    if (result.standard_error && std::isfinite(*result.standard_error))
      out += fmt::format(" +- {:.2g}", *result.standard_error);
    out += result.variance ? fmt::format("\nvariance     {:.12g}\n", *result.variance)
                           : "\nvariance     left out (--variance computes it)\n";
  }
  for (const auto& [bits, count] : result.counts) out += fmt::format("{}  {}\n", bits, count);
  for (std::size_t index = 0; index < result.state.size(); ++index) {
    fmt::format_to(std::back_inserter(out), "{:0{}b}  {:+.12f} {:+.12f}i\n", index, program.declared_qubits(),
                   result.state[index].real(), result.state[index].imag());
  }
  return out;
}

void require_one_state(const SimulationRequest& request, const Circuit& circuit) {
  const auto* const why = !request.noise.empty() ? "noise makes a mixture of many"
                          : split_final_measurements(circuit).body.unitary()
                              ? nullptr
                              : "a circuit that measures or resets on its way ends in a mixture of many";
  if (why != nullptr)
    throw InputError(fmt::format(
        "--state: the amplitudes are those of one state, and {}; ask for --observable or --shots", why));
}

void sim(SimOptions& options, const Console& console) {
  end_at_first_signal();  // there is nothing to keep
  if (options.observable.empty() && (options.variance || options.no_variance))
    throw InputError("--variance and --no-variance are about --observable, which is not there");
  if (!options.on.device.empty()) return sim_on_device(options, console);
  require_device(options.on);
  auto& request = options.request;
  if (options.observable.empty() && request.shots == 0 && !request.state) {
    throw InputError("nothing to compute: ask for --observable, --shots or --state");
  }
  const auto program = read(options, console);
  if (request.state) require_one_state(request, program.circuit);
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
  add_device(*command, options->on);
  add_circuit_on_device(*command, options->on);
  command->callback(
      [options, &chosen] { chosen = [options](const Console& console) { sim(*options, console); }; });
}

}  // namespace qupel::cli
