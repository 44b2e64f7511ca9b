#include "qupel/engine/rotations/measurement.h"

#include <map>
#include <utility>

namespace qupel::rotations {

Measurements measurements(std::span<const Observable> observables, const Frame& frame,
                          const Support& support) {
  Measurements result;
  auto& [groups, constants] = result;
  constants.resize(observables.size());
  std::map<std::pair<Mask, bool>, std::size_t> group_of;        // positions, by x and parity of the phase
  std::map<std::pair<std::size_t, Mask>, std::size_t> mask_of;  // the same in a group, by z
  for (std::size_t o = 0; o < observables.size(); ++o) {
    for (const auto& term : observables[o].terms) {
      Pauli p = frame.stored(term.pauli);
      if (!support.holds(p.x)) continue;
      p.x = support.coordinates(p.x);
      p.z = support.parity(p.z);
      if (p.x == 0 && p.z == 0) {
        constants[o] += p.phase == 0 ? term.weight : -term.weight;
        continue;
      }
      const bool imaginary = (p.phase & 1) != 0;
      const auto [group_at, new_group] = group_of.try_emplace({p.x, imaginary}, groups.size());
      if (new_group)
        groups.push_back({.x = p.x, .imaginary = imaginary, .masks = {}, .parities = {}, .terms = {}});
      auto& group = groups[group_at->second];
      const auto [mask, new_mask] = mask_of.try_emplace({group_at->second, p.z}, group.masks.size());
      if (new_mask) group.masks.push_back(p.z);
      const double amplitude = p.phase < 2 ? term.weight : -term.weight;
      group.terms.push_back({static_cast<int>(mask->second), static_cast<int>(o),
                             imaginary ? -amplitude : amplitude, amplitude});
    }
  }
  for (auto& each : groups) each.parities = ParityTree(each.masks, support.dimension());
  return result;
}

}  // namespace qupel::rotations
