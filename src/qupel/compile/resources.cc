#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "qupel/compile/compile.h"
#include "qupel/compile/native.h"
#include "qupel/compile/timeline.h"
#include "qupel/noise/noise_model.h"
#include "qupel/noise/schedule.h"

namespace qupel {
namespace {

// What the device says of operations where they stand.
class Calibration {
 public:
  explicit Calibration(const Device& device) : device_(&device) {
    for (const auto& gate : device.gates) gates_[{gate.spec, gate.qubits}] = &gate;
    for (const auto& each : device.native)
      if (each.is_virtual) virtual_.insert(each.spec);
  }

  bool is_virtual(const Operation& operation) const { return virtual_.contains(operation.spec); }

  double duration(const Operation& operation) const {
    if (const auto stated = stated_duration({operation.spec->name, operation.qubits, &operation}))
      return *stated;
    if (operation.spec->structure == Structure::measure) return at(operation).readout_time;
    if (operation.spec->structure == Structure::reset) return device_->reset_time;
    const auto* gate = find(operation);
    return gate == nullptr || is_virtual(operation) ? 0 : known(gate->duration);
  }

  // -log of the fidelity.
  double loss(const Operation& operation) const {
    if (operation.spec->structure == Structure::measure) return readout_loss(operation.qubits[0]);
    const auto* gate = find(operation);
    return gate == nullptr || is_virtual(operation) ? 0 : -std::log1p(-known(gate->error));
  }
  double readout_loss(int qubit) const {
    const auto& q = device_->qubits[index(qubit)];
    return -std::log1p(-(known(q.one_for_zero) + known(q.zero_for_one)) / 2);
  }
  // The average fidelity of thermal relaxation is 1/2 + exp(-t/T1)/6 + exp(-t/T2)/3.
  double waiting_loss(int qubit, double time) const {
    const auto& q = device_->qubits[index(qubit)];
    return -std::log(0.5 + std::exp(-time / q.t1) / 6 + std::exp(-time / q.t2) / 3);
  }

 private:
  static double known(double number) { return std::isfinite(number) ? number : 0; }

  const DeviceQubit& at(const Operation& operation) const {
    return device_->qubits[index(operation.qubits[0])];
  }
  const DeviceGate* find(const Operation& operation) const {
    if (const auto found = gates_.find({operation.spec, operation.qubits}); found != gates_.end())
      return found->second;
    const std::vector<int> backward(operation.qubits.rbegin(), operation.qubits.rend());
    const auto found = gates_.find({operation.spec, backward});
    return found == gates_.end() ? nullptr : found->second;
  }

  const Device* device_;
  std::map<std::pair<const OpSpec*, std::vector<int>>, const DeviceGate*> gates_;
  std::set<const OpSpec*> virtual_;
};

TimedGate timed(const Operation& operation, double duration) {
  TimedGate gate{operation.qubits, duration, {}, operation.bits};
  for (const auto& condition : operation.conditions)
    gate.reads.insert(gate.reads.end(), condition.bits.begin(), condition.bits.end());
  gate.aligns = operation.spec->structure == Structure::barrier;
  return gate;
}

std::vector<TimedGate> timed_gates(const Circuit& circuit, const Calibration& calibration) {
  std::vector<TimedGate> gates;
  for (const auto& operation : circuit.operations())
    gates.push_back(timed(operation, calibration.duration(operation)));
  return gates;
}

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

double loss(const Circuit& circuit, const Calibration& calibration, std::span<const TimedGate> gates) {
  const auto waits = waiting_times(gates, circuit.qubits(), circuit.bits(), Schedule::as_late_as_possible);
  double total = 0;
  for (std::size_t g = 0; g < gates.size(); ++g) {
    const auto& operation = circuit.operations()[g];
    total += calibration.loss(operation);
    const double meanwhile = operation.spec->structure == Structure::delay ? gates[g].duration : 0;
    for (std::size_t k = 0; k < waits[g].size(); ++k)
      if (const double wait = waits[g][k] + meanwhile; wait > 0)
        total += calibration.waiting_loss(operation.qubits[k], wait);
  }
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

Timeline timeline(const Compiled& compiled, const Device& device) {
  const Calibration calibration(device);
  const auto circuit = without_frames(compiled.circuit, device);
  const auto gates = timed_gates(circuit, calibration);
  const auto starts = start_times(gates, circuit.qubits(), circuit.bits(), Schedule::as_late_as_possible);
  Timeline made{{}, compiled.initial_layout, 0};
  for (std::size_t g = 0; g < gates.size(); ++g) {
    const auto& operation = circuit.operations()[g];
    const auto structure = operation.spec->structure;
    if (structure != Structure::barrier && structure != Structure::delay && !operation.qubits.empty())
      made.operations.push_back(
          {std::string(operation.spec->name), operation.qubits, starts[g], gates[g].duration});
  }
  std::ranges::stable_sort(made.operations, {}, &TimelineOperation::start);
  if (made.operations.size() > most_timeline_operations) {
    made.left_out = static_cast<long>(made.operations.size() - most_timeline_operations);
    made.operations.resize(most_timeline_operations);
  }
  return made;
}

}  // namespace qupel
