#include "qupel/electrons/sector.h"

#include <fmt/format.h>

#include <bit>
#include <cmath>

#include "qupel/base/error.h"
#include "qupel/base/usable_memory.h"

namespace qupel {
namespace {

double binomial(int n, int k) {
  double value = 1;
  for (int i = 1; i <= k; ++i) value = value * (n - k + i) / i;
  return std::round(value);
}

/// The next larger number with as many bits (Gosper).
Occupation successor(Occupation x) {
  const Occupation lowest = x & (~x + 1), carried = x + lowest;
  return carried | (((x ^ carried) >> 2) / lowest);
}

}  // namespace

Strings::Strings(int orbitals, int electrons) : orbitals_(orbitals), electrons_(electrons) {
  if (orbitals < 1 || orbitals > 63)
    throw InputError(fmt::format("{} orbitals: determinants are kept for 1 to 63", orbitals));
  if (electrons < 0 || electrons > orbitals)
    throw InputError(fmt::format("{} electrons of one spin in {} orbitals", electrons, orbitals));
  const double count = binomial(orbitals, electrons);
  require_bytes(64 * count, fmt::format("{} electrons of one spin in {} orbitals", electrons, orbitals));
  below_.resize(static_cast<std::size_t>(orbitals + 1) * static_cast<std::size_t>(electrons + 1));
  for (int p = 0; p <= orbitals; ++p)
    for (int k = 0; k <= electrons; ++k)
      below_[static_cast<std::size_t>(p * (electrons + 1) + k)] =
          k > p ? 0 : static_cast<std::size_t>(binomial(p, k));
  occupations_.reserve(static_cast<std::size_t>(count));
  Occupation next = (Occupation{1} << electrons) - 1;
  while (occupations_.size() < static_cast<std::size_t>(count)) {
    occupations_.push_back(next);
    if (next != 0) next = successor(next);
  }
}

std::size_t Strings::index(Occupation occupation) const {
  std::size_t index = 0;
  for (std::size_t k = 1; occupation != 0; ++k, occupation &= occupation - 1)
    index += below_[static_cast<std::size_t>(std::countr_zero(occupation)) *
                        static_cast<std::size_t>(electrons_ + 1) +
                    k];
  return index;
}

Sector::Sector(int orbitals, int alpha, int beta)
    : strings_{Strings(orbitals, alpha), Strings(orbitals, beta)} {}

std::size_t Sector::index(const Determinant& determinant) const {
  return strings_[0].index(determinant.alpha) * strings_[1].size() + strings_[1].index(determinant.beta);
}

Determinant Sector::determinant(std::size_t index) const {
  return {strings_[0][index / strings_[1].size()], strings_[1][index % strings_[1].size()]};
}

Determinant Sector::lowest() const { return {strings_[0][0], strings_[1][0]}; }

double determinants(int orbitals, int alpha, int beta) {
  return binomial(orbitals, alpha) * binomial(orbitals, beta);
}

bool odd_between(Occupation occupation, int p, int q) {
  if (p > q) std::swap(p, q);
  const Occupation below_q = (Occupation{1} << q) - 1, up_to_p = (Occupation{2} << p) - 1;
  return (std::popcount(occupation & below_q & ~up_to_p) & 1) != 0;
}

}  // namespace qupel
