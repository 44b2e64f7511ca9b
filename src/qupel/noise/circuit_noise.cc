#include "qupel/noise/circuit_noise.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numbers>
#include <numeric>

#include "qupel/base/error.h"
#include "qupel/noise/idle_coupling.h"
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

/// Operations as schedules see them.
struct GateTimes {
  GateTimes(const Circuit& circuit, const NoiseSource& source) {
    const auto operations = circuit.operations();
    for (std::size_t k = 0, first = 0; k < operations.size(); ++k) {
      const auto gate = gate_ended_by(operations[k]);
      if (!gate) continue;
      gates.push_back(timed(operations[k], *gate, source.duration(*gate)));
      firsts.push_back(first);
      ends.push_back(k);
      first = k + 1;
    }
  }

  std::vector<TimedGate> gates;
  std::vector<std::size_t> firsts, ends;  ///< the operations that begin and end each
};

namespace {

/// Null: qubits that wait do not disturb each other.
const IdleCoupling* coupling_of(const NoiseModel& noise) {
  const auto* coupling = dynamic_cast<const IdleCoupling*>(noise.source());
  return coupling != nullptr && coupling->couples_waiting() ? coupling : nullptr;
}

/// A qubit between two of its gates, or during a delay.
struct Wait {
  int qubit;
  double from, until;
  std::size_t after, before;  ///< the operation that ends before it, the one that begins after it
};

/// In no order.
std::vector<Wait> waits_of(const GateTimes& timeline, const Circuit& circuit, const NoiseSource& source) {
  const auto starts = start_times(timeline.gates, circuit.qubits(), circuit.bits(), source.schedule());
  const auto lengths = waiting_times(timeline.gates, circuit.qubits(), circuit.bits(), source.schedule());
  std::vector<std::size_t> next(static_cast<std::size_t>(circuit.qubits()), circuit.operations().size());
  std::vector<Wait> waits;
  for (std::size_t g = timeline.gates.size(); g-- > 0;) {
    const auto& gate = timeline.gates[g];
    if (gate.aligns) continue;
    const auto& operation = circuit.operations()[timeline.ends[g]];
    const bool meanwhile = operation.spec->structure == Structure::delay;
    for (std::size_t k = 0; k < gate.qubits.size(); ++k) {
      const double end = starts[g] + gate.duration, from = meanwhile ? starts[g] : end;
      auto& before = next[static_cast<std::size_t>(gate.qubits[k])];
      if (end + lengths[g][k] > from)
        waits.push_back({gate.qubits[k], from, end + lengths[g][k], timeline.ends[g], before});
      before = timeline.firsts[g];
    }
  }
  return waits;
}

}  // namespace

Circuit in_time_order(const Circuit& circuit, const NoiseModel& noise) {
  if (coupling_of(noise) == nullptr) return circuit;
  const GateTimes timeline(circuit, *noise.source());
  const auto starts =
      start_times(timeline.gates, circuit.qubits(), circuit.bits(), noise.source()->schedule());
  std::vector<std::size_t> order(starts.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, {}, [&](std::size_t g) { return starts[g]; });
  auto made = circuit.without_operations();
  for (const auto g : order)
    for (std::size_t k = timeline.firsts[g]; k <= timeline.ends[g]; ++k) made.add(circuit.operations()[k]);
  return made;
}

CircuitNoise::CircuitNoise(const Circuit& circuit, const NoiseModel& noise)
    : circuit_(circuit), noise_(noise) {
  if (noise.empty() || !noise.source()->disturbs_waiting()) return;
  const GateTimes timeline(circuit, *noise.source());
  const auto waits =
      waiting_times(timeline.gates, circuit.qubits(), circuit.bits(), noise.source()->schedule());
  durations_.resize(circuit.operations().size());
  waits_.resize(circuit.operations().size());
  for (std::size_t g = 0; g < timeline.gates.size(); ++g) {
    durations_[timeline.ends[g]] = timeline.gates[g].duration;
    waits_[timeline.ends[g]] = waits[g];
  }
  if (coupling_of(noise) != nullptr) add_couplings(timeline);
}

void CircuitNoise::add_couplings(const GateTimes& timeline) {
  constexpr double rounding = 1e-9;
  const auto& coupling = *coupling_of(noise_);
  couplings_.resize(circuit_.operations().size());
  const auto waits = waits_of(timeline, circuit_, *noise_.source());
  for (const auto& a : waits)
    for (const auto& b : waits) {
      if (a.qubit >= b.qubit) continue;
      const double together = std::min(a.until, b.until) - std::max(a.from, b.from);
      if (together <= rounding || coupling.zz_rate(a.qubit, b.qubit) == 0) continue;
      const auto place = std::max(a.after, b.after);
      if (place >= std::min(a.before, b.before))
        throw InputError(fmt::format(
            "qubits {} and {} disturb each other while they wait, and their operations do not stand "
            "in the order of time",
            a.qubit, b.qubit));
      const double angle = coupling.zz_rate(a.qubit, b.qubit) * together;
      couplings_[place].push_back(
          {{&channel("zz-rotation"), {std::remainder(angle, 4 * std::numbers::pi)}}, {a.qubit, b.qubit}});
    }
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
  if (!couplings_.empty()) std::ranges::copy(couplings_[operation], std::back_inserter(steps));
}

}  // namespace qupel
