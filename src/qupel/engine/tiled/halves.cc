#include "qupel/engine/tiled/halves.h"

#include <algorithm>
#include <bit>
#include <numeric>
#include <utility>

#include "qupel/engine/rotations/span.h"

namespace qupel::tiled {
namespace {

using rotations::odd;

// Smaller states take no longer than two halves.
constexpr int fewest_qubits = 16;
// The halves may differ in size: by at most twice this many bits.
constexpr int most_unequal = 2;
// Bounds on the work of planning long circuits. Halves take nothing more once so many rotations are left for
// the whole state; and only so many rotations from the front decide which bits should be in one half.
constexpr std::size_t most_for_whole = 400, most_joining = 1000;

// The bits of a mask at the positions that `inside` has, moved next to each other.
Mask gathered(Mask mask, Mask inside) {
  Mask result = 0;
  for (int at = 0; inside != 0; inside &= inside - 1, ++at)
    result |= (mask >> std::countr_zero(inside) & 1) << at;
  return result;
}

// Gives a rotation to a half if its x lies inside the half, the half then needs no more than two versions,
// and the rotation does not change the parity that chooses the other half's version. Returns whether the half
// took it.
bool take(const Rotation& rotation, Factor& half, const Factor& other) {
  const Mask reach = rotation.z & ~half.inside;
  if ((rotation.x & ~half.inside) != 0 || ((rotation.x | rotation.z) & half.inside) == 0) return false;
  if (reach != 0 && half.version != 0 && reach != half.version) return false;
  if (odd(rotation.x & other.version)) return false;
  half.version |= reach;
  const Mask version = reach != 0 ? Mask{1} << std::popcount(half.inside) : 0;
  auto& taken = half.rotations.emplace_back(rotation);
  taken.x = gathered(rotation.x, half.inside);
  taken.z = gathered(rotation.z, half.inside) | version;
  return true;
}

Halves divided(std::span<const Rotation> rotations, Mask low, Mask all) {
  Halves result;
  auto& [parts, rest] = result;
  parts[0].inside = low;
  parts[1].inside = all & ~low;
  for (const auto& rotation : rotations) {
    const auto commutes = [&](const Rotation& other) { return rotations::commute(rotation, other); };
    const bool taken = rest.size() < most_for_whole && std::ranges::all_of(rest, commutes) &&
                       (take(rotation, parts[0], parts[1]) || take(rotation, parts[1], parts[0]));
    if (!taken) rest.push_back(rotation);
  }
  return result;
}

// Sets of bits that the first rotations connect. Sets are joined as long as they have at most `most`
// bits together.
std::vector<Mask> joined(std::span<const Rotation> rotations, int qubits, int most) {
  std::vector<Mask> sets;
  for (int q = 0; q < qubits; ++q) sets.push_back(Mask{1} << q);
  for (const auto& rotation : rotations.first(std::min(rotations.size(), most_joining))) {
    const auto apart = std::stable_partition(
        sets.begin(), sets.end(), [&](Mask set) { return (set & (rotation.x | rotation.z)) == 0; });
    const Mask together = std::accumulate(apart, sets.end(), Mask{0}, std::bit_or());
    if (std::popcount(together) > most) continue;
    sets.erase(apart, sets.end());
    if (together != 0) sets.push_back(together);
  }
  return sets;
}

// The bits of one half, if sets go to the smaller half in turn, largest first.
Mask packed(std::vector<Mask> sets) {
  std::ranges::stable_sort(sets, std::greater{}, [](Mask set) { return std::popcount(set); });
  Mask low = 0, high = 0;
  for (const Mask set : sets) (std::popcount(low) <= std::popcount(high) ? low : high) |= set;
  return low;
}

}  // namespace

Mask Factor::number(Mask index) const {
  return gathered(index, inside) | Mask{odd(index & version)} << std::popcount(inside);
}

Halves divide(std::vector<Rotation> rotations, int qubits) {
  Halves best;
  best.rest = rotations;
  if (qubits < fewest_qubits) return best;
  const Mask all = (Mask{2} << (qubits - 1)) - 1;
  const auto left = [](const Halves& halves) {
    return std::ranges::count_if(halves.rest, [](const Rotation& rotation) { return rotation.x != 0; });
  };
  const auto consider = [&](Mask low) {
    if (std::abs(2 * std::popcount(low) - qubits) > 2 * most_unequal) return;
    if (auto other = divided(rotations, low, all); left(other) < left(best)) best = std::move(other);
  };
  for (int low = qubits / 2 - most_unequal; low <= qubits / 2 + most_unequal; ++low)
    consider((Mask{1} << low) - 1);
  for (int most = qubits / 2 - most_unequal; most <= qubits / 2 + most_unequal; ++most)
    consider(packed(joined(rotations, qubits, most)));
  return best;
}

}  // namespace qupel::tiled
