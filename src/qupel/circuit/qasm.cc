#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <string>
#include <unordered_set>

#include "qupel/base/error.h"
#include "qupel/circuit/circuit.h"
#include "qupel/circuit/condition_text.h"
#include "qupel/circuit/decomposition.h"

// OpenQASM 3 writer: https://openqasm.com/versions/3.0/.
namespace qupel {
namespace {

// x0, x1, ... or q0, q1, ...: `count` names.
std::string names(std::string_view prefix, std::size_t count) {
  std::vector<std::string> all;
  for (std::size_t k = 0; k < count; ++k) all.push_back(fmt::format("{}{}", prefix, k));
  return fmt::format("{}", fmt::join(all, ", "));
}

std::string gate_name(const Operation& operation) {
  const OpSpec& spec = *operation.spec;
  if (!spec.qasm.empty()) return std::string(spec.qasm);
  std::string name(spec.name);
  if (operation.pauli.empty()) return name;
  name += '_';
  for (const char letter : operation.pauli) name += static_cast<char>(std::tolower(letter));
  return name;
}

std::string gate_definition(const Operation& operation) {
  const auto angles = names("a", operation.angles.size());
  return fmt::format("gate {}{} {} {{ {}; }}\n", gate_name(operation),
                     angles.empty() ? "" : fmt::format("({})", angles), names("q", operation.qubits.size()),
                     decomposition_text(operation));
}

std::string definitions(const Circuit& circuit) {
  std::vector<std::string> written;
  for (const Operation& operation : circuit.operations()) {
    if (!operation.spec->gate() || !operation.spec->qasm.empty()) continue;
    auto definition = gate_definition(operation);
    if (std::ranges::find(written, definition) == written.end()) written.push_back(std::move(definition));
  }
  return fmt::format("{}", fmt::join(written, ""));
}

std::string inputs(std::string_view prefix, int count) {
  std::string text;
  for (int k = 0; k < count; ++k) text += fmt::format("input float[64] {}{};\n", prefix, k);
  return text;
}

std::string qasm_angle(const Angle& angle) {
  if (angle.slot.kind == Slot::Kind::none) return fmt::format("{}", angle.offset);
  std::string text = angle.scale == 1 ? "" : angle.scale == -1 ? "-" : fmt::format("{}*", angle.scale);
  text += fmt::format("{}{}", angle.slot.kind == Slot::Kind::feature ? "x" : "theta", angle.slot.index);
  if (angle.offset == 0) return text;
  return fmt::format("{} {} {}", text, angle.offset < 0 ? '-' : '+', std::abs(angle.offset));
}

constexpr std::string_view words[] = {"OPENQASM", "include",       "pragma",   "gate",     "qreg",
                                      "creg",     "measure",       "for",      "if",       "in",
                                      "else",     "reset",         "barrier",  "delay",    "let",
                                      "ctrl",     "negctrl",       "pow",      "inv",      "U",
                                      "CX",       "gphase",        "pi",       "tau",      "euler",
                                      "true",     "false",         "const",    "input",    "output",
                                      "qubit",    "bit",           "bool",     "int",      "uint",
                                      "float",    "angle",         "opaque",   "while",    "switch",
                                      "break",    "continue",      "end",      "return",   "def",
                                      "extern",   "box",           "duration", "stretch",  "cal",
                                      "defcal",   "defcalgrammar", "array",    "complex",  "q",
                                      "case",     "default",       "readonly", "mutable",  "void",
                                      "im",       "sizeof",        "\xcf\x80", "\xcf\x84", "\xe2\x84\x87"};

// "x3" of four inputs x.
bool is_input(std::string_view name, std::string_view kind, int count) {
  if (!name.starts_with(kind)) return false;
  for (int k = 0; k < count; ++k)
    if (name.substr(kind.size()) == std::to_string(k)) return true;
  return false;
}

// Whether a register cannot be called so where the circuit is written.
bool is_taken(const Circuit& circuit, std::string_view name) {
  return std::ranges::find(words, name) != std::end(words) || name.starts_with("pauli_rotation") ||
         is_input(name, "x", circuit.features()) || is_input(name, "theta", circuit.parameters()) ||
         std::ranges::any_of(operations(),
                             [&](const OpSpec* spec) { return spec->name == name || spec->qasm == name; });
}

// Names of registers that meet no other name: qubits, gates, or words of the language.
std::vector<BitRegister> named_registers(const Circuit& circuit) {
  std::vector<BitRegister> named;
  std::unordered_set<std::string> names;
  for (auto each : circuit.registers()) {
    if (each.name.empty()) each.name = fmt::format("kept{}", each.first);
    while (is_taken(circuit, each.name) || !names.insert(each.name).second) each.name += '_';
    named.push_back(std::move(each));
  }
  return named;
}

std::string gate_call(const Operation& operation, const std::string& qubits) {
  std::vector<std::string> angles;
  for (const Angle& angle : operation.angles) angles.push_back(qasm_angle(angle));
  return fmt::format("{}{} {};", gate_name(operation),
                     angles.empty() ? "" : fmt::format("({})", fmt::join(angles, ", ")), qubits);
}

std::string unconditioned(const Operation& operation, std::span<const BitRegister> registers) {
  std::vector<std::string> each;
  for (const int qubit : operation.qubits) each.push_back(fmt::format("q[{}]", qubit));
  const auto qubits = fmt::format("{}", fmt::join(each, ", "));
  switch (operation.spec->structure) {
    case Structure::measure:
      return fmt::format("{} = measure {};", bit_name(registers, operation.bits[0]), qubits);
    case Structure::set:
      return fmt::format("{} = true;", bit_name(registers, operation.bits[0]));
    case Structure::clear:
      return fmt::format("{} = false;", bit_name(registers, operation.bits[0]));
    case Structure::delay:
      return fmt::format("delay[{}] {};", to_string(operation.duration), qubits);
    case Structure::reset:
    case Structure::barrier:
      return fmt::format("{} {};", operation.spec->name, qubits);
    default:
      return gate_call(operation, qubits);
  }
}

std::string statement(const Operation& operation, std::span<const BitRegister> registers) {
  std::vector<std::string> conditions;
  for (const auto& condition : operation.conditions) {
    conditions.push_back(condition_text(registers, condition));
    if (!has_qasm(registers, condition)) {
      throw InputError(
          fmt::format("OpenQASM cannot write the condition {} of {}: it compares whole registers",
                      conditions.back(), operation.spec->name));
    }
  }
  const auto text = unconditioned(operation, registers);
  if (conditions.empty()) return text + '\n';
  return fmt::format("if ({}) {{ {} }}\n", fmt::join(conditions, " && "), text);
}

}  // namespace

std::string to_qasm(const Circuit& circuit) {
  std::string text = "OPENQASM 3.0;\ninclude \"stdgates.inc\";\n";
  text += definitions(circuit);
  text += inputs("x", circuit.features()) + inputs("theta", circuit.parameters());
  text += fmt::format("qubit[{}] q;\n", circuit.qubits());
  const auto registers = named_registers(circuit);
  for (const auto& each : registers) text += fmt::format("bit[{}] {};\n", each.size, each.name);
  for (const Operation& operation : circuit.operations()) text += statement(operation, registers);
  return text;
}

}  // namespace qupel
