#pragma once
#include "qupel/electrons/integrals.h"
#include "qupel/electrons/sector.h"

// Matrix elements between strings of one spin. Private to electrons and its users' inner loops.
namespace qupel {

/// <s| H |s> of the electrons of one spin alone.
double string_energy(const OrbitalIntegrals& integrals, int spin, Occupation string);
/// <s'| H |s> of the electrons of one spin alone, where s' has p for q; without the sign.
double single_element(const OrbitalIntegrals& integrals, int spin, Occupation string, int p, int q);
/// The same where s' has p and r (p > r) for q and s (q > s).
double double_element(const OrbitalIntegrals& integrals, int spin, int p, int r, int q, int s);
/// The sign of a+_p a_q on a string that holds q and not p (or p = q).
inline int move_sign(Occupation string, int p, int q) {
  return p == q || !odd_between(string, p, q) ? 1 : -1;
}

}  // namespace qupel
