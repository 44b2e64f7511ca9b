#include "qupel/mitigate/folding.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "qupel/base/error.h"
#include "qupel/mitigate/gate_units.h"

namespace qupel::mitigate {
namespace {

/// Gates on at least so many qubits.
std::size_t count(std::span<const GateUnit> units, std::size_t least_qubits) {
  return static_cast<std::size_t>(std::ranges::count_if(
      units, [&](const GateUnit& unit) { return unit.gate() && unit.event.qubits.size() >= least_qubits; }));
}

/// How many qubits a gate has at least that the scale counts: 2, or 1 in a circuit without such gates.
std::size_t counted_qubits(const Circuit& circuit) { return count(units_of(circuit), 2) > 0 ? 2 : 1; }

/// How many things out of `all` are to be folded, each adding two of itself, for a scale.
std::size_t folds(std::size_t all, double scale) {
  return static_cast<std::size_t>(std::llround(static_cast<double>(all) * std::max(0.0, scale - 1) / 2));
}

double reached(std::size_t before, std::size_t after) {
  return before == 0 ? 1 : static_cast<double>(after) / static_cast<double>(before);
}

Folded with_scale(Circuit made, const Circuit& circuit) {
  const auto least = counted_qubits(circuit);
  const auto scale = reached(count(units_of(circuit), least), count(units_of(made), least));
  return {std::move(made), scale};
}

// Folds are dealt evenly: gate g has those from floor(g f) to floor((g+1) f).
Folded folded_locally(const Circuit& circuit, double scale) {
  const auto units = units_of(circuit);
  const auto least = counted_qubits(circuit);
  const auto gates = count(units, least), all = folds(gates, scale);
  Circuit made = circuit.without_operations();
  std::size_t seen = 0;
  for (const auto& unit : units) {
    add(unit, made);
    if (!unit.gate() || unit.event.qubits.size() < least) continue;
    for (auto left = (seen + 1) * all / gates - seen * all / gates; left > 0; --left) {
      add_inverse(unit, made);
      add(unit, made);
    }
    ++seen;
  }
  return {std::move(made), reached(gates, gates + 2 * all)};
}

void add_undone_and_done(std::span<const GateUnit> units, Circuit& made) {
  for (std::size_t k = units.size(); k-- > 0;) add_inverse(units[k], made);
  for (const auto& unit : units) add(unit, made);
}

Folded folded_globally(const Circuit& circuit, double scale) {
  const auto all = units_of(circuit);
  const std::span<const GateUnit> units(all);
  const auto least = counted_qubits(circuit);
  const auto gates = count(units, least);
  Circuit made = circuit.without_operations();
  for (const auto& unit : units) add(unit, made);
  if (gates == 0) return {std::move(made), 1};
  auto left = folds(gates, scale);
  for (; left >= gates; left -= gates) add_undone_and_done(units, made);
  std::size_t first = units.size();  // of the last units, which hold as many gates as are left
  while (count(units.subspan(first), least) < left) --first;
  add_undone_and_done(units.subspan(first), made);
  return with_scale(std::move(made), circuit);
}

Folded folded_by_layers(const Circuit& circuit, double scale) {
  const auto layers = layers_of(circuit);
  const auto least = counted_qubits(circuit);
  const auto counts = [&](const std::vector<GateUnit>& layer) { return count(layer, least) > 0; };
  const auto foldable = static_cast<std::size_t>(std::ranges::count_if(layers, counts));
  const auto all = folds(foldable, scale);
  Circuit made = circuit.without_operations();
  std::size_t seen = 0;
  for (const auto& layer : layers) {
    for (const auto& unit : layer) add(unit, made);
    if (!counts(layer)) continue;
    for (auto left = (seen + 1) * all / foldable - seen * all / foldable; left > 0; --left)
      add_undone_and_done(layer, made);
    ++seen;
  }
  return with_scale(std::move(made), circuit);
}

void add_waiting(double time, Circuit& made) {
  std::vector<int> everywhere;
  for (int q = 0; q < made.qubits(); ++q) everywhere.push_back(q);
  made.barrier(everywhere);
  for (const int q : everywhere) made.delay(q, {time, Duration::Unit::us});
  made.barrier(everywhere);
}

Folded folded_by_waiting(const Circuit& circuit, double scale, const NoiseModel& noise) {
  const bool clock = !noise.empty() && noise.source()->disturbs_waiting();
  const auto layers = layers_of(circuit);
  const auto all =
      static_cast<std::size_t>(std::llround(static_cast<double>(layers.size()) * std::max(0.0, scale - 1)));
  Circuit made = circuit.without_operations();
  for (std::size_t k = 0; k < layers.size(); ++k) {
    double longest = 0;
    for (const auto& unit : layers[k]) {
      add(unit, made);
      if (clock) longest = std::max(longest, noise.source()->duration(unit.event));
    }
    if (clock && longest > 0 && scale > 1) add_waiting((scale - 1) * longest, made);
    if (clock) continue;
    for (auto left = (k + 1) * all / layers.size() - k * all / layers.size(); left > 0; --left)
      for (int q = 0; q < made.qubits(); ++q) made.add("i", {q});
  }
  return {std::move(made), clock ? std::max(1.0, scale) : reached(layers.size(), layers.size() + all)};
}

}  // namespace

Folded folded(const Circuit& circuit, double scale, Folding folding, const NoiseModel& noise) {
  if (folding != Folding::local && !circuit.unitary())
    throw InputError(
        "a circuit with measurements or conditions can only be folded gate by gate: use zne(local)");
  switch (folding) {
    case Folding::global:
      return folded_globally(circuit, scale);
    case Folding::layer:
      return folded_by_layers(circuit, scale);
    case Folding::identity:
      return folded_by_waiting(circuit, scale, noise);
    case Folding::local:
      break;
  }
  return folded_locally(circuit, scale);
}

}  // namespace qupel::mitigate
