#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "qupel/base/error.h"
#include "qupel/base/file.h"
#include "qupel/base/text.h"
#include "qupel/circuit/qasm/interpreter.h"
#include "qupel/circuit/qasm/nesting.h"
#include "qupel/circuit/qasm/parser.h"

// Statements other than calls of gates.
namespace qupel::qasm {

void Interpreter::run(std::unique_ptr<const Source> source,
                      const std::optional<std::filesystem::path>& folder) {
  sources_.push_back(std::move(source));
  const auto outer_folder = std::exchange(folder_, folder);
  const auto outer_version = evaluate_.version;
  Parser parser(*sources_.back(), outer_version, [this](auto name) { return gates_.defines(name); });
  evaluate_.version = parser.version();
  if (sources_.back()->text.find('$') != std::string::npos) declare_physical_qubits(*sources_.back());
  while (auto next = leaving_ ? std::nullopt : parser.next()) {
    budget_.at = next->at;
    if (auto* definition = std::get_if<GateDefinition>(&next->what)) {
      define(std::move(*definition), next->at);
    } else if (const auto* file = std::get_if<Include>(&next->what)) {
      include(file->file, next->at);
    } else {
      execute(*next);
    }
  }
  evaluate_.version = outer_version;
  folder_ = outer_folder;
}

QasmProgram Interpreter::finish() {
  const Source& source = *sources_.front();
  if (qubits_.empty()) fail({&source, source.text.size()}, "the text declares no qubits");
  if (spare_used_) {
    const auto spare = static_cast<int>(qubits_.size());
    for (Operation& operation : operations_) std::ranges::replace(operation.qubits, spare_qubit, spare);
    qubits_.emplace_back();
  }
  QasmProgram program{Circuit(static_cast<int>(qubits_.size())), std::move(qubits_), std::move(warnings_)};
  program.own_gates = gates_.own_names();
  for (const auto& each : registers_) program.circuit.add_bits(each.name, each.size);
  for (Operation& operation : operations_) program.circuit.add(std::move(operation));
  return program;
}

void Interpreter::execute(const Statement& statement) {
  const auto at = statement.at;
  if (const auto* call = std::get_if<GateCall>(&statement.what)) return execute(*call, at);
  const Nesting nesting(depth_, at);
  if (const auto known = with_calls_made(statement)) return execute(*known);
  struct Visitor {
    Interpreter& self;
    Location at;
    void operator()(const GateCall& call) const { self.execute(call, at); }
    void operator()(const GateDefinition&) const { fail(at, "gates are defined at the top level only"); }
    void operator()(const Declaration& declaration) const { self.declare(declaration, at); }
    void operator()(const ArrayDeclaration& declaration) const { self.declare(declaration, at); }
    void operator()(const Assignment& assignment) const { self.assign(assignment, at); }
    void operator()(const Measurement& measurement) const { self.measure(measurement, at); }
    void operator()(const Alias& alias) const { self.alias(alias, at); }
    void operator()(const For& loop) const { self.loop(loop, at); }
    void operator()(const While& loop) const { self.loop(loop, at); }
    void operator()(const If& choice) const { self.choose(choice); }
    void operator()(const Switch& choice) const { self.choose(choice); }
    void operator()(const Jump& jump) const { self.leave(jump, at); }
    void operator()(const SubroutineText& text) const { self.declare(text, at); }
    void operator()(const Reset& reset) const { self.reset(reset, at); }
    void operator()(const Barrier& barrier) const { self.barrier(barrier, at); }
    void operator()(const Delay& delay) const { self.delay(delay, at); }
    void operator()(const Include&) const { fail(at, "files are included at the top level only"); }
    void operator()(const Pragma& pragma) const { self.pragma(pragma, at); }
    void operator()(const Unsupported& declared) const { self.declare(declared, at); }
  };
  std::visit(Visitor{*this, at}, statement.what);
}

void Interpreter::execute(const GateCall& call, Location at) {
  if (target_ != nullptr) return this->call(call, at, *target_);
  if (call.operands.empty() && call.modifiers.empty() && subroutines_.contains(call.name)) {
    call_subroutine(call.name, call.angles, at);
    return;
  }
  if (const auto known = with_calls_made({at, call})) return execute(*known);
  this->call(call, at, pending_);
  emit(at);
}

void Interpreter::alias(const Alias& alias, Location at) {
  Symbol made{.kind = Symbol::Kind::qubits};
  const auto is_number = [this](const auto& each) { return measured_number_in(each).has_value(); };
  if (is_number(alias.value) || std::ranges::any_of(alias.value.parts, is_number))
    fail(alias.value.at, "an alias names qubits or bits, not a number");
  if (evaluate_.names_bits(alias.value)) {
    made.kind = Symbol::Kind::bits;
    made.bits = evaluate_.bits(alias.value);
  } else {
    made.qubits = evaluate_.qubits(alias.value);
  }
  introduce(alias.name, std::move(made), at);
}

void Interpreter::declare(const Unsupported& declared, Location at) {
  if (declared.name.empty()) return;
  introduce(declared.name, {.kind = Symbol::Kind::unsupported, .reason = declared.reason}, at);
}

void Interpreter::run(const Block& block) {
  const auto depth = scope_.depth();
  for (const auto& statement : block) {
    execute(statement);
    if (leaving_) break;
  }
  scope_.drop_to(depth);
}

void Interpreter::introduce(std::string_view name, Symbol symbol, Location at) {
  if (gates_.defines(name)) fail(at, fmt::format("\"{}\" is a gate already", name));
  if (depth_ > 1) return scope_.push(name, std::move(symbol));
  scope_.declare(name, std::move(symbol), at);
}

void Interpreter::define(GateDefinition definition, Location at) {
  if (scope_.find(definition.name) != nullptr)
    fail(at, fmt::format("\"{}\" is declared already", definition.name));
  gates_.define(std::move(definition), evaluate_.version, at);
}

void Interpreter::include(std::string_view file, Location at) {
  const Nesting nesting(includes_, at);
  budget_.at = at;
  budget_.spend(100);  // files that include each other would be read without end
  if (gates_.include_standard(file)) return;
  if (!folder_) {
    fail(at, fmt::format("\"{}\" cannot be included: {} are built in, other files are read beside a circuit "
                         "that is a file",
                         file, fmt::join(GateTable::standard_files(), ", ")));
  }
  const auto path = *folder_ / std::filesystem::path(file);
  std::string text;
  try {
    text = read_file(path);
  } catch (const InputError& error) {
    fail(at, error.what());
  }
  text = plain_text(std::move(text), path.string());
  run(std::make_unique<const Source>(Source{path.string(), std::move(text)}), path.parent_path());
}

}  // namespace qupel::qasm
