#pragma once
#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <vector>

namespace qupel {

/// The occupied orbitals of one spin: bit p is orbital p.
using Occupation = std::uint64_t;

/// One electron in this orbital.
inline Occupation bit(int orbital) { return Occupation{1} << orbital; }
/// Calls visit(orbital) for all that are occupied, from the lowest.
template <class Visit>
void for_each_bit(Occupation bits, Visit&& visit) {
  for (; bits != 0; bits &= bits - 1) visit(std::countr_zero(bits));
}

/// A Slater determinant a+_p ... (alpha, ascending) a+_q ... (beta, ascending) |vacuum>.
struct Determinant {
  Occupation alpha = 0, beta = 0;
  friend bool operator==(const Determinant&, const Determinant&) = default;
};

/// All ways to put so many electrons into orbitals, ascending as numbers, which is the order of the
/// combinatorial number system.
class Strings {
 public:
  /// @throws InputError for more than 63 orbitals, electrons that do not fit, or too many for memory
  Strings(int orbitals, int electrons);
  std::size_t size() const { return occupations_.size(); }
  Occupation operator[](std::size_t i) const { return occupations_[i]; }
  std::size_t index(Occupation occupation) const;
  int orbitals() const { return orbitals_; }
  int electrons() const { return electrons_; }

 private:
  int orbitals_, electrons_;
  std::vector<Occupation> occupations_;
  std::vector<std::size_t> below_;  // binomial(p, k) at p * (electrons + 1) + k
};

/// All determinants with so many alpha and beta electrons. Determinant (a, b) has index a * betas + b.
class Sector {
 public:
  /// @throws InputError as Strings
  Sector(int orbitals, int alpha, int beta);
  std::size_t size() const { return strings_[0].size() * strings_[1].size(); }
  const Strings& strings(int spin) const { return strings_[static_cast<std::size_t>(spin)]; }
  int orbitals() const { return strings_[0].orbitals(); }
  std::size_t index(const Determinant& determinant) const;
  Determinant determinant(std::size_t index) const;
  /// The determinant of the lowest orbitals.
  Determinant lowest() const;

 private:
  std::array<Strings, 2> strings_;
};

/// binomial(n, k) as a number that may be large.
double determinants(int orbitals, int alpha, int beta);

/// Whether the number of occupied orbitals between two places, without them, is odd.
bool odd_between(Occupation occupation, int p, int q);

}  // namespace qupel
