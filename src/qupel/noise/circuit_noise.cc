#include "qupel/noise/circuit_noise.h"

#include <algorithm>

#include "qupel/noise/schedule.h"

namespace qupel {

bool GateEvent::is(std::string_view gate) const {
  if (name == gate) return true;
  return operation != nullptr && (operation->spec->name == gate || operation->spec->qasm == gate);
}

std::optional<GateEvent> gate_ended_by(const Operation& operation) {
  const auto& [gate, index] = operation.part;
  if (gate == nullptr) return GateEvent{operation.spec->name, operation.qubits, &operation};
  if (index + 1 < gate->parts) return std::nullopt;
  return GateEvent{gate->name, gate->qubits.empty() ? operation.qubits : gate->qubits,
                   gate->parts == 1 ? &operation : nullptr};
}

std::vector<GateEvent> gates_of(const Circuit& circuit) {
  std::vector<GateEvent> gates;
  for (const auto& operation : circuit.operations()) {
    if (const auto gate = gate_ended_by(operation)) gates.push_back(*gate);
  }
  return gates;
}

namespace {

// As schedules see it.
TimedGate timed(const Operation& operation, const GateEvent& gate, double duration) {
  TimedGate result{gate.qubits, duration, {}, operation.bits};
  for (const auto& condition : operation.conditions)
    std::ranges::copy(condition.bits, std::back_inserter(result.reads));
  result.aligns = operation.spec->structure == Structure::barrier;
  return result;
}

bool is_delay(const GateEvent& gate) {
  return gate.operation != nullptr && gate.operation->spec->structure == Structure::delay;
}

}  // namespace

std::optional<double> stated_duration(const GateEvent& event) {
  if (event.gate()) return std::nullopt;
  if (event.operation->spec->classical() || event.operation->spec->structure == Structure::barrier) return 0;
  if (!is_delay(event)) return std::nullopt;
  const auto& [length, unit] = event.operation->duration;
  switch (unit) {
    case Duration::Unit::ns:
      return length * 1e-3;
    case Duration::Unit::us:
      return length;
    case Duration::Unit::ms:
      return length * 1e3;
    case Duration::Unit::s:
      return length * 1e6;
    case Duration::Unit::dt:
      break;
  }
  return std::nullopt;
}

CircuitNoise::CircuitNoise(const Circuit& circuit, const NoiseModel& noise)
    : circuit_(circuit), noise_(noise) {
  if (noise.empty() || !noise.source()->disturbs_waiting()) return;
  const auto operations = circuit.operations();
  std::vector<TimedGate> gates;
  std::vector<std::size_t> ends;  // the operation that ends each
  durations_.resize(operations.size());
  for (std::size_t k = 0; k < operations.size(); ++k) {
    const auto gate = gate_ended_by(operations[k]);
    if (!gate) continue;
    durations_[k] = noise.source()->duration(*gate);
    gates.push_back(timed(operations[k], *gate, durations_[k]));
    ends.push_back(k);
  }
  const auto waits = waiting_times(gates, circuit.qubits(), circuit.bits(), noise.source()->schedule());
  waits_.resize(operations.size());
  for (std::size_t g = 0; g < gates.size(); ++g) waits_[ends[g]] = waits[g];
}

std::span<const double> CircuitNoise::waits_after(std::size_t operation) const {
  if (waits_.empty()) return {};
  return waits_[operation];
}

std::vector<NoiseStep> CircuitNoise::steps_after(std::size_t operation) const {
  if (noise_.empty()) return {};
  const auto gate = gate_ended_by(circuit_.operations()[operation]);
  if (!gate) return {};
  auto steps = noise_.source()->after(*gate);
  add_waits(operation, *gate, is_delay(*gate), steps);
  return steps;
}

std::vector<NoiseStep> CircuitNoise::steps_instead(std::size_t operation) const {
  std::vector<NoiseStep> steps;
  if (noise_.empty()) return steps;
  if (const auto gate = gate_ended_by(circuit_.operations()[operation]))
    add_waits(operation, *gate, true, steps);
  return steps;
}

void CircuitNoise::add_waits(std::size_t operation, const GateEvent& gate, bool meanwhile,
                             std::vector<NoiseStep>& steps) const {
  if (waits_.empty()) return;
  const auto& waits = waits_[operation];
  for (std::size_t k = 0; k < waits.size(); ++k) {
    const double wait = waits[k] + (meanwhile ? durations_[operation] : 0);
    if (wait > 0)
      std::ranges::move(noise_.source()->while_idle(gate.qubits[k], wait), std::back_inserter(steps));
  }
}

}  // namespace qupel
