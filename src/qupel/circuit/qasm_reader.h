#pragma once
#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "qupel/circuit/circuit.h"

// OpenQASM 2.0 (https://arxiv.org/abs/1707.03429) and OpenQASM 3 (https://openqasm.com/versions/3.0/): what
// describes a unitary and a measurement at its end.
namespace qupel {

/// A classical bit at the end of a program.
struct ClassicalBit {
  int qubit = -1;      ///< the qubit measured into it last; -1: none
  bool value = false;  ///< what it holds if none was
  friend bool operator==(const ClassicalBit&, const ClassicalBit&) = default;
};

struct ClassicalRegister {
  std::string name;
  std::vector<ClassicalBit> bits;
  friend bool operator==(const ClassicalRegister&, const ClassicalRegister&) = default;
};

struct QasmProgram {
  Circuit circuit;                          ///< the unitary up to a global phase
  std::vector<std::string> qubits;          ///< a name a qubit, as "q[0]"
  std::vector<ClassicalRegister> measured;  ///< all classical registers, in the order of their declaration
};

/// Operations that a text may expand to, so that nested loops and definitions end.
inline constexpr std::size_t most_qasm_operations = 10'000'000;

/// Gate definitions, loops, modifiers and aliases are expanded; inputs x0, x1, ... become features and
/// theta0, theta1, ... parameters, as to_qasm() writes them. The gates of qelib1.inc and stdgates.inc are
/// built in. Physical qubits $k become qubits in ascending order of k, without those that are not named.
/// @param source what errors call the text
/// @throws InputError "source:line:column: ..." for what is not OpenQASM, and for what is not supported:
/// operations after a measurement, reset of a qubit in use, control by measured bits, subroutines, timing,
/// pulses, opaque gates, other inputs, other included files
QasmProgram read_qasm(std::string_view text, std::string_view source,
                      std::size_t most_operations = most_qasm_operations);

/// Values of `input` variables, by name.
using QasmInputs = std::map<std::string, double, std::less<>>;

/// The same from a file; files that it includes are looked for beside it. Inputs with a value are constants
/// of that value and may have any name and type.
/// @throws InputError also for a value whose name is no input of the file, or that its type does not hold
QasmProgram read_qasm_file(const std::filesystem::path& path, const QasmInputs& inputs = {});

}  // namespace qupel
