#include "qupel/execute/placement.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "qupel/base/error.h"

namespace qupel {
namespace {

std::vector<int> positions_of(const std::vector<int>& layout, const std::vector<int>& physical) {
  std::vector<int> ends;
  for (const int q : layout)
    ends.push_back(static_cast<int>(std::ranges::lower_bound(physical, q) - physical.begin()));
  return ends;
}

/// A circuit on the qubits in use as one on all of the device's.
Compiled spread(const Circuit& circuit, const std::vector<int>& physical, int size) {
  Compiled compiled{Circuit(size), physical, physical};
  for (const auto& bits : circuit.registers()) compiled.circuit.add_bits(bits.name, bits.size);
  for (auto operation : circuit.operations()) {
    for (int& q : operation.qubits) q = physical[static_cast<std::size_t>(q)];
    compiled.circuit.add(std::move(operation));
  }
  return compiled;
}

Placement placement_of(const Compiled& compiled, std::shared_ptr<const Device> device) {
  auto keep = compiled.final_layout;
  keep.insert(keep.end(), compiled.initial_layout.begin(), compiled.initial_layout.end());
  auto [used, physical] = compact(compiled.circuit, std::move(keep));
  Placement placement{std::move(device), std::move(used), std::move(physical), {}, {}, {}};
  placement.starts = positions_of(compiled.initial_layout, placement.physical);
  placement.ends = positions_of(compiled.final_layout, placement.physical);
  placement.resources = resources(compiled, *placement.device);
  return placement;
}

/// A circuit in two parts: `tail` has the one-qubit gates that can be merged with the rotations before a
/// measurement, `body` all else.
struct Split {
  Circuit body, tail;
};

/// The tail has, on each qubit that is rotated, the gates on that qubit alone that nothing else on it
/// follows. If they have more pulses than a compiled gate ever has, they stay in the body: they were made
/// longer on purpose, as by folding.
Split split_before_turns(const Circuit& circuit, const Circuit& turns, const Device& device) {
  constexpr int most_pulses = 2;
  const auto operations = circuit.operations();
  const auto width = static_cast<std::size_t>(circuit.qubits());
  std::vector<bool> open(width, false);
  for (const auto& turn : turns.operations()) open[static_cast<std::size_t>(turn.qubits.front())] = true;
  std::vector<std::vector<std::size_t>> last(width);
  std::vector<int> pulses(width, 0);
  for (std::size_t k = operations.size(); k-- > 0;) {
    const auto& operation = operations[k];
    const bool alone = operation.spec->gate() && operation.qubits.size() == 1 &&
                       operation.conditions.empty() && operation.part.gate == nullptr;
    for (const int qubit : operation.qubits) {
      const auto q = static_cast<std::size_t>(qubit);
      if (!open[q]) continue;
      open[q] = alone;
      if (!alone) continue;
      const auto* native = device.native_operation(operation.spec->name);
      pulses[q] += native != nullptr && native->is_virtual ? 0 : 1;
      last[q].push_back(k);
    }
  }
  std::vector<bool> moves(operations.size(), false);
  for (std::size_t q = 0; q < width; ++q)
    if (pulses[q] <= most_pulses)
      for (const auto k : last[q]) moves[k] = true;
  Split split{circuit.without_operations(), circuit.without_operations()};
  for (std::size_t k = 0; k < operations.size(); ++k) (moves[k] ? split.tail : split.body).add(operations[k]);
  return split;
}

Workload workload(const Placement& placement, std::uint64_t shots, long long circuits) {
  return {.duration = placement.resources.duration,
          .circuits = static_cast<long>(circuits),
          .shots = static_cast<long>(shots),
          .one_qubit = placement.resources.one_qubit,
          .two_qubit = placement.resources.two_qubit,
          .measured = static_cast<long>(placement.ends.size())};
}

}  // namespace

Placement Placement::with(Circuit other) const {
  auto changed = *this;
  changed.resources = qupel::resources(spread(other, physical, device->size()), *device);
  changed.circuit = std::move(other);
  return changed;
}

double Placement::seconds(std::uint64_t shots, long long circuits, long long before) const {
  const auto jobs = [&](long long of) {
    return (of + device->circuits_per_job - 1) / device->circuits_per_job;
  };
  constexpr double microseconds = 1e6;
  const auto saved = static_cast<double>(jobs(before) + jobs(circuits) - jobs(before + circuits));
  return device_seconds(workload(*this, shots, circuits), *device) -
         saved * device->job_overhead / microseconds;
}

Cost Placement::charge(std::uint64_t shots, long long circuits, long long before) const {
  if (device->prices.empty() || shots == 0) return {};
  return cost(workload(*this, shots, circuits), seconds(shots, circuits, before), price_of(*device));
}

Placement placed_as_it_is(const Circuit& circuit, std::shared_ptr<const Device> device,
                          const std::vector<int>& physical) {
  if (physical.size() != static_cast<std::size_t>(circuit.qubits()))
    throw InputError(fmt::format("{} places for a circuit of {} qubits", physical.size(), circuit.qubits()));
  for (const int q : physical)
    if (q < 0 || q >= device->size())
      throw InputError(
          fmt::format("qubit {}: {} has the qubits 0 to {}", q, device->name, device->size() - 1));
  const auto compiled = spread(circuit, physical, device->size());
  return placement_of(compiled, std::move(device));
}

Placement placed(const Circuit& circuit, std::shared_ptr<const Device> device) {
  const auto compiled = compile(circuit, *device);
  return placement_of(compiled, std::move(device));
}

Observable moved(const Observable& observable, const Placement& placement) {
  Observable result = observable;
  for (auto& term : result.terms) {
    if (term.pauli.qubits() > static_cast<int>(placement.ends.size()))
      throw InputError(fmt::format("{} acts on qubit {}, and the circuit has {}", to_string(term.pauli),
                                   term.pauli.qubits() - 1, placement.ends.size()));
    term.pauli = term.pauli.moved_to(placement.ends);
  }
  return result;
}

BasisCounts read_back(const BasisCounts& counts, const Placement& placement) {
  std::map<std::uint64_t, std::uint64_t> logical;
  for (const auto& [state, count] : counts) {
    std::uint64_t bits = 0;
    for (std::size_t q = 0; q < placement.ends.size(); ++q) bits |= (state >> placement.ends[q] & 1) << q;
    logical[bits] += count;
  }
  return {logical.begin(), logical.end()};
}

Circuit rotated_to_z(const Circuit& circuit, const MeasurementGroup& group, const Placement* placement) {
  if (placement == nullptr) return rotated_to_z(circuit, group);
  const auto turns = rotated_to_z(circuit.without_operations(), group);
  if (turns.operations().empty()) return circuit;
  auto [body, tail] = split_before_turns(circuit, turns, *placement->device);
  tail.append(turns);
  const auto compiled = compile(tail, *placement->device, {.initial_layout = placement->physical});
  return body.append(compact(compiled.circuit, placement->physical).circuit);
}

}  // namespace qupel
