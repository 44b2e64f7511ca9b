#include "qupel/circuit/qasm/gates.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "qupel/base/error.h"
#include "qupel/circuit/qasm/parser.h"

namespace qupel::qasm {
namespace {

// The gates of stdgates.inc (OpenQASM 3) and qelib1.inc (OpenQASM 2, with the additions that Qiskit's
// exporter takes for granted) that are not in the registry of operations, exact including their phases.
constexpr std::string_view standard_definitions = R"(OPENQASM 3.0;
gate u(theta, phi, lambda) q { U(theta, phi, lambda) q; }
gate u0(gamma) q { }
gate u1(lambda) q { p(lambda) q; }
gate u2(phi, lambda) q { gphase(-(phi + lambda + pi/2)/2); U(pi/2, phi, lambda) q; }
gate u3(theta, phi, lambda) q { gphase(-(theta + phi + lambda)/2); U(theta, phi, lambda) q; }
gate r(theta, phi) q { rz(-phi) q; rx(theta) q; rz(phi) q; }
gate phase(lambda) q { p(lambda) q; }
gate cphase(lambda) a, b { cp(lambda) a, b; }
gate cu1(lambda) a, b { cp(lambda) a, b; }
gate cu(theta, phi, lambda, gamma) a, b { p(gamma - theta/2) a; ctrl @ U(theta, phi, lambda) a, b; }
gate cu3(theta, phi, lambda) a, b { cu(theta, phi, lambda, 0) a, b; }
gate cs a, b { ctrl @ s a, b; }
gate csdg a, b { ctrl @ sdg a, b; }
gate csx a, b { ctrl @ sx a, b; }
gate dcx a, b { cx a, b; cx b, a; }
gate ccz a, b, c { ctrl(2) @ z a, b, c; }
gate rccx a, b, c { h c; t c; cx b, c; tdg c; cx a, c; t c; cx b, c; tdg c; h c; }
gate rc3x a, b, c, d {
  h d; t d; cx c, d; tdg d; h d;
  cx a, d; t d; cx b, d; tdg d; cx a, d; t d; cx b, d; tdg d;
  h d; t d; cx c, d; tdg d; h d;
}
gate c3x a, b, c, d { ctrl(3) @ x a, b, c, d; }
gate c3sx a, b, c, d { ctrl(3) @ sx a, b, c, d; }
gate c3sqrtx a, b, c, d { ctrl(3) @ sx a, b, c, d; }
gate c4x a, b, c, d, e { ctrl(4) @ x a, b, c, d, e; }
)";

Gate of_registry(const OpSpec& spec) {
  return {.name = spec.qasm.empty() ? spec.name : spec.qasm,
          .angles = static_cast<std::size_t>(spec.angles),
          .qubits = static_cast<std::size_t>(spec.qubits),
          .operation = &spec,
          .defined = false,
          .standard = true};
}

using Index = GateTable::Index;

// What the language knows without any include.
const Index& built_in() {
  static const Index gates = [] {
    static Gate u = of_registry(operation("u")), cx = of_registry(operation("cx"));
    static const Gate phase{.name = "gphase", .angles = 1, .defined = false};
    cx.name = "CX";
    return Index{{u.name, &u}, {cx.name, &cx}, {phase.name, &phase}};
  }();
  return gates;
}

const Index& registry_gates() {
  static const Index gates = [] {
    static std::deque<Gate> kept;
    Index index;
    for (const auto* spec : qupel::gates()) {
      if (spec->qubits == 0) continue;
      kept.push_back(of_registry(*spec));
      index.emplace(kept.back().name, &kept.back());
    }
    return index;
  }();
  return gates;
}

const Gate* look_up(const Index& index, std::string_view name) {
  const auto found = index.find(name);
  return found == index.end() ? nullptr : found->second;
}

}  // namespace

const GateTable::Index& GateTable::standard() {
  static const Index all = [] {
    static const Source source{"standard gates", std::string(standard_definitions)};
    static GateTable table;
    table.included_ = &registry_gates();
    table.standard_ = true;
    Parser parser(source, Version::three);
    while (auto next = parser.next()) table.define(std::get<GateDefinition>(std::move(next->what)), next->at);
    Index merged = registry_gates();
    merged.insert(table.own_.begin(), table.own_.end());
    return merged;
  }();
  return all;
}

void GateTable::include_standard() { included_ = &standard(); }

std::vector<std::string_view> GateTable::standard_names() {
  std::vector<std::string_view> names;
  for (const auto& known : standard()) names.push_back(known.first);
  std::ranges::sort(names);
  return names;
}

const Gate& GateTable::find(std::string_view name, Location at) const {
  for (const Index* index : {&own_, included_, &built_in()}) {
    if (const Gate* gate = index == nullptr ? nullptr : look_up(*index, name)) return *gate;
  }
  if (look_up(standard(), name) != nullptr) {
    fail(at, fmt::format(
                 "the gate \"{}\" is not defined: include \"stdgates.inc\" (OpenQASM 3) or \"qelib1.inc\" "
                 "(OpenQASM 2)",
                 name));
  }
  std::vector<std::string> names;
  for (const Index* index : {&own_, &standard()}) {
    for (const auto& known : *index) names.emplace_back(known.first);
  }
  std::ranges::sort(names);
  const auto close = nearest(name, names);
  fail(at, close.empty() ? fmt::format("the gate \"{}\" is not defined", name)
                         : fmt::format("the gate \"{}\" is not defined; did you mean \"{}\"?", name, close));
}

void GateTable::define(GateDefinition definition, Location at) {
  if (defines(definition.name) || definition.name == "U" || definition.name == "gphase") {
    fail(at, fmt::format("the gate \"{}\" is defined already", definition.name));
  }
  Gate gate{.name = definition.name,
            .angles = definition.angles.size(),
            .qubits = definition.qubits.size(),
            .angle_names = std::move(definition.angles),
            .qubit_names = std::move(definition.qubits),
            .body = std::move(definition.body),
            .standard = standard_};
  resolve(gate.body, gate);
  gates_.push_back(std::move(gate));
  own_.emplace(definition.name, &gates_.back());
}

void GateTable::resolve(Block& body, const Gate& gate) const {
  for (Statement& statement : body) resolve(statement, gate);
}

void GateTable::resolve(Statement& statement, const Gate& gate) const {
  const auto at = statement.at;
  if (auto* call = std::get_if<GateCall>(&statement.what)) return resolve(*call, gate, at);
  if (auto* loop = std::get_if<For>(&statement.what)) return resolve(loop->body, gate);
  if (auto* choice = std::get_if<If>(&statement.what)) {
    resolve(choice->then, gate);
    return resolve(choice->otherwise, gate);
  }
  if (std::holds_alternative<Barrier>(statement.what)) return;
  fail(at, fmt::format("the definition of gate \"{}\" may hold calls of gates, barrier, for and if only",
                       gate.name));
}

void GateTable::resolve(GateCall& call, const Gate& gate, Location at) const {
  const bool replaces = included_ != nullptr && look_up(*included_, gate.name) != nullptr;
  if (call.name == gate.name && !replaces) fail(at, fmt::format("the gate \"{}\" calls itself", gate.name));
  call.gate = &find(call.name, at);
  for (const auto& operand : call.operands) {
    if (operand.kind != Expression::Kind::name ||
        std::ranges::find(gate.qubit_names, operand.text) == gate.qubit_names.end()) {
      fail(operand.at, fmt::format("gate \"{}\" has no such qubit: it acts on {}", gate.name,
                                   fmt::join(gate.qubit_names, ", ")));
    }
  }
}

}  // namespace qupel::qasm
