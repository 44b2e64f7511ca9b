#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <cmath>

#include "qupel/circuit/circuit.h"
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
    if (!operation.spec->qasm.empty()) continue;
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

std::string angle_text(const Angle& angle) {
  if (angle.slot.kind == Slot::Kind::none) return fmt::format("{}", angle.offset);
  std::string text = angle.scale == 1 ? "" : angle.scale == -1 ? "-" : fmt::format("{}*", angle.scale);
  text += fmt::format("{}{}", angle.slot.kind == Slot::Kind::feature ? "x" : "theta", angle.slot.index);
  if (angle.offset == 0) return text;
  return fmt::format("{} {} {}", text, angle.offset < 0 ? '-' : '+', std::abs(angle.offset));
}

std::string statement(const Operation& operation) {
  std::vector<std::string> angles, qubits;
  for (const Angle& angle : operation.angles) angles.push_back(angle_text(angle));
  for (const int qubit : operation.qubits) qubits.push_back(fmt::format("q[{}]", qubit));
  return fmt::format("{}{} {};\n", gate_name(operation),
                     angles.empty() ? "" : fmt::format("({})", fmt::join(angles, ", ")),
                     fmt::join(qubits, ", "));
}

}  // namespace

std::string to_qasm(const Circuit& circuit) {
  std::string text = "OPENQASM 3.0;\ninclude \"stdgates.inc\";\n";
  text += definitions(circuit);
  text += inputs("x", circuit.features()) + inputs("theta", circuit.parameters());
  text += fmt::format("qubit[{}] q;\n", circuit.qubits());
  for (const Operation& operation : circuit.operations()) text += statement(operation);
  return text;
}

}  // namespace qupel
