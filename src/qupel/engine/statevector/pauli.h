#pragma once
#include <bit>
#include <cstdint>

// Pauli strings and basis-state maps over bit masks, the algebra below the compiler of circuits.
namespace qupel::statevector {

using Mask = std::uint64_t;

/// Whether an odd number of bits is set.
inline bool odd(Mask bits) { return (std::popcount(bits) & 1) != 0; }

/// The operator i^phase X^x Z^z, where bit q of a mask belongs to bit q of a basis state.
struct Pauli {
  int phase = 0;
  Mask x = 0, z = 0;
};

inline Pauli operator*(const Pauli& a, const Pauli& b) {
  return {(a.phase + b.phase + (odd(a.z & b.x) ? 2 : 0)) & 3, a.x ^ b.x, a.z ^ b.z};
}

inline bool commute(const Pauli& a, const Pauli& b) { return !odd((a.x & b.z) ^ (a.z & b.x)); }

}  // namespace qupel::statevector
