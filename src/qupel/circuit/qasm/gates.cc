#include "qupel/circuit/qasm/gates.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

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
gate rcccx a, b, c, d { rc3x a, b, c, d; }
gate c3x a, b, c, d { ctrl(3) @ x a, b, c, d; }
gate c3sx a, b, c, d { ctrl(3) @ sx a, b, c, d; }
gate c3sqrtx a, b, c, d { ctrl(3) @ sx a, b, c, d; }
gate c4x a, b, c, d, e { ctrl(4) @ x a, b, c, d, e; }
)";

// Gates that Amazon Braket has without any include, under its names:
// https://docs.aws.amazon.com/braket/latest/developerguide/braket-openqasm-supported-features.html
constexpr std::string_view braket_definitions = R"(OPENQASM 3.0;
gate i q { id q; }
gate si q { sdg q; }
gate ti q { tdg q; }
gate v q { sx q; }
gate vi q { sxdg q; }
gate phaseshift(a) q { p(a) q; }
gate prx(a, b) q { r(a, b) q; }
gate gpi(a) q { gphase(pi/2); r(pi, a) q; }
gate gpi2(a) q { r(pi/2, a) q; }
gate cnot a, b { cx a, b; }
gate ccnot a, b, c { ccx a, b, c; }
gate cv a, b { csx a, b; }
gate cphaseshift(t) a, b { cp(t) a, b; }
gate cphaseshift00(t) a, b { x a; x b; cp(t) a, b; x a; x b; }
gate cphaseshift01(t) a, b { x a; cp(t) a, b; x a; }
gate cphaseshift10(t) a, b { x b; cp(t) a, b; x b; }
gate pswap(t) a, b { swap a, b; cx a, b; p(t) b; cx a, b; }
gate xx(t) a, b { rxx(t) a, b; }
gate yy(t) a, b { ryy(t) a, b; }
gate zz(t) a, b { rzz(t) a, b; }
gate xy(t) a, b { rxx(-t/2) a, b; ryy(-t/2) a, b; }
gate ms(u, v, t) a, b { rz(-u) a; rz(-v) b; rxx(t) a, b; rz(u) a; rz(v) b; }
)";
constexpr std::string_view braket_operations[] = {"h",     "x",   "y",   "z",    "s",    "t",     "rx",
                                                  "ry",    "rz",  "cy",  "cz",   "swap", "iswap", "ecr",
                                                  "cswap", "prx", "gpi", "gpi2", "ms"};

// What pytket writes for Quantinuum's machines (hqslib1.inc) and for those of OQC (oqclib1.inc).
constexpr std::string_view pytket_definitions = R"(OPENQASM 3.0;
gate U1q(theta, phi) q { r(theta, phi) q; }
gate Rz(lambda) q { rz(lambda) q; }
gate RZZ(a) p, q { rzz(a) p, q; }
gate ZZ p, q { rzz(pi/2) p, q; }
gate Rxxyyzz(a, b, c) p, q { rxx(a) p, q; ryy(b) p, q; rzz(c) p, q; }
gate ECR p, q { ecr p, q; }
)";

constexpr std::string_view files_of_the_language[] = {"stdgates.inc", "qelib1.inc"};
constexpr std::string_view files[] = {"stdgates.inc", "qelib1.inc", "hqslib1.inc", "hqslib1_dev.inc",
                                      "oqclib1.inc"};
// The gates of qelib1.inc in https://arxiv.org/abs/1707.03429; later ones are often defined by programs, too.
constexpr std::string_view first_gates[] = {"u3", "u2", "u1",  "cx",  "id",  "x",   "y",  "z",
                                            "h",  "s",  "sdg", "t",   "tdg", "rx",  "ry", "rz",
                                            "cz", "cy", "ch",  "ccx", "crz", "cu1", "cu3"};

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

struct GateTable::Library {
  GateTable standard, braket, pytket;
  Index standard_gates, braket_gates, pytket_gates;

  Library() {
    standard_gates = standard.define_all(standard_definitions, registry_gates());
    braket_gates = braket.define_all(braket_definitions, standard_gates);
    std::erase_if(braket_gates, [this](const auto& known) {
      return look_up(standard_gates, known.first) != nullptr &&
             std::ranges::find(braket_operations, known.first) == std::end(braket_operations);
    });
    pytket_gates = pytket.define_all(pytket_definitions, standard_gates);
  }
};

const GateTable::Library& GateTable::library() {
  static const Library all;
  return all;
}

// The gates that a text defines, and those below it.
GateTable::Index GateTable::define_all(std::string_view definitions, const Index& below) {
  source_ = std::make_unique<const Source>(Source{"standard gates", std::string(definitions)});
  included_ = &below;
  standard_ = true;
  Parser parser(*source_, Version::three, [](std::string_view) { return false; });
  while (auto next = parser.next())
    define(std::get<GateDefinition>(std::move(next->what)), Version::three, next->at);
  Index merged = own_;
  merged.insert(below.begin(), below.end());
  return merged;
}

std::span<const std::string_view> GateTable::standard_files() { return files; }

bool GateTable::include_standard(std::string_view file) {
  if (std::ranges::find(files, file) == std::end(files)) return false;
  const bool of_the_language =
      std::ranges::find(files_of_the_language, file) != std::end(files_of_the_language);
  if (!of_the_language)
    included_ = &library().pytket_gates;
  else if (included_ == nullptr)
    included_ = &library().standard_gates;
  return true;
}

std::vector<std::string_view> GateTable::standard_names() {
  std::vector<std::string_view> names;
  for (const Index* index : {&library().pytket_gates, &library().braket_gates})
    for (const auto& known : *index) names.push_back(known.first);
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::vector<std::string> GateTable::own_names() const {
  std::vector<std::string> names;
  for (const auto& known : own_) names.emplace_back(known.first);
  std::ranges::sort(names);
  return names;
}

const Gate* GateTable::known(std::string_view name) const {
  const Index* const braket = standard_ ? nullptr : &library().braket_gates;
  for (const Index* index : {&own_, included_, &built_in(), braket}) {
    if (const Gate* gate = index == nullptr ? nullptr : look_up(*index, name)) return gate;
  }
  return nullptr;
}

namespace {

// A gate and its controls in one name: "mcx" has as many as there are qubits left, "c5x" has five.
struct ControlledName {
  const Gate* gate = nullptr;
  std::size_t controls = 0;  ///< 0: as many as there are qubits left
};

ControlledName controlled_name(std::string_view name, const Index& gates) {
  ControlledName result;
  if (name.starts_with("mc")) {
    name.remove_prefix(2);
  } else if (name.starts_with('c')) {
    const auto [end, error] = std::from_chars(name.data() + 1, name.data() + name.size(), result.controls);
    if (error != std::errc{} || result.controls == 0) return {};
    name = {end, static_cast<std::size_t>(name.data() + name.size() - end)};
  } else {
    return {};
  }
  result.gate = look_up(gates, name);
  return result;
}

// Of the modifiers before a call, as far as they are written as numbers.
std::size_t controls_before(const GateCall& call) {
  std::size_t count = 0;
  for (const auto& [kind, at, argument] : call.modifiers) {
    if (kind != Modifier::Kind::control && kind != Modifier::Kind::negative_control) continue;
    const bool number = argument && argument->kind == Expression::Kind::value && argument->value.integer > 0;
    count += number ? static_cast<std::size_t>(argument->value.integer) : 1;
  }
  return count;
}

}  // namespace

bool GateTable::controls_by_name(const GateCall& call) const {
  return included_ != nullptr && known(call.name) == nullptr &&
         controlled_name(call.name, *included_).gate != nullptr;
}

GateCall GateTable::with_controls(const GateCall& call, Location at) const {
  const auto [gate, controls] = controlled_name(call.name, *included_);
  GateCall made = call;
  made.name = gate->name;
  made.gate = gate;
  const auto others = std::min(call.operands.size(), gate->qubits + controls_before(call));
  const auto count = controls > 0 ? controls : std::max<std::size_t>(call.operands.size() - others, 1);
  Modifier modifier{Modifier::Kind::control, at, Expression{Expression::Kind::value, at}};
  modifier.argument->value = Value::of(static_cast<std::int64_t>(count));
  made.modifiers.push_back(std::move(modifier));
  return made;
}

const Gate& GateTable::find(std::string_view name, Location at) const {
  if (const Gate* gate = known(name)) return *gate;
  const auto& standard = library().standard_gates;
  if (look_up(standard, name) != nullptr) {
    fail(at, fmt::format(
                 "the gate \"{}\" is not defined: include \"stdgates.inc\" (OpenQASM 3) or \"qelib1.inc\" "
                 "(OpenQASM 2)",
                 name));
  }
  std::vector<std::string> names;
  for (const Index* index : {&own_, &standard}) {
    for (const auto& known : *index) names.emplace_back(known.first);
  }
  std::ranges::sort(names);
  const auto close = nearest(name, names);
  fail(at, close.empty() ? fmt::format("the gate \"{}\" is not defined", name)
                         : fmt::format("the gate \"{}\" is not defined; did you mean \"{}\"?", name, close));
}

void GateTable::define(GateDefinition definition, Version version, Location at) {
  const Gate* included = included_ == nullptr ? nullptr : look_up(*included_, definition.name);
  if (definition.opaque && included != nullptr && included->angles == definition.angles.size() &&
      included->qubits == definition.qubits.size())
    return;
  if (version == Version::two && included != nullptr &&
      std::ranges::find(first_gates, definition.name) != std::end(first_gates))
    fail(at, fmt::format("the gate \"{}\" is defined already, by the file that the program includes",
                         definition.name));
  if (defines(definition.name) || definition.name == "U" || definition.name == "gphase") {
    fail(at, fmt::format("the gate \"{}\" is defined already", definition.name));
  }
  Gate gate{.name = definition.name,
            .angles = definition.angles.size(),
            .qubits = definition.qubits.size(),
            .angle_names = std::move(definition.angles),
            .qubit_names = std::move(definition.qubits),
            .body = std::move(definition.body),
            .standard = standard_,
            .opaque = definition.opaque};
  resolve(gate.body, gate);
  if (native_.contains(gate.name)) make_native(gate, at);
  gates_.push_back(std::move(gate));
  own_.emplace(definition.name, &gates_.back());
}

void GateTable::make_native(Gate& gate, Location at) const {
  const auto& spec = operation(gate.name);
  if (gate.angles != static_cast<std::size_t>(spec.angles) ||
      gate.qubits != static_cast<std::size_t>(spec.qubits))
    fail(at, fmt::format("gate \"{}\" is defined with qubits: {}, angles: {}; the device's operation of that "
                         "name has qubits: {}, angles: {}",
                         gate.name, gate.qubits, gate.angles, spec.qubits, spec.angles));
  gate = {.name = gate.name,
          .angles = gate.angles,
          .qubits = gate.qubits,
          .operation = &spec,
          .defined = false,
          .standard = true};
}

void GateTable::resolve(Block& body, const Gate& gate) const {
  for (Statement& statement : body) resolve(statement, gate);
}

void GateTable::resolve(Statement& statement, const Gate& gate) const {
  const auto at = statement.at;
  if (auto* call = std::get_if<GateCall>(&statement.what)) return resolve(*call, gate, at);
  if (auto* loop = std::get_if<For>(&statement.what)) return resolve(loop->body, gate);
  if (auto* choice = std::get_if<If>(&statement.what)) {
    for (auto& branch : choice->branches) resolve(branch.body, gate);
    return resolve(choice->otherwise, gate);
  }
  if (std::holds_alternative<Barrier>(statement.what) || std::holds_alternative<Pragma>(statement.what))
    return;
  fail(at, fmt::format("the definition of gate \"{}\" may hold calls of gates, barrier, for and if only",
                       gate.name));
}

void GateTable::resolve(GateCall& call, const Gate& gate, Location at) const {
  const bool replaces = included_ != nullptr && look_up(*included_, gate.name) != nullptr;
  if (call.name == gate.name && !replaces) fail(at, fmt::format("the gate \"{}\" calls itself", gate.name));
  if (controls_by_name(call))
    call = with_controls(call, at);
  else
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
