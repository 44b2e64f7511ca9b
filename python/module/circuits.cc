#include <fmt/format.h>
#include <nanobind/operators.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <cmath>

#include "arrays.h"
#include "parts.h"
#include "placed_noise.h"
#include "qupel/base/error.h"
#include "qupel/circuit/circuit.h"
#include "qupel/circuit/qasm_reader.h"
#include "qupel/compile/unitary.h"

namespace qupel::python {
namespace {

using namespace nb::literals;

Angle angle_of(nb::handle object) {
  if (nb::isinstance<Angle>(object)) return nb::cast<Angle>(object);
  const double value = PyFloat_AsDouble(object.ptr());
  if (PyErr_Occurred() != nullptr) {
    PyErr_Clear();
    throw InputError(
        fmt::format("an angle is a number, a feature or a parameter (times a number, plus a number), not {}",
                    nb::cast<std::string>(nb::repr(object))));
  }
  if (!std::isfinite(value)) throw InputError(fmt::format("an angle of {}: it must be finite", value));
  return value;
}

int qubit_of(nb::handle object) {
  int qubit = 0;
  if (!nb::try_cast(object, qubit))
    throw InputError(
        fmt::format("a qubit is a number from 0 on, not {}", nb::cast<std::string>(nb::repr(object))));
  return qubit;
}

std::string text_of(const Angle& angle) {
  if (angle.slot.kind == Slot::Kind::none) return fmt::format("{}", angle.offset);
  std::string text =
      fmt::format("{}[{}]", angle.slot.kind == Slot::Kind::feature ? "x" : "theta", angle.slot.index);
  if (angle.scale != 1) text = fmt::format("{} * {}", angle.scale, text);
  return angle.offset == 0 ? text : fmt::format("{} + {}", text, angle.offset);
}

Angle finite(const Angle& angle) {
  if (!std::isfinite(angle.scale) || !std::isfinite(angle.offset))
    throw InputError(fmt::format("an angle of {}: it must be finite", text_of(angle)));
  return angle;
}

Angle scaled(const Angle& angle, double factor) {
  return finite({angle.scale * factor, angle.slot, angle.offset * factor});
}
Angle moved(const Angle& angle, double by) { return finite({angle.scale, angle.slot, angle.offset + by}); }

std::vector<Angle> slots(int count, Angle (*make)(int, double, double), const char* what) {
  if (count < 0) throw InputError(fmt::format("{} {}: their number must not be negative", count, what));
  std::vector<Angle> made;
  for (int i = 0; i < count; ++i) made.push_back(make(i, 1, 0));
  return made;
}

void add_angles(nb::module_& module) {
  nb::class_<Angle>(
      module, "Angle",
      "An angle in radians: factor * slot + number. features() and parameters() make them; multiply them with numbers and "
      "add numbers.")
      .def("__mul__", &scaled, "factor"_a, nb::is_operator())
      .def("__rmul__", &scaled, "factor"_a, nb::is_operator())
      .def(
          "__truediv__", [](const Angle& a, double divisor) { return scaled(a, 1 / divisor); }, "divisor"_a,
          nb::is_operator())
      .def("__add__", &moved, "number"_a, nb::is_operator())
      .def("__radd__", &moved, "number"_a, nb::is_operator())
      .def(
          "__sub__", [](const Angle& a, double number) { return moved(a, -number); }, "number"_a,
          nb::is_operator())
      .def(
          "__rsub__", [](const Angle& a, double number) { return moved(scaled(a, -1), number); }, "number"_a,
          nb::is_operator())
      .def("__neg__", [](const Angle& a) { return scaled(a, -1); })
      .def(
          "__eq__", [](const Angle& a, const Angle& b) { return a == b; }, nb::is_operator())
      .def("__hash__", [](const Angle& a) { return std::hash<std::string>{}(text_of(a)); })
      .def("__repr__", &text_of)
      .def("__getstate__",
           [](const Angle& a) {
             return std::make_tuple(a.scale, static_cast<int>(a.slot.kind), a.slot.index, a.offset);
           })
      .def("__setstate__",
           [](Angle& a, const std::tuple<double, int, int, double>& state) {
             const auto& [scale, kind, index, offset] = state;
             new (&a) Angle(scale, {static_cast<Slot::Kind>(kind), index}, offset);
           })
      .attr("__array_ufunc__") = nb::none();  // numpy's numbers leave the product to the angle
  module.def(
      "features", [](int count) { return slots(count, &Angle::feature, "features"); }, "count"_a,
      "A list of so many slots for what each sample brings, x[0], x[1], ...\n\n"
      ">>> import qupel as qp\n>>> x = qp.features(2)\n>>> 0.5 * x[1] + 3\n0.5 * x[1] + 3");
  module.def(
      "parameters", [](int count) { return slots(count, &Angle::parameter, "parameters"); }, "count"_a,
      "A list of so many slots for what is trained and shared by all samples.\n\n"
      ">>> import qupel as qp\n>>> -qp.parameters(3)[2]\n-1 * theta[2]");
}

// A method for each gate, as rx(angle, qubit) or cx(qubit, qubit): angles first.
void add_gate(nb::class_<Circuit>& type, const OpSpec& gate) {
  const auto named = [](const char* what, int count) {
    std::string names;
    for (int i = 0; i < count; ++i)
      names += fmt::format("{}{}: {}, ", what, count == 1 ? "" : std::to_string(i),
                           what[0] == 'a' ? "Angle | float" : "int");
    return names;
  };
  const auto signature = fmt::format("def {}(self, {}{}/) -> Circuit", gate.name, named("angle", gate.angles),
                                     named("qubit", gate.qubits));
  const std::string name(gate.name), summary = fmt::format("Appends {}: {}.", gate.name, gate.summary);
  const auto append = [&gate](Circuit& circuit, const nb::args& given) -> Circuit& {
    const auto angles = static_cast<std::size_t>(gate.angles), qubits = static_cast<std::size_t>(gate.qubits);
    if (given.size() != angles + qubits)
      throw InputError(fmt::format("{} takes {} angles, then {} qubits, and was given {} arguments",
                                   gate.name, angles, qubits, given.size()));
    std::vector<Angle> turns;
    std::vector<int> on;
    for (std::size_t i = 0; i < angles; ++i) turns.push_back(angle_of(given[i]));
    for (std::size_t i = angles; i < given.size(); ++i) on.push_back(qubit_of(given[i]));
    return circuit.add(gate, std::move(on), std::move(turns));
  };
  type.def(name.c_str(), append, nb::sig(signature.c_str()), summary.c_str(), nb::rv_policy::reference);
}

std::vector<int> qubits_of(const nb::args& given) {
  std::vector<int> qubits;
  for (const nb::handle each : given) qubits.push_back(qubit_of(each));
  return qubits;
}

Circuit& add_by_name(Circuit& circuit, std::string_view name, std::vector<int> qubits,
                     const nb::args& angles) {
  std::vector<Angle> turns;
  for (const nb::handle each : angles) turns.push_back(angle_of(each));
  return circuit.add(name, std::move(qubits), std::move(turns));
}

Condition::Relation relation_of(std::string_view text) {
  using enum Condition::Relation;
  for (const auto each : {equal, not_equal, less, less_equal, greater, greater_equal})
    if (to_string(each) == text) return each;
  throw InputError(fmt::format("\"{}\" is no comparison; choose one of == != < <= > >=", text));
}

Circuit& add_conditional(Circuit& circuit, std::vector<int> bits, std::uint64_t value, std::string_view name,
                         std::vector<int> qubits, const nb::args& angles, std::string_view relation) {
  std::vector<Angle> turns;
  for (const nb::handle each : angles) turns.push_back(angle_of(each));
  return circuit.add_if({std::move(bits), relation_of(relation), value}, name, std::move(qubits),
                        std::move(turns));
}

Circuit& measure(Circuit& circuit, int qubit, std::optional<int> bit) {
  if (!bit) bit = circuit.add_bits(fmt::format("c{}", circuit.bits()), 1);
  return circuit.measure(qubit, *bit);
}

Circuit circuit_of(int qubits, int bits) {
  Circuit circuit(qubits);
  if (bits != 0) circuit.add_bits("c", bits);
  return circuit;
}

nb::dict cost_of(const Circuit& circuit) {
  const auto cost = circuit.cost();
  nb::dict all;
  all["qubits"] = cost.qubits;
  all["gates"] = cost.gates;
  all["one_qubit"] = cost.one_qubit;
  all["two_qubit"] = cost.two_qubit;
  all["larger"] = cost.larger;
  all["depth"] = cost.depth;
  all["two_qubit_depth"] = cost.two_qubit_depth;
  all["measurements"] = cost.measurements;
  all["resets"] = cost.resets;
  return all;
}

nb::list operations_of(const Circuit& circuit) {
  nb::list all;
  for (const auto& each : circuit.operations()) {
    const auto letters = each.spec->structure == Structure::pauli_rotation && each.spec->qubits == 0
                             ? each.pauli
                             : std::string();
    all.append(nb::make_tuple(std::string(each.spec->name), each.qubits, each.angles, letters, each.bits));
  }
  return all;
}

nb::list conditions_of(const Circuit& circuit) {
  nb::list all;
  for (const auto& each : circuit.operations()) {
    nb::list conditions;
    for (const auto& condition : each.conditions)
      conditions.append(
          nb::make_tuple(condition.bits, std::string(to_string(condition.relation)), condition.value));
    all.append(conditions);
  }
  return all;
}

// What is kept of a circuit when it is pickled: everything but which operations make up one composite gate,
// unless it is the place of a channel.
using ConditionState = std::tuple<std::vector<int>, int, std::uint64_t>;
using PlaceState = std::pair<std::string, std::vector<int>>;  // of a channel
using OperationState = std::tuple<std::string, std::vector<int>, std::vector<Angle>, std::string,
                                  std::vector<int>, std::vector<ConditionState>, double, int, PlaceState>;
using RegisterState = std::pair<std::string, int>;

PlaceState place_of(const Operation& operation) {
  const auto name = channel_place_of(operation);
  return name.empty() ? PlaceState() : PlaceState(name, operation.part.gate->qubits);
}

OperationState state_of(const Operation& operation) {
  std::vector<ConditionState> conditions;
  for (const auto& each : operation.conditions)
    conditions.emplace_back(each.bits, static_cast<int>(each.relation), each.value);
  return {std::string(operation.spec->name),
          operation.qubits,
          operation.angles,
          operation.pauli,
          operation.bits,
          conditions,
          operation.duration.length,
          static_cast<int>(operation.duration.unit),
          place_of(operation)};
}

Operation operation_of(const OperationState& state) {
  Operation made;
  std::string name;
  std::vector<ConditionState> conditions;
  int unit = 0;
  PlaceState place;
  std::tie(name, made.qubits, made.angles, made.pauli, made.bits, conditions, made.duration.length, unit,
           place) = state;
  if (!place.first.empty())
    made.part.gate = std::make_shared<const CompositeGate>(
        CompositeGate{.name = std::move(place.first), .qubits = std::move(place.second)});
  made.spec = &operation(name);
  made.duration.unit = static_cast<Duration::Unit>(unit);
  for (const auto& [bits, relation, value] : conditions)
    made.conditions.push_back({bits, static_cast<Condition::Relation>(relation), value});
  return made;
}

nb::tuple state_of(const Circuit& circuit) {
  std::vector<RegisterState> registers;
  std::vector<OperationState> operations;
  for (const auto& each : circuit.registers()) registers.emplace_back(each.name, each.size);
  for (const auto& each : circuit.operations()) operations.push_back(state_of(each));
  return nb::make_tuple(circuit.qubits(), registers, operations);
}

Circuit circuit_from(int qubits, const std::vector<RegisterState>& registers,
                     const std::vector<OperationState>& operations) {
  Circuit circuit(qubits);
  for (const auto& [name, size] : registers) circuit.add_bits(name, size);
  for (const auto& each : operations) circuit.add(operation_of(each));
  return circuit;
}

void add_circuit(nb::module_& module) {
  nb::class_<Circuit> type(
      module, "Circuit",
      "Operations over qubits, applied in order to |0...0>, and classical bits. Qubit 0 is the lowest bit of a basis "
      "state's index and the last character of a bit string. Methods append an operation and return the circuit.\n\n"
      ">>> import qupel as qp\n"
      ">>> circuit = qp.Circuit(2).h(0).cx(0, 1)\n"
      ">>> circuit.cost()['two_qubit']\n1");
  type.def(nb::new_(&circuit_of), "qubits"_a, "bits"_a = 0);
  for (const OpSpec* gate : gates())
    if (gate->qubits > 0) add_gate(type, *gate);
  const auto self = nb::rv_policy::reference;
  type.def("add", &add_by_name, "name"_a, "qubits"_a, "angles"_a, self,
           "Appends a gate by its name; qubits with controls first.")
      .def(
          "pauli_rotation",
          [](Circuit& c, std::string_view letters, nb::handle angle, std::vector<int> on) -> Circuit& {
            return c.add_pauli_rotation(letters, std::move(on), angle_of(angle));
          },
          "letters"_a, "angle"_a, "qubits"_a, self,
          nb::sig(
              "def pauli_rotation(self, letters: str, angle: Angle | float, qubits: collections.abc.Sequence[int]) -> Circuit"),
          "Appends exp(-i angle/2 P) for the letters I, X, Y, Z of P, one a qubit.")
      .def(
          "unitary",
          [](Circuit& c, nb::handle matrix, std::vector<int> on) -> Circuit& {
            if (on.size() <= 2) return add_unitary(c, complex_matrix_of(matrix, "the unitary"), on);
            nb::module_::import_("qupel._unitary")
                .attr("append")(nb::cast(&c, nb::rv_policy::reference), matrix, on);
            return c;
          },
          "matrix"_a, "qubits"_a, self,
          nb::sig(
              "def unitary(self, matrix: numpy.typing.ArrayLike, qubits: collections.abc.Sequence[int]) -> Circuit"),
          "Appends gates that make a unitary of up to 8 qubits, up to a global phase; the first qubit is the low bit of its index.")
      .def(
          "_channel_place",
          [](Circuit& c, std::size_t channel, std::vector<int> on) -> Circuit& {
            if (on.empty()) throw InputError("a channel acts on at least one qubit");
            add_channel_place(c, channel, std::move(on));
            return c;
          },
          "channel"_a, "qubits"_a, self)
      .def("add_bits", &Circuit::add_bits, "name"_a, "size"_a,
           "Appends a register of classical bits; returns the number of its first.")
      .def("measure", &measure, "qubit"_a, "bit"_a = nb::none(), self,
           "Measures a qubit into a classical bit; None: a new one.")
      .def("reset", &Circuit::reset, "qubit"_a, self, "Makes a qubit |0>.")
      .def(
          "barrier", [](Circuit& c, const nb::args& on) -> Circuit& { return c.barrier(qubits_of(on)); },
          self, nb::sig("def barrier(self, *qubits: int) -> Circuit"),
          "Keeps the order of what is before and after it.")
      .def(
          "if_", &add_conditional, "bits"_a, "value"_a, "name"_a, "qubits"_a, "angles"_a, nb::kw_only(),
          "relation"_a = "==", self,
          "Appends a gate that happens where classical bits, read as a number with the lowest first, compare so with a value.")
      .def("append", &Circuit::append, "other"_a, "feature_shift"_a = 0, "parameter_shift"_a = 0, self,
           "Appends another circuit on the same qubits, the indices of its slots shifted.")
      .def("inverse", &Circuit::inverse, "The circuit that undoes this one.")
      .def(
          "bind",
          [](const Circuit& c, nb::handle features, nb::handle parameters) {
            return c.bind(vector_of(features, "the features"), vector_of(parameters, "the parameters"));
          },
          "features"_a = nb::none(), "parameters"_a = nb::none(),
          nb::sig(
              "def bind(self, features: numpy.typing.ArrayLike | None = None, parameters: numpy.typing.ArrayLike | None = None) -> "
              "Circuit"),
          "The circuit with every slot replaced by its value.")
      .def("separable", &Circuit::separable, "The same circuit without gates on more than one qubit.")
      .def(
          "copy", [](const Circuit& c) { return c; }, "A circuit of its own.")
      .def("__copy__", [](const Circuit& c) { return c; })
      .def(
          "__deepcopy__", [](const Circuit& c, nb::handle) { return c; }, "memo"_a)
      .def("cost", &cost_of,
           "What it asks of a device: gates by name, how many act on one qubit, two or more, depth.")
      .def_prop_ro("operations", &operations_of,
                   "Name, qubits, angles, Pauli letters and classical bits of each operation.")
      .def_prop_ro("conditions", &conditions_of,
                   "Of each operation those under which it happens: classical bits, comparison and value.")
      .def_prop_ro("qubits", &Circuit::qubits)
      .def_prop_ro("features", &Circuit::features, "1 + the highest feature that it uses.")
      .def_prop_ro("parameters", &Circuit::parameters, "1 + the highest parameter that it uses.")
      .def_prop_ro("bits", &Circuit::bits)
      .def_prop_ro("unitary_", &Circuit::unitary, "Whether it is of gates alone.")
      .def(
          "qasm", [](const Circuit& c) { return to_qasm(c); }, "OpenQASM 3.")
      .def_static(
          "from_qasm", [](std::string_view text) { return read_qasm(text, "the text").circuit; }, "text"_a,
          "Reads OpenQASM 2 or 3. Inputs x0, x1, ... are features, theta0, theta1, ... parameters.")
      .def("draw", &draw, "width"_a = 100, "A drawing as text, wrapped to so many columns.")
      .def("__str__", [](const Circuit& c) { return draw(c); })
      .def("__repr__",
           [](const Circuit& c) {
             return fmt::format("<Circuit of {} qubits, {} operations, {} features, {} parameters>",
                                c.qubits(), c.operations().size(), c.features(), c.parameters());
           })
      .def("__len__", [](const Circuit& c) { return c.operations().size(); })
      .def(
          "__eq__", [](const Circuit& a, const Circuit& b) { return a == b; }, nb::is_operator())
      .def("__reduce__", [](const Circuit& c) {
        return nb::make_tuple(nb::module_::import_("qupel._pickling").attr("circuit"), state_of(c));
      });
  type.attr("__hash__") = nb::none();
  module.def("_circuit_from", &circuit_from, "qubits"_a, "registers"_a, "operations"_a);
}

}  // namespace

void add_circuits(nb::module_& module) {
  add_angles(module);
  add_circuit(module);
  module.def(
      "gates",
      [] {
        std::vector<std::string> names;
        for (const OpSpec* gate : gates()) names.emplace_back(gate->name);
        return names;
      },
      "Names of all gates.");
}

}  // namespace qupel::python
