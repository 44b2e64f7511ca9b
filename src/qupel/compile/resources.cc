#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include "qupel/compile/calibration.h"
#include "qupel/compile/compile.h"
#include "qupel/compile/native.h"

namespace qupel {
namespace {

// The first gate starts at once if all start as early as they can: its qubit is busy or waits until the end.
double total_time(std::span<const TimedGate> gates, const Circuit& circuit) {
  const auto first =
      std::ranges::find_if(gates, [](const TimedGate& g) { return !g.aligns && !g.qubits.empty(); });
  if (first == gates.end()) return 0;
  const auto waits = waiting_times(gates, circuit.qubits(), circuit.bits(), Schedule::as_early_as_possible);
  double total = 0;
  for (std::size_t g = 0; g < gates.size(); ++g)
    for (std::size_t k = 0; k < waits[g].size(); ++k)
      if (gates[g].qubits[k] == first->qubits[0]) total += gates[g].duration + waits[g][k];
  return total;
}

// How long qubits wait between two gates is one time, whatever delays, barriers and changes of frame lie
// between them: the average fidelity of two waits in a row is not the product of theirs.
double loss(const Circuit& circuit, const Calibration& calibration, std::span<const TimedGate> gates) {
  const auto waits = waiting_times(gates, circuit.qubits(), circuit.bits(), Schedule::as_late_as_possible);
  std::vector<double> waiting(static_cast<std::size_t>(circuit.qubits()), 0.0);
  double total = 0;
  const auto end_wait = [&](std::size_t qubit) {
    if (waiting[qubit] > 0) total += calibration.waiting_loss(static_cast<int>(qubit), waiting[qubit]);
    waiting[qubit] = 0;
  };
  for (std::size_t g = 0; g < gates.size(); ++g) {
    const auto& operation = circuit.operations()[g];
    const bool delays = operation.spec->structure == Structure::delay;
    const bool goes_on = delays || calibration.is_virtual(operation);
    total += calibration.loss(operation);
    for (std::size_t k = 0; k < waits[g].size(); ++k) {
      const auto qubit = static_cast<std::size_t>(operation.qubits[k]);
      if (!goes_on) end_wait(qubit);
      waiting[qubit] += waits[g][k] + (delays ? gates[g].duration : 0);  // what waits[g] says comes after it
    }
  }
  for (std::size_t qubit = 0; qubit < waiting.size(); ++qubit) end_wait(qubit);
  return total;
}

}  // namespace

Resources resources(const Compiled& compiled, const Device& device) {
  const auto& circuit = compiled.circuit;
  const Calibration calibration(device);
  const auto cost = without_frames(circuit, device).cost();
  const auto gates = timed_gates(circuit, calibration);
  Resources found;
  found.one_qubit = cost.one_qubit;
  found.two_qubit = cost.two_qubit;
  found.depth = cost.depth;
  found.two_qubit_depth = cost.two_qubit_depth;
  found.duration = total_time(gates, circuit);
  double lost = loss(circuit, calibration, gates);
  if (cost.measurements == 0)
    for (const int q : compiled.final_layout) lost += calibration.readout_loss(q);
  found.expected_fidelity = std::exp(-lost);
  std::set<int> used;
  for (const auto& operation : circuit.operations())
    if (operation.spec->structure != Structure::barrier)
      used.insert(operation.qubits.begin(), operation.qubits.end());
  found.qubits = static_cast<int>(used.size());
  return found;
}

}  // namespace qupel
