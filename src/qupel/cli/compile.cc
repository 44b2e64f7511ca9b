#include "qupel/compile/compile.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>

#include "qupel/base/file.h"
#include "qupel/circuit/qasm_reader.h"
#include "qupel/cli/command.h"
#include "qupel/cli/device_options.h"
#include "qupel/cli/signals.h"
#include "qupel/compile/limits.h"
#include "qupel/device/device.h"

namespace qupel::cli {
namespace {

struct CompileCommand {
  std::string circuit, device, out;
  CompileOptions options{.threads = 0};
  bool json = false;
};

std::string compiled_json(const Device& device, const Compiled& compiled, const Resources& takes,
                          double seconds) {
  const nlohmann::ordered_json object{{"schema_version", 1},
                                      {"device", device.name},
                                      {"one_qubit", takes.one_qubit},
                                      {"two_qubit", takes.two_qubit},
                                      {"depth", takes.depth},
                                      {"two_qubit_depth", takes.two_qubit_depth},
                                      {"duration_us", takes.duration},
                                      {"expected_fidelity", takes.expected_fidelity},
                                      {"initial_layout", compiled.initial_layout},
                                      {"final_layout", compiled.final_layout},
                                      {"seconds", seconds}};
  return object.dump() + "\n";
}

std::string compiled_text(const Device& device, const Compiled& compiled, const Resources& takes) {
  const auto limit = depth_limit(device, static_cast<int>(compiled.initial_layout.size()));
  return fmt::format(
      "device             {}\n"
      "gates              {} on one qubit, {} on two\n"
      "depth              {}, {} counting gates on two qubits\n"
      "depth limit        {}\n"
      "duration           {:.4g} us\n"
      "expected fidelity  {:.4g}\n"
      "initial layout     {}\n"
      "final layout       {}\n",
      device.name, takes.one_qubit, takes.two_qubit, takes.depth, takes.two_qubit_depth,
      std::isinf(limit) ? "none: the device has no errors"
                        : fmt::format("{:.0f}: there 1/e of an expectation value is left", limit),
      takes.duration, takes.expected_fidelity, fmt::join(compiled.initial_layout, " "),
      fmt::join(compiled.final_layout, " "));
}

void compile_circuit(const CompileCommand& command, const Console& console) {
  end_at_first_signal();  // there is nothing to keep
  require_other_file(command.out, {command.circuit});
  const auto target = *device_of(command.device, console);
  const auto program = read_qasm_file(command.circuit);
  const auto start = std::chrono::steady_clock::now();
  const auto compiled = compile(program.circuit, target, command.options);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  const auto takes = resources(compiled, target);
  if (!command.out.empty()) write_file(command.out, to_qasm(compiled.circuit));
  console.print(command.json ? compiled_json(target, compiled, takes, seconds.count())
                             : compiled_text(target, compiled, takes));
}

}  // namespace

void add_compile(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<CompileCommand>();
  auto* command =
      app.add_subcommand("compile", "a circuit in a device's own operations, on its coupled qubits");
  command->add_option("CIRCUIT", options->circuit, "a circuit in OpenQASM 2 or 3")->type_name("")->required();
  command->add_option("--device", options->device, "a device by name (qupel device list), or a device file")
      ->type_name("NAME")
      ->required();
  command->add_option("--seed", options->options.seed, "of the search for qubits and swaps (default: 0)")
      ->type_name("N")
      ->check(whole_number(0, std::numeric_limits<std::uint64_t>::max()));
  command->add_option("--out", options->out, "file for the compiled circuit, in OpenQASM 3")
      ->type_name("FILE");
  add_threads(*command, options->options.threads);
  add_json(*command, options->json);
  command->callback([options, &chosen] {
    chosen = [options](const Console& console) { compile_circuit(*options, console); };
  });
}

}  // namespace qupel::cli
