#include "qupel/mitigate/native_gates.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <numbers>

#include "qupel/base/error.h"
#include "qupel/mitigate/gate_units.h"

namespace qupel::mitigate {
namespace {

constexpr double pi = std::numbers::pi;

struct Gate {
  std::string_view name;
  std::vector<double> angles = {};
};
using Gates = std::vector<Gate>;

/// Ways to do it, the shortest first.
std::vector<Gates> ways_of_pauli(char letter, bool backwards) {
  const double turn = backwards ? -pi : pi;
  switch (letter) {
    case 'X':
      if (!backwards)
        return {{{"x"}},        {{"rx", {turn}}}, {{"prx", {pi, 0}}},
                {{"gpi", {0}}}, {{"sx"}, {"sx"}}, {{"u", {pi, 0, pi}}}};
      return {{{"rz", {pi}}, {"x"}, {"rz", {pi}}},
              {{"rx", {turn}}},
              {{"prx", {pi, pi}}},
              {{"gpi", {pi}}},
              {{"rz", {pi}}, {"sx"}, {"sx"}, {"rz", {pi}}},
              {{"u", {-pi, 0, pi}}}};
    case 'Y':
      if (!backwards)
        return {{{"y"}},
                {{"ry", {turn}}},
                {{"prx", {pi, pi / 2}}},
                {{"gpi", {pi / 2}}},
                {{"rz", {-pi / 2}}, {"x"}, {"rz", {pi / 2}}},
                {{"rz", {-pi / 2}}, {"rx", {pi}}, {"rz", {pi / 2}}},
                {{"rz", {-pi / 2}}, {"sx"}, {"sx"}, {"rz", {pi / 2}}},
                {{"u", {pi, 0, 0}}}};
      return {{{"rz", {pi / 2}}, {"x"}, {"rz", {-pi / 2}}},
              {{"ry", {turn}}},
              {{"prx", {pi, -pi / 2}}},
              {{"gpi", {-pi / 2}}},
              {{"rz", {pi / 2}}, {"rx", {pi}}, {"rz", {-pi / 2}}},
              {{"rz", {pi / 2}}, {"sx"}, {"sx"}, {"rz", {-pi / 2}}},
              {{"u", {-pi, 0, 0}}}};
    default:
      return {{{"z"}}, {{"rz", {pi}}}, {{"p", {pi}}}, {{"gpi", {0}}, {"gpi", {pi / 2}}}, {{"u", {0, 0, pi}}}};
  }
}

std::vector<Gates> ways_of_preparation(char letter) {
  switch (letter) {
    case 'X':  // a quarter turn about Y
      return {{{"h"}},
              {{"ry", {pi / 2}}},
              {{"prx", {pi / 2, pi / 2}}},
              {{"gpi2", {pi / 2}}},
              {{"sx"}, {"rz", {pi / 2}}},
              {{"rx", {pi / 2}}, {"rz", {pi / 2}}},
              {{"u", {pi / 2, 0, 0}}}};
    case 'Y':  // a quarter turn back about X
      return {{{"rx", {-pi / 2}}},
              {{"prx", {pi / 2, pi}}},
              {{"gpi2", {pi}}},
              {{"sx"}, {"rz", {pi}}},
              {{"u", {pi / 2, pi / 2, 0}}}};
    default:
      return {{}};
  }
}

Operation operation_of(const Gate& gate, int qubit) {
  Operation made{&operation(gate.name), {qubit}, {}, {}};
  for (const double angle : gate.angles) made.angles.emplace_back(angle);
  return made;
}

/// Nothing: the noise does not know the gate there.
bool known(const Gate& gate, int qubit, const NoiseModel& noise, double& duration) {
  if (noise.empty()) return true;
  const auto made = operation_of(gate, qubit);
  const GateEvent event{made.spec->name, made.qubits, &made};
  try {
    noise.source()->after(event);
    if (noise.source()->disturbs_waiting()) duration += noise.source()->duration(event);
    return true;
  } catch (const InputError&) {
    return false;
  }
}

std::pair<Gates, double> first_known(const std::vector<Gates>& ways, int qubit, const NoiseModel& noise) {
  for (const auto& way : ways) {
    double duration = 0;
    if (std::ranges::all_of(way, [&](const Gate& gate) { return known(gate, qubit, noise, duration); }))
      return {way, duration};
  }
  throw InputError(
      fmt::format("qubit {}: the device has no operation that the mitigation could add there: {}", qubit,
                  to_string(noise)));
}

void append(const Gates& gates, int qubit, Circuit& circuit) {
  for (const auto& gate : gates) circuit.add(operation_of(gate, qubit));
}

}  // namespace

void add_pauli(char letter, int qubit, const NoiseModel& noise, Circuit& circuit, bool backwards) {
  append(first_known(ways_of_pauli(letter, backwards), qubit, noise).first, qubit, circuit);
}

void add_preparation(char letter, int qubit, const NoiseModel& noise, Circuit& circuit) {
  append(first_known(ways_of_preparation(letter), qubit, noise).first, qubit, circuit);
}

double pauli_duration(char letter, int qubit, const NoiseModel& noise, bool backwards) {
  return first_known(ways_of_pauli(letter, backwards), qubit, noise).second;
}

Circuit with_paulis_at_the_end(const Circuit& circuit, const PauliString& paulis, const NoiseModel& noise) {
  const auto units = units_of(circuit);
  std::vector<std::size_t> last(static_cast<std::size_t>(circuit.qubits()), units.size());
  for (std::size_t u = 0; u < units.size(); ++u)
    if (units[u].gate())
      for (const int q : units[u].event.qubits) last[static_cast<std::size_t>(q)] = u;
  Circuit made = circuit.without_operations();
  for (std::size_t u = 0; u < units.size(); ++u) {
    std::vector<Operation> parts(units[u].operations.begin(), units[u].operations.end());
    const auto own = parts.size();
    if (units[u].gate())
      for (const int q : units[u].event.qubits)
        if (const char letter = paulis.letter(q); letter != 'I' && last[static_cast<std::size_t>(q)] == u)
          parts.push_back({&operation(letter == 'X' ? "x" : letter == 'Y' ? "y" : "z"), {q}, {}, {}});
    if (parts.size() > own) {
      const auto& event = units[u].event;
      const auto whole = std::make_shared<const CompositeGate>(
          CompositeGate{std::string(event.name), {event.qubits.begin(), event.qubits.end()}, parts.size()});
      for (std::size_t i = 0; i < parts.size(); ++i) parts[i].part = {whole, i};
    }
    for (auto& part : parts) made.add(std::move(part));
  }
  for (const auto& [q, letter] : paulis.letters())
    if (last[static_cast<std::size_t>(q)] == units.size()) add_pauli(letter, q, noise, made);
  return made;
}

}  // namespace qupel::mitigate
