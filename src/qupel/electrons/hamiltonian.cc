#include "qupel/electrons/hamiltonian.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "qupel/base/parallel.h"
#include "qupel/base/usable_memory.h"
#include "qupel/electrons/kernels.h"
#include "qupel/electrons/slater_condon.h"
#include "qupel/engine/huge_array.h"

namespace qupel {
namespace {

constexpr double negligible = 1e-15;  // integrals below this are 0 by symmetry
constexpr std::size_t pad = 16;       // rows of gathered elements begin on multiples of this

/// Rows of a sparse matrix, by what the kernel combine() reads.
template <class T>
struct SparseRows {
  std::vector<std::size_t> begins{0};
  std::vector<std::uint32_t> columns;
  std::vector<T> values;
  void end_row() { begins.push_back(columns.size()); }
};

/// All that one electron of a spin can do to a string: a+_p a_q takes string `from` to the row's string.
struct Move {
  std::uint32_t from, pair;
  int sign;
};
struct Moves {
  std::vector<std::size_t> begins{0};
  std::vector<Move> all;  ///< by target
  std::span<const Move> to(std::size_t string) const {
    return std::span(all).subspan(begins[string], begins[string + 1] - begins[string]);
  }
};

Moves moves_of(const Strings& strings) {
  Moves moves;
  const Occupation all = (Occupation{1} << strings.orbitals()) - 1;
  const auto pair = [&](int p, int q) { return static_cast<std::uint32_t>(p * strings.orbitals() + q); };
  for (std::size_t i = 0; i < strings.size(); ++i) {
    const Occupation to = strings[i];
    for_each_bit(to, [&](int p) {
      moves.all.push_back({static_cast<std::uint32_t>(i), pair(p, p), 1});
      for_each_bit(all & ~to, [&](int q) {
        const Occupation from = (to ^ (Occupation{1} << p)) | (Occupation{1} << q);
        moves.all.push_back(
            {static_cast<std::uint32_t>(strings.index(from)), pair(p, q), move_sign(from, p, q)});
      });
    });
    moves.begins.push_back(moves.all.size());
  }
  return moves;
}

/// The Hamiltonian of the electrons of one spin among themselves.
template <class T>
SparseRows<T> same_spin_matrix(const OrbitalIntegrals& integrals, const Strings& strings, int spin) {
  SparseRows<T> rows;
  const Occupation all = (Occupation{1} << strings.orbitals()) - 1;
  const auto put = [&](Occupation string, double value) {
    if (std::abs(value) < negligible) return;
    rows.columns.push_back(static_cast<std::uint32_t>(strings.index(string)));
    rows.values.push_back(static_cast<T>(value));
  };
  for (std::size_t i = 0; i < strings.size(); ++i) {
    const Occupation own = strings[i];
    put(own, string_energy(integrals, spin, own));
    for_each_bit(own, [&](int q) {
      const Occupation without = own ^ (Occupation{1} << q);
      for_each_bit(all & ~own, [&](int p) {
        const Occupation moved = without | (Occupation{1} << p);
        put(moved, move_sign(own, p, q) * single_element(integrals, spin, own, p, q));
        for_each_bit(without & ((Occupation{1} << q) - 1), [&](int s) {
          for_each_bit(all & ~own & ((Occupation{1} << p) - 1), [&](int r) {
            put((moved ^ (Occupation{1} << s)) | (Occupation{1} << r),
                move_sign(own, p, q) * move_sign(moved, r, s) * double_element(integrals, spin, p, r, q, s));
          });
        });
      });
    });
    rows.end_row();
  }
  return rows;
}

/// The strings that a+_r a_s connects, as places in a row.
struct Connected {
  std::vector<std::uint32_t> from, to;
  std::vector<int> signs;
};

std::vector<Connected> by_pair(const Moves& moves, int orbitals) {
  std::vector<Connected> lists(static_cast<std::size_t>(orbitals * orbitals));
  for (std::size_t to = 0; to + 1 < moves.begins.size(); ++to) {
    for (const auto& move : moves.to(to)) {
      auto& list = lists[move.pair];
      list.from.push_back(move.from);
      list.to.push_back(static_cast<std::uint32_t>(to));
      list.signs.push_back(move.sign);
    }
  }
  return lists;
}

template <class T>
std::vector<T> transposed(std::span<const T> values, std::size_t rows, std::size_t columns) {
  std::vector<T> result(values.size());
  constexpr std::size_t block = 16;
  for (std::size_t r0 = 0; r0 < rows; r0 += block)
    for (std::size_t c0 = 0; c0 < columns; c0 += block)
      for (std::size_t r = r0; r < std::min(r0 + block, rows); ++r)
        for (std::size_t c = c0; c < std::min(c0 + block, columns); ++c)
          result[c * rows + r] = values[r * columns + c];
  return result;
}

}  // namespace

template <class T>
struct SectorHamiltonian<T>::Implementation {
  Implementation(const OrbitalIntegrals& integrals, const Sector& of)
      : sector(of),
        same{same_spin_matrix<T>(integrals, sector.strings(0), 0),
             same_spin_matrix<T>(integrals, sector.strings(1), 1)},
        alpha_moves(moves_of(sector.strings(0))),
        beta_pairs(by_pair(moves_of(sector.strings(1)), sector.orbitals())),
        between(integrals.g(0, 1)) {}

  std::size_t rows() const { return sector.strings(0).size(); }
  std::size_t columns() const { return sector.strings(1).size(); }

  /// Pieces of the rows; their number depends on the sector alone.
  std::size_t pieces(std::size_t count) const {
    return std::clamp<std::size_t>(count * sector.size() / rows() / 20000, 1,
                                   std::min<std::size_t>(count, 64));
  }
  template <class Work>
  void share(std::size_t count, int threads, const Work& work) const {
    const auto parts = pieces(count);
    if (parts == 1) return work(0, count);
    parallel_for(parts, threads,
                 [&](std::size_t part) { work(count * part / parts, count * (part + 1) / parts); });
  }

  /// result (+)= matrix * values, both with rows of `length`.
  void multiply(const SparseRows<T>& matrix, const T* values, T* result, std::size_t length, bool add,
                int threads) const {
    const auto& kernels = sector::kernels<T>();
    share(matrix.begins.size() - 1, threads, [&](std::size_t first, std::size_t last) {
      std::vector<std::size_t> offsets;
      for (std::size_t row = first; row < last; ++row) {
        const auto begin = matrix.begins[row], end = matrix.begins[row + 1];
        offsets.assign(end - begin, 0);
        for (std::size_t k = begin; k < end; ++k) offsets[k - begin] = matrix.columns[k] * length;
        kernels.combine(result + row * length, length, values, offsets.data(), matrix.values.data() + begin,
                        end - begin, add);
      }
    });
  }

  /// Adds the interaction of different spins through a+_r a_s of beta.
  void add_between(std::size_t pair, const Connected& list, const T* values, T* result,
                   HugeArray<T>& gathered, int threads) const {
    const std::size_t length = (list.from.size() + pad - 1) / pad * pad;
    share(rows(), threads, [&](std::size_t first, std::size_t last) {
      for (std::size_t row = first; row < last; ++row) {
        T* to = gathered.data() + row * length;
        const T* from = values + row * columns();
        for (std::size_t t = 0; t < list.from.size(); ++t)
          to[t] = static_cast<T>(list.signs[t]) * from[list.from[t]];
        std::fill(to + list.from.size(), to + length, T{0});
      }
    });
    const auto& kernels = sector::kernels<T>();
    share(rows(), threads, [&](std::size_t first, std::size_t last) {
      std::vector<std::size_t> offsets;
      std::vector<T> coefficients, sums(length);
      for (std::size_t row = first; row < last; ++row) {
        offsets.clear();
        coefficients.clear();
        for (const auto& move : alpha_moves.to(row)) {
          const double g = between(move.pair, pair);
          if (std::abs(g) < negligible) continue;
          offsets.push_back(move.from * length);
          coefficients.push_back(static_cast<T>(move.sign * g));
        }
        if (offsets.empty()) continue;
        kernels.combine(sums.data(), length, gathered.data(), offsets.data(), coefficients.data(),
                        offsets.size(), false);
        T* to = result + row * columns();
        for (std::size_t t = 0; t < list.to.size(); ++t) to[list.to[t]] += sums[t];
      }
    });
  }

  void apply(std::span<const T> vector, std::span<T> result, int threads) const {
    const auto turned = transposed(vector, rows(), columns());
    std::vector<T> beta(turned.size());
    multiply(same[1], turned.data(), beta.data(), rows(), false, threads);
    std::ranges::copy(transposed(std::span<const T>(beta), columns(), rows()), result.begin());
    multiply(same[0], vector.data(), result.data(), columns(), true, threads);
    std::size_t longest = 0;
    for (const auto& list : beta_pairs) longest = std::max(longest, list.from.size());
    HugeArray<T> gathered(rows() * ((longest + pad - 1) / pad * pad), false);
    for (std::size_t pair = 0; pair < beta_pairs.size(); ++pair)
      if (!beta_pairs[pair].from.empty())
        add_between(pair, beta_pairs[pair], vector.data(), result.data(), gathered, threads);
  }

  Sector sector;
  SparseRows<T> same[2];
  Moves alpha_moves;
  std::vector<Connected> beta_pairs;
  Matrix<double> between;
};

template <class T>
SectorHamiltonian<T>::SectorHamiltonian(const OrbitalIntegrals& integrals, const Sector& sector)
    : implementation_((require_bytes(3.0 * sizeof(T) * static_cast<double>(sector.size()),
                                     fmt::format("{} determinants", sector.size())),
                       std::make_unique<Implementation>(integrals, sector))) {}
template <class T>
SectorHamiltonian<T>::~SectorHamiltonian() = default;
template <class T>
SectorHamiltonian<T>::SectorHamiltonian(SectorHamiltonian&&) noexcept = default;
template <class T>
SectorHamiltonian<T>& SectorHamiltonian<T>::operator=(SectorHamiltonian&&) noexcept = default;

template <class T>
void SectorHamiltonian<T>::apply(std::span<const T> vector, std::span<T> result, int threads) const {
  implementation_->apply(vector, result, threads);
}

template <class T>
std::vector<double> SectorHamiltonian<T>::diagonal() const {
  const auto& all = *implementation_;
  std::vector<double> diagonal;
  diagonal.reserve(all.sector.size());
  for (std::size_t a = 0; a < all.rows(); ++a) {
    for (std::size_t b = 0; b < all.columns(); ++b) {
      const auto energy_of = [](const SparseRows<T>& matrix, std::size_t row) {
        const auto first = matrix.columns.begin() + static_cast<std::ptrdiff_t>(matrix.begins[row]);
        const auto last = matrix.columns.begin() + static_cast<std::ptrdiff_t>(matrix.begins[row + 1]);
        const auto found = std::find(first, last, row);
        return found == last ? 0.0
                             : static_cast<double>(
                                   matrix.values[static_cast<std::size_t>(found - matrix.columns.begin())]);
      };
      double energy = energy_of(all.same[0], a) + energy_of(all.same[1], b);
      const auto width = static_cast<std::size_t>(all.sector.orbitals());
      for_each_bit(all.sector.strings(0)[a], [&](int p) {
        for_each_bit(all.sector.strings(1)[b], [&](int q) {
          energy += all.between(static_cast<std::size_t>(p) * (width + 1),
                                static_cast<std::size_t>(q) * (width + 1));
        });
      });
      diagonal.push_back(energy);
    }
  }
  return diagonal;
}

template class SectorHamiltonian<float>;
template class SectorHamiltonian<double>;

}  // namespace qupel
