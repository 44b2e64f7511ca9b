#pragma once
#include <algorithm>
#include <bit>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "qupel/engine/rotations/pauli.h"

namespace qupel::rotations {

/// A space of bit strings over GF(2), by a basis in which each vector has its own highest bit.
class Span {
 public:
  /// What is left of a vector when the basis is taken off: 0 if it lies in the space.
  Mask reduce(Mask vector) const {
    for (const Mask b : basis_) vector = std::min(vector, vector ^ b);
    return vector;
  }
  /// Whether the vector was independent of those before.
  bool insert(Mask vector) {
    vector = reduce(vector);
    if (vector == 0) return false;
    basis_.insert(std::ranges::lower_bound(basis_, vector, std::greater{}), vector);
    return true;
  }
  std::size_t dimension() const { return basis_.size(); }
  /// The highest bits of the basis: strings without them name the space's cosets, one each.
  Mask pivots() const {
    Mask bits = 0;
    for (const Mask b : basis_) bits |= std::bit_floor(b);
    return bits;
  }
  /// Lowest first, so that enumerations move through memory in small steps.
  std::vector<Mask> ascending() const { return {basis_.rbegin(), basis_.rend()}; }

 private:
  std::vector<Mask> basis_;  // highest first
};

/// The same space by vectors each of which has a bit, its highest, that no other has. @param basis of which
/// each has a highest bit of its own, lowest first
inline std::vector<Mask> reduced(std::vector<Mask> basis) {
  for (std::size_t i = 0; i < basis.size(); ++i) {
    for (std::size_t j = i + 1; j < basis.size(); ++j) {
      if ((basis[j] & std::bit_floor(basis[i])) != 0) basis[j] ^= basis[i];
    }
  }
  return basis;
}

/// Bit k of `index` at position bits[k].
inline Mask placed(Mask index, std::span<const int> bits) {
  Mask result = 0;
  for (std::size_t k = 0; k < bits.size(); ++k) result |= (index >> k & 1) << bits[k];
  return result;
}

/// Sums of subsets of the directions: bit j of a position says whether direction j takes part.
inline std::vector<Mask> sums(std::span<const Mask> directions) {
  std::vector<Mask> result{0};
  for (const Mask direction : directions) {
    const std::size_t half = result.size();
    for (std::size_t i = 0; i < half; ++i) result.push_back(result[i] ^ direction);
  }
  return result;
}

/// Directions d with odd(masks[i] & d[j]) for i = j only. @param masks independent, as many as they have bits
inline std::vector<Mask> duals(std::vector<Mask> masks) {
  std::vector<Mask> result;
  for (std::size_t i = 0; i < masks.size(); ++i) result.push_back(Mask{1} << i);
  // Sums of masks become single bits; bit j of result[k] says whether mask j is in the sum of bit k.
  for (std::size_t k = 0; k < masks.size(); ++k) {
    const auto pivot = std::find_if(masks.begin() + static_cast<std::ptrdiff_t>(k), masks.end(),
                                    [&](Mask mask) { return (mask >> k & 1) != 0; });
    const auto at = static_cast<std::size_t>(pivot - masks.begin());
    std::swap(masks[k], masks[at]);
    std::swap(result[k], result[at]);
    for (std::size_t i = 0; i < masks.size(); ++i) {
      if (i == k || (masks[i] >> k & 1) == 0) continue;
      masks[i] ^= masks[k];
      result[i] ^= result[k];
    }
  }
  std::vector<Mask> columns(masks.size());
  for (std::size_t j = 0; j < columns.size(); ++j) {
    for (std::size_t k = 0; k < result.size(); ++k) columns[j] |= (result[k] >> j & 1) << k;
  }
  return columns;
}

/// The mask over positions with the parity that `mask` has over their sums.
inline std::uint32_t along(Mask mask, std::span<const Mask> directions) {
  std::uint32_t bits = 0;
  for (std::size_t j = 0; j < directions.size(); ++j) bits |= std::uint32_t{odd(mask & directions[j])} << j;
  return bits;
}

}  // namespace qupel::rotations
