#include "qupel/electrons/selected.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <unordered_map>

#include "qupel/base/error.h"
#include "qupel/base/interrupt.h"
#include "qupel/base/usable_memory.h"
#include "qupel/electrons/slater_condon.h"

namespace qupel {
namespace {

struct DeterminantHash {
  std::size_t operator()(const Determinant& d) const {
    return (d.alpha * 0x9e3779b97f4a7c15U) ^ (std::rotl(d.beta * 0xc2b2ae3d27d4eb4fU, 31));
  }
};
using Places = std::unordered_map<Determinant, std::uint32_t, DeterminantHash>;

/// Calls visit(other, element) for all determinants that the Hamiltonian couples to one, without itself.
class Couplings {
 public:
  explicit Couplings(const OrbitalIntegrals& integrals)
      : integrals_(integrals), all_((Occupation{1} << integrals.orbitals) - 1) {}

  template <class Visit>
  void of(const Determinant& d, Visit&& visit) const {
    for (int spin = 0; spin < 2; ++spin) same_spin(d, spin, visit);
    for_each_bit(d.alpha, [&](int q) {
      for_each_bit(all_ & ~d.alpha, [&](int p) {
        const int sign = move_sign(d.alpha, p, q);
        const auto& row = integrals_.g(0, 1).row(pair(p, q));
        for_each_bit(d.beta, [&](int s) {
          for_each_bit(all_ & ~d.beta, [&](int r) {
            visit({d.alpha ^ bit(q) ^ bit(p), d.beta ^ bit(s) ^ bit(r)},
                  sign * move_sign(d.beta, r, s) * row[pair(r, s)]);
          });
        });
      });
    });
  }

 private:
  std::size_t pair(int p, int q) const {
    return integrals_.pair(static_cast<std::size_t>(p), static_cast<std::size_t>(q));
  }

  template <class Visit>
  void same_spin(const Determinant& d, int spin, Visit& visit) const {
    const Occupation own = spin == 0 ? d.alpha : d.beta, other = spin == 0 ? d.beta : d.alpha;
    const auto moved = [&](Occupation string) {
      return spin == 0 ? Determinant{string, d.beta} : Determinant{d.alpha, string};
    };
    for_each_bit(own, [&](int q) {
      for_each_bit(all_ & ~own, [&](int p) {
        double single = single_element(integrals_, spin, own, p, q);
        for_each_bit(other, [&](int r) {
          single += spin == 0 ? integrals_.g(0, 1)(pair(p, q), pair(r, r))
                              : integrals_.g(0, 1)(pair(r, r), pair(p, q));
        });
        const Occupation once = own ^ bit(q) ^ bit(p);
        const int sign = move_sign(own, p, q);
        visit(moved(once), sign * single);
        for_each_bit(own & (bit(q) - 1), [&](int s) {
          for_each_bit(all_ & ~own & (bit(p) - 1), [&](int r) {
            visit(moved(once ^ bit(s) ^ bit(r)),
                  sign * move_sign(once, r, s) * double_element(integrals_, spin, p, r, q, s));
          });
        });
      });
    });
  }

  const OrbitalIntegrals& integrals_;
  Occupation all_;
};

Places places_of(std::span<const Determinant> determinants) {
  Places places;
  places.reserve(determinants.size());
  for (const auto& d : determinants) places.emplace(d, static_cast<std::uint32_t>(places.size()));
  return places;
}

/// The Hamiltonian within determinants, sparse, without the core.
class SparseHamiltonian {
 public:
  SparseHamiltonian(const OrbitalIntegrals& integrals, std::span<const Determinant> determinants) {
    const auto places = places_of(determinants);
    const Couplings couplings(integrals);
    for (const auto& d : determinants) {
      diagonal_.push_back(matrix_element(integrals, d, d));
      couplings.of(d, [&](const Determinant& other, double element) {
        if (std::abs(element) < 1e-14) return;
        const auto found = places.find(other);
        if (found == places.end()) return;
        columns_.push_back(found->second);
        values_.push_back(element);
      });
      begins_.push_back(columns_.size());
      if (begins_.size() % 256 == 0) {
        check_interrupt();
        require_bytes(12.0 * static_cast<double>(columns_.size()),
                      "the Hamiltonian within selected determinants");
      }
    }
  }

  const std::vector<double>& diagonal() const { return diagonal_; }
  void apply(std::span<const double> vector, std::span<double> image) const {
    for (std::size_t row = 0; row < diagonal_.size(); ++row) {
      double sum = diagonal_[row] * vector[row];
      for (auto k = begins_[row]; k < begins_[row + 1]; ++k) sum += values_[k] * vector[columns_[k]];
      image[row] = sum;
    }
  }

 private:
  std::vector<double> diagonal_, values_;
  std::vector<std::uint32_t> columns_;
  std::vector<std::size_t> begins_{0};
};

SelectedState solve(const OrbitalIntegrals& integrals, std::vector<Determinant> determinants,
                    std::vector<double> guess) {
  const SparseHamiltonian sparse(integrals, determinants);
  const SymmetricMatrix matrix{
      sparse.diagonal(),
      [&](std::span<const double> vector, std::span<double> image) { sparse.apply(vector, image); }};
  guess.resize(determinants.size());
  auto found = lowest_eigenstates(matrix, {std::move(guess)}, {.tolerance = 1e-5});
  return {std::move(determinants), std::move(found.vectors.front()), found.energies.front() + integrals.core,
          found.converged};
}

}  // namespace

SelectedState diagonalise_within(const OrbitalIntegrals& integrals, std::vector<Determinant> determinants) {
  if (determinants.empty()) throw InputError("a Hamiltonian within no determinants");
  std::vector<double> guess(determinants.size());
  double lowest = matrix_element(integrals, determinants[0], determinants[0]);
  std::size_t at = 0;
  for (std::size_t i = 1; i < determinants.size(); ++i)
    if (const double energy = matrix_element(integrals, determinants[i], determinants[i]); energy < lowest) {
      lowest = energy;
      at = i;
    }
  guess[at] = 1;
  return solve(integrals, std::move(determinants), std::move(guess));
}

SelectedState select_and_diagonalise(const OrbitalIntegrals& integrals, const Determinant& start,
                                     const SelectionOptions& options) {
  SelectedState state{{start}, {1}, integrals.core + matrix_element(integrals, start, start), true};
  const Couplings couplings(integrals);
  for (int round = 0; round < options.most_rounds; ++round) {
    check_interrupt();
    auto places = places_of(state.determinants);
    auto determinants = state.determinants;
    for (std::size_t i = 0; i < state.determinants.size(); ++i) {
      const double amplitude = std::abs(state.amplitudes[i]);
      if (amplitude < 1e-12) continue;
      couplings.of(state.determinants[i], [&](const Determinant& other, double element) {
        if (std::abs(element) * amplitude < options.threshold ||
            determinants.size() >= options.most_determinants)
          return;
        if (places.emplace(other, static_cast<std::uint32_t>(determinants.size())).second)
          determinants.push_back(other);
      });
    }
    const auto before = state.determinants.size();
    if (determinants.size() <= before + before / 100) break;
    state = solve(integrals, std::move(determinants), std::move(state.amplitudes));
  }
  return state;
}

double spin_squared(const SelectedState& state) {
  const auto places = places_of(state.determinants);
  double sum = 0, norm = 0;
  for (std::size_t i = 0; i < state.determinants.size(); ++i) {
    const auto& d = state.determinants[i];
    const double ms = 0.5 * (std::popcount(d.alpha) - std::popcount(d.beta)), weight = state.amplitudes[i];
    norm += weight * weight;
    sum += weight * weight * (ms * (ms + 1) + std::popcount(d.beta & ~d.alpha));
    for_each_bit(d.alpha & ~d.beta, [&](int q) {
      for_each_bit(d.beta & ~d.alpha, [&](int p) {
        const auto found = places.find({d.alpha ^ bit(p) ^ bit(q), d.beta ^ bit(p) ^ bit(q)});
        if (found == places.end()) return;
        const int sign = odd_between(d.alpha, p, q) != odd_between(d.beta, p, q) ? 1 : -1;
        sum += sign * weight * state.amplitudes[found->second];
      });
    });
  }
  return sum / norm;
}

}  // namespace qupel
