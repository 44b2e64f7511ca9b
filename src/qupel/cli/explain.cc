#include <fmt/format.h>

#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>

#include "qupel/cli/command.h"
#include "qupel/cli/signals.h"
#include "qupel/cli/sim_options.h"

namespace qupel::cli {
namespace {

using json = nlohmann::ordered_json;

std::string as_json(const QasmProgram& program, const Choice& choice,
                    const std::vector<std::string>& warnings) {
  const auto cost = program.circuit.cost();
  json object{{"schema_version", 1},
              {"circuit",
               {{"qubits", program.declared_qubits()},
                {"gates", cost.gates},
                {"two_qubit", cost.two_qubit},
                {"depth", cost.depth},
                {"two_qubit_depth", cost.two_qubit_depth},
                {"measurements", cost.measurements},
                {"resets", cost.resets},
                {"conditioned", cost.conditioned}}},
              {"engine", choice.engine->name()},
              {"reason", choice.reason}};
  for (const auto& [engine, prediction] : choice.considered) {
    json entry{{"engine", engine->name()}, {"summary", engine->summary()}, {"bytes", prediction.bytes}};
    if (prediction.refusal.empty()) {
      entry["seconds"] = prediction.seconds;
      entry["how"] = prediction.how;
    } else {
      entry["refusal"] = prediction.refusal;
    }
    object["considered"].push_back(entry);
  }
  if (!warnings.empty()) object["warnings"] = warnings;
  return object.dump() + "\n";
}

/// Measurements, resets and conditions, as far as there are any.
std::string without_gates(const CircuitCost& cost) {
  std::string text;
  if (cost.measurements > 0) text += fmt::format(", {} measurements", cost.measurements);
  if (cost.resets > 0) text += fmt::format(", {} resets", cost.resets);
  if (cost.conditioned > 0) text += fmt::format(", {} gates with conditions", cost.conditioned);
  return text;
}

std::string as_text(const QasmProgram& program, const Choice& choice) {
  const auto cost = program.circuit.cost();
  std::string out =
      fmt::format("circuit  {} qubits, {} operations ({} on two qubits, {} on more), depth {}{}\n",
                  program.declared_qubits(), cost.one_qubit + cost.two_qubit + cost.larger, cost.two_qubit,
                  cost.larger, cost.depth, without_gates(cost));
  out += fmt::format("engine   {}: {}\nreason   {}\n", choice.engine->name(), choice.engine->summary(),
                     choice.reason);
  for (const auto& [engine, prediction] : choice.considered) {
    out += fmt::format("{:<12} ", engine->name());
    out += prediction.refusal.empty() ? fmt::format("{:.2g} s, {:.3g} MB: {}\n", prediction.seconds,
                                                    prediction.bytes / 1e6, prediction.how)
                                      : fmt::format("refused: {}\n", prediction.refusal);
  }
  return out;
}

// What it takes to write down amplitudes, beside finding them.
void add_output(const SimulationRequest& request, const Circuit& circuit, Choice& choice) {
  if (!request.state) return;
  const double amplitudes = std::ldexp(1.0, circuit.qubits());
  constexpr double bytes = 16 + 2 * 56, seconds = 4e-7;  // an amplitude, as a number and as text
  for (auto& [engine, forecast] : choice.considered) {
    forecast.bytes += amplitudes * bytes;
    forecast.seconds += amplitudes * seconds;
  }
}

void explain(SimOptions& options, const Console& console) {
  end_at_first_signal();
  const auto program = read(options, console);
  const Executor executor(execution_of(options.request), options.request.threads);
  const auto circuit = circuit_of(program, options.request);
  auto choice = executor.explain(circuit, question_of(options.request, circuit));
  add_output(options.request, circuit, choice);
  console.print(options.json ? as_json(program, choice, options.warnings) : as_text(program, choice));
}

}  // namespace

void add_explain(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<SimOptions>();
  auto* command =
      app.add_subcommand("explain", "says how qupel sim would run a circuit: engine, time and memory");
  add_sim_options(*command, *options);
  command->callback(
      [options, &chosen] { chosen = [options](const Console& console) { explain(*options, console); }; });
}

}  // namespace qupel::cli
