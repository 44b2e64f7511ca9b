#include <fmt/format.h>

#include "qupel/report/chart.h"
#include "qupel/report/format.h"
#include "qupel/report/html.h"
#include "qupel/report/sections.h"
#include "qupel/report/selection.h"

namespace qupel::report {
namespace {

std::string resources(const ContenderResult& c) {
  const auto& cost = c.circuit_cost;
  std::string kinds;
  for (const auto& [name, amount] : cost.gates)
    kinds +=
        fmt::format("{}{} {}", kinds.empty() ? "" : ", ", count(static_cast<double>(amount)), escaped(name));
  const auto whole = [](long value) { return count(static_cast<double>(value)); };
  return table("resources of the circuit",
               {"qubits", "depth", "two-qubit depth", "one-qubit gates", "two-qubit gates", "larger gates",
                "trained parameters", "by kind"},
               {{whole(c.qubits), whole(cost.depth), whole(cost.two_qubit_depth), whole(cost.one_qubit),
                 whole(cost.two_qubit), whole(cost.larger), whole(c.parameters), kinds}},
               "numbers plain");
}

std::string unentangled(const ContenderResult& c) {
  return c.family == Family::quantum && c.circuit_cost.two_qubit + c.circuit_cost.larger == 0
             ? " These settings entangle nothing: any laptop runs this circuit at any size."
             : "";
}

/// "4 two-qubit gates, 216 larger"; those are decomposed on a device.
std::string entangling_gates(const CircuitCost& cost) {
  const auto text = plural(static_cast<double>(cost.two_qubit), "two-qubit gate");
  return cost.larger == 0 ? text : text + fmt::format(", {} larger", count(static_cast<double>(cost.larger)));
}

std::string circuit(const ContenderResult& c, bool open) {
  const auto title = family_icon(c.family) + element("b", "", escaped(c.name)) + " " +
                     muted(fmt::format("{}, depth {}, {}", plural(c.qubits, "qubit"), c.circuit_cost.depth,
                                       entangling_gates(c.circuit_cost)));
  auto inside = paragraph("lead", escaped(as_sentence(c.summary)) + unentangled(c)) + resources(c) +
                preformatted("drawing of the circuit of " + c.name, c.drawing);
  if (!c.qasm.empty()) inside += listing("OpenQASM 3", preformatted("OpenQASM 3 of " + c.name, c.qasm));
  return folded(title, inside, open);
}

}  // namespace

std::string circuits_section(const StudyResult& result) {
  const auto* best = best_of(result, Family::quantum);
  std::string circuits;
  for (const auto& c : result.contenders)
    if (!c.drawing.empty()) circuits += circuit(c, &c == best);
  if (circuits.empty()) return "";
  return paragraph(
             "lead",
             is_table(result)
                 ? "With the settings chosen most often. x are features of a row (re-uploading takes each "
                   "again in every layer), θ are trained."
                 : "With the settings chosen most often. θ are trained.") +
         circuits;
}

}  // namespace qupel::report
