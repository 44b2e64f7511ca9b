#pragma once
#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "qupel/circuit/circuit.h"

// OpenQASM 2.0 (https://arxiv.org/abs/1707.03429) and OpenQASM 3 (https://openqasm.com/versions/3.0/): what
// describes gates, measurements, and gates that measured bits decide about.
namespace qupel {

struct QasmProgram {
  Circuit circuit;  ///< up to a global phase; its registers are in the order of declaration
  /// A name a qubit, as "q[0]". The last name may be empty: that qubit is not the program's but a helper, |0>
  /// before and after, added where no qubit is idle; with it the number of operations of a gate with many
  /// controls grows linearly with its controls, not quadratically.
  std::vector<std::string> qubits;
  /// What was left out although it may matter, with its place: pragmas that this reader does not know.
  std::vector<std::string> warnings = {};
  std::vector<std::string> own_gates = {};  ///< that the program defines, sorted

  /// Without the one that has no name.
  int declared_qubits() const { return circuit.qubits() - (qubits.back().empty() ? 1 : 0); }
};

/// Names of the gates of qelib1.inc and stdgates.inc, those included that several operations carry out. A
/// call of one of them is one gate of the circuit (CompositeGate), with modifiers, too; calls of a gate that
/// the program defines are the gates of its body.
std::vector<std::string_view> standard_gates();

/// Operations that a text may expand to, so that nested loops and definitions end.
inline constexpr std::size_t most_qasm_operations = 10'000'000;

/// Gate definitions, loops, modifiers and aliases are expanded. What is known while the text is read is
/// computed then; bits that are measured are known only when the circuit runs, and may decide about
/// statements (`if`) and be written into other bits. Inputs x0, x1, ... become features and theta0, theta1,
/// ... parameters, as to_qasm() writes them. The gates of qelib1.inc and stdgates.inc are built in. Physical
/// qubits $k become qubits in ascending order of k, without those that are not named.
/// Declarations of what is not supported are read over, as long as nothing uses them. The text may be UTF-16
/// and may start with a byte-order mark. Only the pragmas of Amazon Braket are understood.
/// @param source what errors call the text
/// @throws InputError "source:line:column: ..." for what is not OpenQASM, and for what is not supported:
/// sums and angles of measured bits, `while` on them, calls of opaque gates, timing other than delays,
/// noise in pragmas, other inputs, other included files
QasmProgram read_qasm(std::string_view text, std::string_view source,
                      std::size_t most_operations = most_qasm_operations);

/// Values of `input` variables, by name.
using QasmInputs = std::map<std::string, double, std::less<>>;

using NoiseWords = std::set<std::string, std::less<>>;
/// Names of gates.
using GateNames = std::set<std::string, std::less<>>;

/// The same from a file; files that it includes are looked for beside it. Inputs with a value are constants
/// of that value and may have any name and type.
/// @param noise_words all words of the noise that the circuit will meet (words_of_noise): a call of a gate
/// among them, which the program may define, is one gate of the circuit, and resets stay where that noise may
/// have acted on a qubit that no gate acted on
/// @param native names of operations: a gate that the program defines under one of them is that operation,
/// whatever its body says
/// @throws InputError also for a value whose name is no input of the file, or that its type does not hold
QasmProgram read_qasm_file(const std::filesystem::path& path, const QasmInputs& inputs = {},
                           const NoiseWords& noise_words = {}, const GateNames& native = {});

}  // namespace qupel
