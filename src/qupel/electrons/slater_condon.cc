#include "qupel/electrons/slater_condon.h"

#include <bit>

#include "qupel/electrons/hamiltonian.h"

namespace qupel {
namespace {

std::size_t at(int p) { return static_cast<std::size_t>(p); }

double repulsion(const OrbitalIntegrals& i, int spin_a, int spin_b, int p, int q, int r, int s) {
  return i.g(spin_a, spin_b)(i.pair(at(p), at(q)), i.pair(at(r), at(s)));
}

int lowest_bit(Occupation o) { return std::countr_zero(o); }
int highest_bit(Occupation o) { return 63 - std::countl_zero(o); }

/// Visits the occupied orbitals.
template <class Visit>
void for_each_orbital(Occupation string, Visit&& visit) {
  for (; string != 0; string &= string - 1) visit(lowest_bit(string));
}

/// Of strings that differ in up to two places; 0 for others.
double same_spin_element(const OrbitalIntegrals& i, int spin, Occupation a, Occupation b) {
  const Occupation created = a & ~b, annihilated = b & ~a;
  switch (std::popcount(created)) {
    case 0:
      return string_energy(i, spin, b);
    case 1: {
      const int p = lowest_bit(created), q = lowest_bit(annihilated);
      return move_sign(b, p, q) * single_element(i, spin, b, p, q);
    }
    case 2: {
      const int p = highest_bit(created), r = lowest_bit(created), q = highest_bit(annihilated),
                s = lowest_bit(annihilated);
      const Occupation between = (b ^ (Occupation{1} << q)) | (Occupation{1} << p);
      return move_sign(b, p, q) * move_sign(between, r, s) * double_element(i, spin, p, r, q, s);
    }
    default:
      return 0;
  }
}

}  // namespace

double string_energy(const OrbitalIntegrals& i, int spin, Occupation string) {
  double energy = 0;
  for_each_orbital(string, [&](int p) {
    energy += i.h(spin)(at(p), at(p));
    for_each_orbital(string, [&](int q) {
      energy += 0.5 * (repulsion(i, spin, spin, p, p, q, q) - repulsion(i, spin, spin, p, q, q, p));
    });
  });
  return energy;
}

double single_element(const OrbitalIntegrals& i, int spin, Occupation string, int p, int q) {
  double element = i.h(spin)(at(p), at(q));
  for_each_orbital(string & ~(Occupation{1} << q), [&](int r) {
    element += repulsion(i, spin, spin, p, q, r, r) - repulsion(i, spin, spin, p, r, r, q);
  });
  return element;
}

double double_element(const OrbitalIntegrals& i, int spin, int p, int r, int q, int s) {
  return repulsion(i, spin, spin, p, q, r, s) - repulsion(i, spin, spin, p, s, r, q);
}

double matrix_element(const OrbitalIntegrals& i, const Determinant& a, const Determinant& b) {
  const int alphas = std::popcount(a.alpha & ~b.alpha), betas = std::popcount(a.beta & ~b.beta);
  if (alphas + betas > 2) return 0;
  double element = 0;
  if (betas == 0) element += same_spin_element(i, 0, a.alpha, b.alpha);
  if (alphas == 0) element += same_spin_element(i, 1, a.beta, b.beta);
  const auto between_spins = [&](int p, int q, int r, int s) {
    element += move_sign(b.alpha, p, q) * move_sign(b.beta, r, s) * repulsion(i, 0, 1, p, q, r, s);
  };
  const auto with_alpha = [&](int p, int q) {
    if (betas == 1) return between_spins(p, q, lowest_bit(a.beta & ~b.beta), lowest_bit(b.beta & ~a.beta));
    for_each_orbital(b.beta, [&](int r) { between_spins(p, q, r, r); });
  };
  if (betas > 1 || alphas > 1) return element;
  if (alphas == 1)
    with_alpha(lowest_bit(a.alpha & ~b.alpha), lowest_bit(b.alpha & ~a.alpha));
  else
    for_each_orbital(b.alpha, [&](int p) { with_alpha(p, p); });
  return element;
}

}  // namespace qupel
