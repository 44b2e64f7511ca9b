#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "qupel/base/error.h"
#include "qupel/circuit/qasm_reader.h"

// Circuits of x, cx and measurements, run as the classical programs that they are.
namespace qupel {

inline Circuit circuit_of(const std::string& text) {
  return read_qasm("include \"stdgates.inc\";\n" + text, "f").circuit;
}

/// The qubits' values at the end, all 0 at the start.
inline std::vector<bool> run(const Circuit& circuit) {
  std::vector<bool> qubits(static_cast<std::size_t>(circuit.qubits())),
      bits(static_cast<std::size_t>(circuit.bits()));
  for (const auto& operation : circuit.operations()) {
    if (!std::ranges::all_of(operation.conditions, [&](const auto& c) { return c.holds(bits); })) continue;
    const auto name = operation.spec->name;
    const auto qubit = [&](std::size_t k) { return qubits[static_cast<std::size_t>(operation.qubits[k])]; };
    if (name == "x")
      qubit(0) = !qubit(0);
    else if (name == "cx")
      qubit(1) = qubit(0) != qubit(1);
    else if (name == "measure")
      bits[static_cast<std::size_t>(operation.bits[0])] = qubit(0);
    else if (name == "set" || name == "clear")
      bits[static_cast<std::size_t>(operation.bits[0])] = name == "set";
    else if (name == "reset")
      qubit(0) = false;
    else if (name != "barrier")
      ADD_FAILURE() << name << " is no classical operation";
  }
  return qubits;
}

/// "0110": the qubits' values, the first of them first.
inline std::string values(const std::string& text) {
  std::string written;
  for (const bool one : run(circuit_of(text))) written += one ? '1' : '0';
  return written;
}

inline std::string refusal(const std::string& text) {
  try {
    circuit_of(text);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

/// c is 5 where it is measured, all qubits are 0 then.
inline std::string with_five(const std::string& text) {
  return values("qubit[4] q; bit[3] c; x q[0]; x q[2]; c = measure q[0:2]; x q[0]; x q[2]; " + text);
}

}  // namespace qupel
