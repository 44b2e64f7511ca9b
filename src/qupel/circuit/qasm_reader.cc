#include "qupel/circuit/qasm_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "qupel/base/error.h"
#include "qupel/base/file.h"
#include "qupel/base/text.h"
#include "qupel/circuit/qasm/interpreter.h"

namespace qupel {
namespace {

std::string unknown_input(std::string_view name, std::span<const std::string> names,
                          const std::filesystem::path& path) {
  if (names.empty()) return fmt::format("a value of \"{}\": {} has no inputs", name, path.string());
  return unknown_name(name, fmt::format("an input of {}", path.string()), names);
}

std::unique_ptr<const qasm::Source> source_of(std::string name, std::string bytes) {
  auto text = plain_text(std::move(bytes), name);
  return std::make_unique<const qasm::Source>(qasm::Source{std::move(name), std::move(text)});
}

}  // namespace

std::vector<std::string_view> standard_gates() { return qasm::GateTable::standard_names(); }

QasmProgram read_qasm(std::string_view text, std::string_view source, std::size_t most_operations) {
  qasm::Interpreter interpreter(most_operations);
  interpreter.run(source_of(std::string(source), std::string(text)), {});
  return interpreter.finish();
}

QasmProgram read_qasm_file(const std::filesystem::path& path, const QasmInputs& inputs,
                           const NoiseWords& noise_words, const GateNames& native) {
  qasm::Interpreter interpreter(most_qasm_operations, inputs, noise_words, native);
  interpreter.run(source_of(path.string(), read_file(path)), path.parent_path());
  const auto& names = interpreter.input_names();
  for (const auto& [name, value] : inputs)
    if (std::ranges::find(names, name) == names.end()) throw InputError(unknown_input(name, names, path));
  return interpreter.finish();
}

}  // namespace qupel
