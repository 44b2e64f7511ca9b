// Sums over a chunk of lines, for expectation values.
#if defined(QUPEL_TILED_CORRELATE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QUPEL_TILED_CORRELATE_INL
#undef QUPEL_TILED_CORRELATE_INL
#else
#define QUPEL_TILED_CORRELATE_INL
#endif

#include "qupel/engine/tiled/tile-inl.h"

HWY_BEFORE_NAMESPACE();
namespace qupel::tiled::HWY_NAMESPACE {

/// Adds a chunk's part of the sums over s of (-1)^(z.s) t(s) to `values`, with t(s) = Re or Im of conj(psi[s
/// ^ x]) psi[s]. The chunk's table of t is transformed (Walsh-Hadamard), so that its entry m is the sum over
/// lines of (-1)^(m.line) t for each lane; every z then takes one entry.
template <class T>
void correlate(const Correlation& correlation, const T* state, std::size_t chunk, std::size_t lines,
               double* values) {
  const Tag<T> d;
  const std::size_t lanes = hn::Lanes(d);
  const int lane_bits = std::countr_zero(lanes);
  const std::size_t size = std::min(lines, std::size_t{1} << chunk_bits), first = chunk * size;
  const std::size_t other = correlation.x >> lane_bits, exchanged = correlation.x & (lanes - 1);
  const auto& tables = LaneTables<T>::get();
  HWY_ALIGN T table[HWY_MAX_BYTES / sizeof(T) << chunk_bits];
  for (std::size_t i = 0; i < size; ++i) {
    const auto b = load_complex(state, first + i);
    auto a = load_complex(state, (first + i) ^ other);
    if (exchanged != 0) a = {tables.exchange(a.re, exchanged), tables.exchange(a.im, exchanged)};
    const auto product = multiply_conjugate(a, b);
    store(correlation.imaginary ? product.im : product.re, table + i * lanes);
  }
  walsh_hadamard(table, std::countr_zero(size));
  for (std::size_t m = 0; m < correlation.z.size(); ++m) {
    const Mask z = correlation.z[m];
    const std::size_t line_mask = z >> lane_bits;
    const auto entry = hn::Mul(load(table + (line_mask & (size - 1)) * lanes), tables.sign(z & (lanes - 1)));
    HWY_ALIGN T parts[HWY_MAX_BYTES / sizeof(T)];
    store(entry, parts);
    double sum = 0;
    for (std::size_t lane = 0; lane < lanes; ++lane) sum += static_cast<double>(parts[lane]);
    values[m] += odd(line_mask & first) ? -sum : sum;
  }
}

template <class T>
double norm(const T* state, std::size_t first, std::size_t lines) {
  constexpr std::size_t most = 16;  // in one sum of T
  double sum = 0;
  for (std::size_t part = 0; part < lines; part += most) {
    auto parts = zero<T>();
    for (std::size_t i = part; i < std::min(lines, part + most); ++i) {
      const auto z = load_complex(state, first + i);
      parts = hn::Add(parts, hn::MulAdd(z.re, z.re, hn::Mul(z.im, z.im)));
    }
    sum += sum_of_lanes<T>(parts);
  }
  return sum;
}

}  // namespace qupel::tiled::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
