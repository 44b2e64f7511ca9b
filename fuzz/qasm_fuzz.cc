// Any bytes as a circuit: read or refused with an InputError that names a place, and what is read survives
// its own text.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "qupel/base/error.h"
#include "qupel/circuit/final_measurements.h"
#include "qupel/circuit/qasm_reader.h"

namespace {

constexpr std::size_t most_operations = 20'000;

void require(bool truth) {
  if (!truth) std::abort();
}

void check(const qupel::QasmProgram& program) {
  const auto qubits = program.circuit.qubits();
  require(program.qubits.size() == static_cast<std::size_t>(qubits));
  const auto [body, bits] = qupel::split_final_measurements(program.circuit);
  require(bits.size() == static_cast<std::size_t>(program.circuit.bits()));
  for (const auto& bit : bits) require(bit.qubit >= 0 && bit.qubit < qubits);
  require(program.circuit.operations().size() <= most_operations);
  constexpr int most_qubits = 1000;  // a text of more is slow
  if (qubits > most_qubits) return;
  const auto again =
      qupel::read_qasm(qupel::to_qasm(program.circuit), "again", 100 * most_operations).circuit;
  require(again.bits() >= program.circuit.bits());
  require(again.qubits() == qubits && again.parameters() == program.circuit.parameters());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  try {
    check(qupel::read_qasm(text, "fuzz.qasm", most_operations));
  } catch (const qupel::InputError& error) {
    const std::string_view message(error.what());
    require(message.starts_with("fuzz.qasm:") && std::ranges::count(message.substr(0, 40), ':') >= 3);
  }
  return 0;
}
