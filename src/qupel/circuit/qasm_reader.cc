#include "qupel/circuit/qasm_reader.h"

#include "qupel/base/file.h"
#include "qupel/circuit/qasm/interpreter.h"

namespace qupel {

QasmProgram read_qasm(std::string_view text, std::string_view source, std::size_t most_operations) {
  qasm::Interpreter interpreter(most_operations);
  interpreter.run(std::make_unique<const qasm::Source>(qasm::Source{std::string(source), std::string(text)}),
                  {});
  return interpreter.finish();
}

QasmProgram read_qasm_file(const std::filesystem::path& path) {
  qasm::Interpreter interpreter(most_qasm_operations);
  interpreter.run(std::make_unique<const qasm::Source>(qasm::Source{path.string(), read_file(path)}),
                  path.parent_path());
  return interpreter.finish();
}

}  // namespace qupel
