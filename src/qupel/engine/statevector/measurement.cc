#include "qupel/engine/statevector/measurement.h"

#include <algorithm>

#include "qupel/engine/statevector/lower.h"

namespace qupel::statevector {

Measurements measurements(std::span<const Observable> observables, const Frame& frame,
                          const Support& support) {
  Measurements result;
  auto& [groups, constants] = result;
  constants.resize(observables.size());
  for (std::size_t o = 0; o < observables.size(); ++o) {
    for (const auto& term : observables[o].terms) {
      Pauli p = lower(term.pauli, frame);
      if (!support.holds(p.x)) continue;
      p.x = support.coordinates(p.x);
      p.z = support.parity(p.z);
      if (p.x == 0 && p.z == 0) {
        constants[o] += p.phase == 0 ? term.weight : -term.weight;
        continue;
      }
      const bool imaginary = (p.phase & 1) != 0;
      auto group = std::ranges::find_if(
          groups, [&](const Measurement& m) { return m.x == p.x && m.imaginary == imaginary; });
      if (group == groups.end()) {
        groups.push_back({.x = p.x, .imaginary = imaginary, .masks = {}, .parities = {}, .terms = {}});
        group = std::prev(groups.end());
      }
      auto mask = std::ranges::find(group->masks, p.z);
      if (mask == group->masks.end()) mask = group->masks.insert(mask, p.z);
      const double amplitude = p.phase < 2 ? term.weight : -term.weight;
      group->terms.push_back({static_cast<int>(mask - group->masks.begin()), static_cast<int>(o),
                              imaginary ? -amplitude : amplitude, amplitude});
    }
  }
  for (auto& each : groups) each.parities = ParityTree(each.masks, support.dimension());
  return result;
}

}  // namespace qupel::statevector
