#pragma once
#include <algorithm>
#include <bit>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "qupel/engine/rotations/pauli.h"

namespace qupel::rotations {

/// A linear space of bit strings over GF(2), kept as a basis whose vectors have different highest bits.
class Span {
 public:
  /// The smallest string that differs from `vector` by an element of the space: 0 if the vector lies in it.
  Mask reduce(Mask vector) const {
    for (const Mask b : basis_) vector = std::min(vector, vector ^ b);
    return vector;
  }
  /// Adds the vector to the basis. @return false if the space held it already
  bool insert(Mask vector) {
    vector = reduce(vector);
    if (vector == 0) return false;
    basis_.insert(std::ranges::lower_bound(basis_, vector, std::greater{}), vector);
    return true;
  }
  std::size_t dimension() const { return basis_.size(); }
  /// The highest bits of the basis vectors. Each coset of the space holds exactly one string without any
  /// of them.
  Mask pivots() const {
    Mask bits = 0;
    for (const Mask b : basis_) bits |= std::bit_floor(b);
    return bits;
  }
  /// The basis, lowest vector first: enumerations of its sums then move through memory in small steps.
  std::vector<Mask> ascending() const { return {basis_.rbegin(), basis_.rend()}; }

 private:
  std::vector<Mask> basis_;  // highest first
};

/// Another basis of the same space, in which no vector has the highest bit of another.
/// @param basis vectors with different highest bits, lowest first
inline std::vector<Mask> reduced(std::vector<Mask> basis) {
  for (std::size_t i = 0; i < basis.size(); ++i) {
    for (std::size_t j = i + 1; j < basis.size(); ++j) {
      if ((basis[j] & std::bit_floor(basis[i])) != 0) basis[j] ^= basis[i];
    }
  }
  return basis;
}

/// The number whose bit bits[k] is bit k of `index`; all other bits are 0.
inline Mask placed(Mask index, std::span<const int> bits) {
  Mask result = 0;
  for (std::size_t k = 0; k < bits.size(); ++k) result |= (index >> k & 1) << bits[k];
  return result;
}

/// All sums (exclusive or) of subsets of the directions. Bit j of a sum's position in the list says whether
/// direction j takes part.
inline std::vector<Mask> sums(std::span<const Mask> directions) {
  std::vector<Mask> result{0};
  for (const Mask direction : directions) {
    const std::size_t half = result.size();
    for (std::size_t i = 0; i < half; ++i) result.push_back(result[i] ^ direction);
  }
  return result;
}

/// The dual basis: directions d such that masks[i] & d[j] has odd parity for i = j and even parity otherwise.
/// @param masks n independent masks of n bits
inline std::vector<Mask> duals(std::vector<Mask> masks) {
  std::vector<Mask> result;
  for (std::size_t i = 0; i < masks.size(); ++i) result.push_back(Mask{1} << i);
  // Gauss elimination: sums of masks become single bits, and bit j of result[k] says whether mask j is in the
  // sum for bit k.
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

/// `mask` in the coordinates of `directions`: its bit j is the parity of mask & directions[j], so that it has
/// the same parity with a position in sums(directions) as `mask` has with the sum at that position.
inline std::uint32_t along(Mask mask, std::span<const Mask> directions) {
  std::uint32_t bits = 0;
  for (std::size_t j = 0; j < directions.size(); ++j) bits |= std::uint32_t{odd(mask & directions[j])} << j;
  return bits;
}

}  // namespace qupel::rotations
