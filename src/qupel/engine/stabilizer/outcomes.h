#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "qupel/engine/stabilizer/tableau.h"

namespace qupel::stabilizer {

/// Bits, 64 a word.
using Bits = std::vector<std::uint64_t>;
inline bool bit_of(const Bits& bits, std::size_t k) { return ((bits[k / 64] >> (k % 64)) & 1) != 0; }

/// What measurements of Z on some qubits of a state give together: a constant plus any sum (modulo 2) of some
/// directions, all equally likely.
class Outcomes {
 public:
  /// Bit k is that of qubits[k]. Takes the cube of the number of qubits, a word of bits at a time.
  Outcomes(const Tableau& tableau, std::span<const int> qubits);

  std::size_t dimension() const { return directions_.size(); }
  /// Draws so many of them: calls found(bits, count), not twice for equal bits. Time and memory go with how
  /// many different ones there are, not with shots.
  using Found = std::function<void(const Bits& bits, std::uint64_t count)>;
  void draw(std::uint64_t shots, std::uint64_t seed, const Found& found) const;

 private:
  Bits constant_;
  std::vector<Bits> directions_;
};

}  // namespace qupel::stabilizer
