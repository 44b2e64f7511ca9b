#include "qupel/engine/noisy_batch/kernels.h"

#include <cmath>

#include "qupel/engine/simd/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "qupel/engine/noisy_batch/kernels.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace qupel::noisy_batch::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Tag = hn::CappedTag<double, lanes>;
using Vector = hn::Vec<Tag>;

constexpr Tag tag{};

HWY_INLINE Vector load(const double* from) { return hn::Load(tag, from); }
HWY_INLINE void store(Vector v, double* to) { hn::Store(v, tag, to); }
HWY_INLINE Vector broadcast(double value) { return hn::Set(tag, value); }

/// Calls visit(offset) for the vectors of a line.
template <class Visit>
HWY_INLINE void for_each_part(Visit&& visit) {
  for (std::size_t part = 0; part < lanes; part += hn::Lanes(tag)) visit(part);
}

/// 1/n!, with the signs of the series of cosine and sine.
constexpr double series(int n) { return n < 2 ? 1 : (n % 2 == 0 ? -1 : 1) * series(n - 1) / n; }

/// series(first) + series(first + 2) square + ...
HWY_INLINE Vector polynomial(int first, Vector square) {
  constexpr int terms = 9;
  auto sum = broadcast(series(first + 2 * (terms - 1)));
  for (int k = terms - 2; k >= 0; --k) sum = hn::MulAdd(sum, square, broadcast(series(first + 2 * k)));
  return sum;
}

/// By the series at a quarter of the angle, less whole turns, and two doublings.
void set_waves(const double* angles, double* waves) {
  // Together 2 pi; so many turns times the first two are exact.
  constexpr double turn = 6.28125, turn_middle = 0.0019353071802470367, turn_rest = -6.605598148970637e-13;
  constexpr double largest = 1e6;
  for_each_part([&](std::size_t part) HWY_ATTR {
    const auto angle = load(angles + part);
    const auto turns = hn::Round(hn::Mul(angle, broadcast(0.15915494309189535)));  // 1 / 2 pi
    auto rest = hn::NegMulAdd(turns, broadcast(turn), angle);
    rest = hn::NegMulAdd(turns, broadcast(turn_middle), rest);
    rest = hn::NegMulAdd(turns, broadcast(turn_rest), rest);
    const auto quarter = hn::Mul(rest, broadcast(0.25)), square = hn::Mul(quarter, quarter);
    auto cosine = polynomial(0, square), sine = hn::Mul(quarter, polynomial(1, square));
    for (int doubling = 0; doubling < 2; ++doubling) {
      const auto twice = hn::Add(sine, sine);
      sine = hn::Mul(twice, cosine);
      cosine = hn::NegMulAdd(twice, hn::Mul(twice, broadcast(0.5)), broadcast(1));
    }
    store(cosine, waves + part);
    store(sine, waves + lanes + part);
  });
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    if (std::abs(angles[lane]) <= largest) continue;
    waves[lane] = std::cos(angles[lane]);
    waves[lanes + lane] = std::sin(angles[lane]);
  }
}

/// Calls visit(position of I) for the coefficients whose digit is I.
template <class Visit>
HWY_INLINE void for_each_identity(const Run& run, std::size_t size, Visit&& visit) {
  const std::size_t stride = lanes << (2 * run.qubit);
  for (std::size_t high = 0; high < size; high += 4 * stride)
    for (std::size_t low = high; low < high + stride; low += lanes) visit(low, stride);
}

/// Row `row`, column `column` of twelve lines.
constexpr std::size_t entry(std::size_t row, std::size_t column) { return (4 * row + column) * lanes; }

/// constant + cosine cos + sine sin, where they are not 0.
HWY_INLINE Vector factor_entry(const Factor& factor, std::size_t at, const double* waves) {
  auto value = broadcast(factor.constant[at]);
  if (factor.cosine[at] != 0) value = hn::MulAdd(broadcast(factor.cosine[at]), load(waves), value);
  if (factor.sine[at] != 0) value = hn::MulAdd(broadcast(factor.sine[at]), load(waves + lanes), value);
  return value;
}

HWY_INLINE const double* waves_of(const Factor& factor, const double* waves) {
  return factor.angle < 0 ? waves : waves + 2 * lanes * static_cast<std::size_t>(factor.angle);
}

void compose(std::span<const Factor> factors, const double* waves, double* products) {
  for (std::size_t k = 0; k < factors.size(); ++k) {
    const auto& factor = factors[k];
    double* made = products + k * matrix_size;
    const double* before = k == 0 ? nullptr : made - matrix_size;
    for_each_part([&](std::size_t part) HWY_ATTR {
      const double* wave = waves_of(factor, waves) + part;
      for (std::size_t row = 0; row < 3; ++row) {
        for (std::size_t column = 0; column < 4; ++column) {
          if (k == 0) {
            store(factor_entry(factor, 4 * row + column, wave), made + entry(row, column) + part);
            continue;
          }
          auto sum = column == 0 ? factor_entry(factor, 4 * row, wave) : hn::Zero(tag);
          for (std::size_t m = 0; m < 3; ++m)
            sum = hn::MulAdd(factor_entry(factor, 4 * row + m + 1, wave),
                             load(before + entry(m, column) + part), sum);
          store(sum, made + entry(row, column) + part);
        }
      }
    });
  }
}

/// d/d angle of <by_entries, factor times what was before it>, in one line's part.
HWY_INLINE Vector angle_derivative(const Factor& factor, const double* wave, const double* before,
                                   const double* by_entries) {
  const auto cosine = load(wave), sine = load(wave + lanes);
  auto sum = hn::Zero(tag);
  for (std::size_t row = 0; row < 3; ++row) {
    for (std::size_t column = 0; column < 4; ++column) {
      const auto at = 4 * row + column;
      if (factor.cosine[at] == 0 && factor.sine[at] == 0) continue;
      const auto slope =
          hn::NegMulAdd(broadcast(factor.cosine[at]), sine, hn::Mul(broadcast(factor.sine[at]), cosine));
      // by the entry of the factor: a row of by_entries times a row of what was before
      auto by_entry = load(by_entries + entry(row, column));
      if (column > 0 && before != nullptr) {
        by_entry = hn::Zero(tag);
        for (std::size_t m = 0; m < 4; ++m)
          by_entry =
              hn::MulAdd(load(by_entries + entry(row, m)), load(before + entry(column - 1, m)), by_entry);
      }
      sum = hn::MulAdd(slope, by_entry, sum);
    }
  }
  return sum;
}

/// by_entries = factor^T by_entries, without the row I, which nothing depends on.
HWY_INLINE void pull_entries(const Factor& factor, const double* wave, double* by_entries) {
  for (std::size_t column = 0; column < 4; ++column) {
    Vector pulled[3];
    for (std::size_t row = 0; row < 3; ++row) {
      pulled[row] = hn::Zero(tag);
      for (std::size_t m = 0; m < 3; ++m)
        pulled[row] = hn::MulAdd(factor_entry(factor, 4 * m + row + 1, wave),
                                 load(by_entries + entry(m, column)), pulled[row]);
    }
    for (std::size_t row = 0; row < 3; ++row) store(pulled[row], by_entries + entry(row, column));
  }
}

void derive(std::span<const Factor> factors, const double* waves, const double* products, double* by_entries,
            double* derivatives) {
  for (std::size_t k = factors.size(); k-- > 0;) {
    const auto& factor = factors[k];
    if (factor.angle < 0) continue;  // it is the only one
    double* to = derivatives + lanes * static_cast<std::size_t>(factor.angle);
    for_each_part([&](std::size_t part) HWY_ATTR {
      const double* wave = waves_of(factor, waves) + part;
      const double* before = k == 0 ? nullptr : products + (k - 1) * matrix_size + part;
      store(hn::Add(angle_derivative(factor, wave, before, by_entries + part), load(to + part)), to + part);
      if (k > 0) pull_entries(factor, wave, by_entries + part);
    });
  }
}

void start(const double* letters, int qubits, double* state) {
  for_each_part([&](std::size_t part) HWY_ATTR {
    store(broadcast(1), state + part);
    std::size_t size = lanes;
    for (int q = 0; q < qubits; ++q, size *= 4) {
      for (std::size_t digit = 1; digit < 4; ++digit) {
        const auto letter = load(letters + (4 * static_cast<std::size_t>(q) + digit) * lanes + part);
        for (std::size_t at = part; at < size; at += lanes)
          store(hn::Mul(letter, load(state + at)), state + digit * size + at);
      }
    }
  });
}

// The product of the first q qubits stands where all others have the letter I.
void differentiate_start(const double* letters, int qubits, const double* state, double* effect,
                         double* by_letters) {
  for_each_part([&](std::size_t part) HWY_ATTR {
    std::size_t size = lanes << (2 * qubits);
    for (int q = qubits; q-- > 0;) {
      size /= 4;
      for (std::size_t digit = 1; digit < 4; ++digit) {
        const auto line = (4 * static_cast<std::size_t>(q) + digit) * lanes + part;
        const auto letter = load(letters + line);
        auto sum = hn::Zero(tag);
        for (std::size_t at = part; at < size; at += lanes) {
          const auto pulled = load(effect + digit * size + at);
          sum = hn::MulAdd(pulled, load(state + at), sum);
          store(hn::MulAdd(letter, pulled, load(effect + at)), effect + at);
        }
        store(sum, by_letters + line);
      }
    }
  });
}

HWY_INLINE void copy_line(const double* from, double* to) {
  for_each_part([&](std::size_t part) HWY_ATTR { store(load(from + part), to + part); });
}

void read_tile(std::span<const std::size_t> inside, const double* state, double* tile) {
  for (std::size_t i = 0; i < inside.size(); ++i) copy_line(state + lanes * inside[i], tile + lanes * i);
}

void write_tile(std::span<const std::size_t> inside, const double* tile, double* state) {
  for (std::size_t i = 0; i < inside.size(); ++i) copy_line(tile + lanes * i, state + lanes * inside[i]);
}

template <bool unital>
void apply_rows(const Run& run, const double* matrix, std::size_t size, const double* HWY_RESTRICT from,
                double* HWY_RESTRICT to) {
  for_each_part([&](std::size_t part) HWY_ATTR {
    Vector m[12];
    for (std::size_t i = 0; i < 12; ++i) m[i] = load(matrix + i * lanes + part);
    for_each_identity(run, size, [&](std::size_t at, std::size_t stride) HWY_ATTR {
      const double* in = from + at + part;
      double* out = to + at + part;
      const auto one = load(in), x = load(in + stride), y = load(in + 2 * stride), z = load(in + 3 * stride);
      store(one, out);
      for (std::size_t row = 0; row < 3; ++row) {
        const auto first = hn::Mul(m[4 * row + 1], x);
        const auto sum = unital ? first : hn::MulAdd(m[4 * row], one, first);
        store(hn::MulAdd(m[4 * row + 3], z, hn::MulAdd(m[4 * row + 2], y, sum)), out + (row + 1) * stride);
      }
    });
  });
}

void apply_run(const Run& run, const double* matrix, std::size_t size, const double* from, double* to) {
  run.unital ? apply_rows<true>(run, matrix, size, from, to) : apply_rows<false>(run, matrix, size, from, to);
}

template <bool unital>
void pull_rows(const Run& run, const double* matrix, std::size_t size, double* effect) {
  for_each_part([&](std::size_t part) HWY_ATTR {
    Vector m[12];
    for (std::size_t i = 0; i < 12; ++i) m[i] = load(matrix + i * lanes + part);
    for_each_identity(run, size, [&](std::size_t at, std::size_t stride) HWY_ATTR {
      double* one = effect + at + part;
      const auto x = load(one + stride), y = load(one + 2 * stride), z = load(one + 3 * stride);
      for (std::size_t column = unital ? 1 : 0; column < 4; ++column) {
        auto sum = column == 0 ? hn::MulAdd(m[0], x, load(one)) : hn::Mul(m[column], x);
        sum = hn::MulAdd(m[8 + column], z, hn::MulAdd(m[4 + column], y, sum));
        store(sum, one + column * stride);
      }
    });
  });
}

void pull_run(const Run& run, const double* matrix, std::size_t size, double* effect) {
  run.unital ? pull_rows<true>(run, matrix, size, effect) : pull_rows<false>(run, matrix, size, effect);
}

template <bool unital>
void correlate_rows(const Run& run, std::size_t size, const double* effect, const double* state,
                    double* by_entries) {
  for_each_part([&](std::size_t part) HWY_ATTR {
    Vector sums[12];
    for (std::size_t i = 0; i < 12; ++i) sums[i] = load(by_entries + i * lanes + part);
    for_each_identity(run, size, [&](std::size_t at, std::size_t stride) HWY_ATTR {
      const double* in = state + at + part;
      const double* pulled = effect + at + part;
      for (std::size_t row = 0; row < 3; ++row) {
        const auto weight = load(pulled + (row + 1) * stride);
        for (std::size_t column = unital ? 1 : 0; column < 4; ++column)
          sums[4 * row + column] = hn::MulAdd(weight, load(in + column * stride), sums[4 * row + column]);
      }
    });
    for (std::size_t i = 0; i < 12; ++i) store(sums[i], by_entries + i * lanes + part);
  });
}

void correlate_run(const Run& run, std::size_t size, const double* effect, const double* state,
                   double* by_entries) {
  run.unital ? correlate_rows<true>(run, size, effect, state, by_entries)
             : correlate_rows<false>(run, size, effect, state, by_entries);
}

/// Applies the rows to the coefficients behind each of so many first ones.
template <std::size_t together>
HWY_INLINE void apply_rows_to(const SparseRows& rows, const std::size_t* firsts,
                              const double* HWY_RESTRICT from, double* HWY_RESTRICT to) {
  const double* in[together];
  double* out[together];
  for (std::size_t k = 0; k < together; ++k)
    in[k] = from + lanes * firsts[k], out[k] = to + lanes * firsts[k];
  for (const auto& row : rows.rows) {
    Vector sums[together];
    for (std::size_t k = 0; k < together; ++k) sums[k] = hn::Zero(tag);
    for (const auto& entry : row.entries) {
      const auto value = broadcast(entry.value);
      for (std::size_t k = 0; k < together; ++k)
        sums[k] = hn::MulAdd(value, load(in[k] + lanes * entry.from), sums[k]);
    }
    for (std::size_t k = 0; k < together; ++k) store(sums[k], out[k] + lanes * row.to);
  }
}

void apply_pair(const Pair& pair, const SparseRows& rows, const double* from, double* to) {
  constexpr std::size_t together = 4;
  for_each_part([&](std::size_t part) HWY_ATTR {
    const std::size_t* firsts = pair.firsts.data();
    std::size_t left = pair.firsts.size();
    for (; left >= together; left -= together, firsts += together)
      apply_rows_to<together>(rows, firsts, from + part, to + part);
    for (; left > 0; --left, ++firsts) apply_rows_to<1>(rows, firsts, from + part, to + part);
  });
}

void rotate(const Rotation& rotation, const double* waves, bool back, std::size_t size,
            const double* HWY_RESTRICT from, double* HWY_RESTRICT to) {
  const PauliSigns signs(rotation.pauli);
  const double* wave = waves + 2 * lanes * static_cast<std::size_t>(rotation.angle);
  const std::size_t partner = rotation.pauli * lanes;
  for_each_part([&](std::size_t part) HWY_ATTR {
    const auto cosine = load(wave + part), sine = load(wave + lanes + part);
    for (std::size_t at = 0; at < size; at += lanes) {
      const double* in = from + part;
      const auto index = at / lanes;
      auto value = load(in + at);
      if (signs.anticommutes(index)) {
        const auto other = hn::Mul(sine, load(in + (at ^ partner)));
        value = signs.negative(index) != back ? hn::MulSub(cosine, value, other)
                                              : hn::MulAdd(cosine, value, other);
      }
      store(value, to + at + part);
    }
  });
}

void correlate_rotation(const Rotation& rotation, const double* waves, std::size_t size, const double* effect,
                        const double* state, double* derivatives) {
  const PauliSigns signs(rotation.pauli);
  const auto angle = static_cast<std::size_t>(rotation.angle);
  const std::size_t partner = rotation.pauli * lanes;
  for_each_part([&](std::size_t part) HWY_ATTR {
    auto by_cosine = hn::Zero(tag), by_sine = hn::Zero(tag);
    for (std::size_t at = 0; at < size; at += lanes) {
      const auto index = at / lanes;
      if (!signs.anticommutes(index)) continue;
      const auto weight = load(effect + at + part), other = load(state + (at ^ partner) + part);
      by_cosine = hn::MulAdd(weight, load(state + at + part), by_cosine);
      by_sine =
          signs.negative(index) ? hn::NegMulAdd(weight, other, by_sine) : hn::MulAdd(weight, other, by_sine);
    }
    const double* wave = waves + 2 * lanes * angle + part;
    double* to = derivatives + lanes * angle + part;
    const auto slope = hn::NegMulAdd(load(wave + lanes), by_cosine, hn::Mul(load(wave), by_sine));
    store(hn::Add(slope, load(to)), to);
  });
}

template <std::size_t count>
void dots_of(const double* a, const double* b, std::size_t size, double* products) {
  for_each_part([&](std::size_t part) HWY_ATTR {
    Vector sums[count];
    for (auto& sum : sums) sum = hn::Zero(tag);
    for (std::size_t at = 0; at < size; at += lanes) {
      const auto right = load(b + at + part);
      for (std::size_t i = 0; i < count; ++i) sums[i] = hn::MulAdd(broadcast(a[at + i]), right, sums[i]);
    }
    for (std::size_t i = 0; i < count; ++i) store(sums[i], products + lanes * i + part);
  });
}

void dots(const double* a, std::size_t count, const double* b, std::size_t size, double* products) {
  if (count == lanes) return dots_of<lanes>(a, b, size, products);
  for (std::size_t i = 0; i < count; ++i) dots_of<1>(a + i, b, size, products + lanes * i);
}

void combine(const double* a, std::size_t count, const double* weights, std::size_t size, double* made) {
  for_each_part([&](std::size_t part) HWY_ATTR {
    for (std::size_t at = 0; at < size; at += lanes) {
      auto sum = hn::Zero(tag);
      for (std::size_t i = 0; i < count; ++i)
        sum = hn::MulAdd(broadcast(a[at + i]), load(weights + lanes * i + part), sum);
      store(sum, made + at + part);
    }
  });
}

void add_weighted(const double* state, const double* weights, std::size_t count, std::size_t size,
                  double* sums) {
  for_each_part([&](std::size_t part) HWY_ATTR {
    for (std::size_t i = 0; i < count; ++i) {
      const auto weight = load(weights + lanes * i + part);
      double* to = sums + i * size + part;
      for (std::size_t at = 0; at < size; at += lanes)
        store(hn::MulAdd(weight, load(state + at + part), load(to + at)), to + at);
    }
  });
}

const Kernels* kernels_here() {
  static const Kernels all{
      set_waves, compose,       derive,     start,  differentiate_start, read_tile, write_tile, apply_run,
      pull_run,  correlate_run, apply_pair, rotate, correlate_rotation,  dots,      combine,    add_weighted};
  return &all;
}

}  // namespace qupel::noisy_batch::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace qupel::noisy_batch {

HWY_EXPORT(kernels_here);
const Kernels& kernels() { return *HWY_DYNAMIC_DISPATCH(kernels_here)(); }

}  // namespace qupel::noisy_batch
#endif
