#include "qupel/compile/calibration.h"

#include <cmath>

#include "qupel/compile/target.h"
#include "qupel/noise/noise_model.h"

namespace qupel {
namespace {

double known(double number) { return std::isfinite(number) ? number : 0; }

TimedGate timed(const Operation& operation, double duration) {
  TimedGate gate{operation.qubits, duration, {}, operation.bits};
  for (const auto& condition : operation.conditions)
    gate.reads.insert(gate.reads.end(), condition.bits.begin(), condition.bits.end());
  gate.aligns = operation.spec->structure == Structure::barrier;
  return gate;
}

}  // namespace

Calibration::Calibration(const Device& device) : device_(&device) {
  for (const auto& gate : device.gates) gates_[{gate.spec, gate.qubits}] = &gate;
  for (const auto& each : device.native)
    if (each.is_virtual) virtual_.insert(each.spec);
}

double Calibration::duration(const Operation& operation) const {
  if (const auto stated = stated_duration({operation.spec->name, operation.qubits, &operation}))
    return *stated;
  if (operation.spec->structure == Structure::measure)
    return device_->qubits[index(operation.qubits[0])].readout_time;
  if (operation.spec->structure == Structure::reset) return device_->reset_time;
  const auto* gate = find(operation);
  return gate == nullptr || is_virtual(operation) ? 0 : known(gate->duration);
}

double Calibration::loss(const Operation& operation) const {
  if (operation.spec->structure == Structure::measure) return readout_loss(operation.qubits[0]);
  const auto* gate = find(operation);
  return gate == nullptr || is_virtual(operation) ? 0 : -std::log1p(-known(gate->error));
}

double Calibration::readout_loss(int qubit) const {
  const auto& q = device_->qubits[index(qubit)];
  return -std::log1p(-(known(q.one_for_zero) + known(q.zero_for_one)) / 2);
}

// The average fidelity of thermal relaxation is 1/2 + exp(-t/T1)/6 + exp(-t/T2)/3.
double Calibration::waiting_loss(int qubit, double time) const {
  const auto& q = device_->qubits[index(qubit)];
  return -std::log(0.5 + std::exp(-time / q.t1) / 6 + std::exp(-time / q.t2) / 3);
}

const DeviceGate* Calibration::find(const Operation& operation) const {
  if (const auto found = gates_.find({operation.spec, operation.qubits}); found != gates_.end())
    return found->second;
  const std::vector<int> backward(operation.qubits.rbegin(), operation.qubits.rend());
  const auto found = gates_.find({operation.spec, backward});
  return found == gates_.end() ? nullptr : found->second;
}

std::vector<TimedGate> timed_gates(const Circuit& circuit, const Calibration& calibration) {
  std::vector<TimedGate> gates;
  for (const auto& operation : circuit.operations())
    gates.push_back(timed(operation, calibration.duration(operation)));
  return gates;
}

}  // namespace qupel
