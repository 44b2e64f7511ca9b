// Rows of lines, from memory or the tile into a window and back.
#if defined(QUPEL_TILED_ROW_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QUPEL_TILED_ROW_INL
#undef QUPEL_TILED_ROW_INL
#else
#define QUPEL_TILED_ROW_INL
#endif

#include <hwy/cache_control.h>

#include "qupel/engine/tiled/diagonal-inl.h"

HWY_BEFORE_NAMESPACE();
namespace qupel::tiled::HWY_NAMESPACE {

/// @param stream past the caches
template <class T>
HWY_INLINE void write_line(const ComplexVector<T>& z, T* to, bool stream) {
  if (stream) {
    hn::Stream(z.re, Tag<T>(), to);
    hn::Stream(z.im, Tag<T>(), to + hn::Lanes(Tag<T>()));
  } else {
    store_complex(z, to, 0);
  }
}

/// Where a window reads or writes the lines of a row.
template <class T>
struct Edge {
  T* base;
  const std::size_t* lines;        ///< places, in bytes
  std::size_t start;               ///< exclusive or with all of them
  const std::uint32_t* exchanges;  ///< of lanes, by line; null: none
  std::uint32_t signs;             ///< lanes of odd parity with it are negated when they are written
  bool stream;                     ///< written past the caches
  bool far;                        ///< lines are fetched before they are read
  std::size_t next = 0;
  const LaneTables<T>& tables = LaneTables<T>::get();

  HWY_INLINE T* at(std::size_t line) const { return behind(base, start ^ lines[line]); }
  HWY_INLINE ComplexVector<T> exchanged(const ComplexVector<T>& z, std::size_t line) const {
    if (exchanges == nullptr) return z;
    return {tables.exchange(z.re, exchanges[line]), tables.exchange(z.im, exchanges[line])};
  }
  HWY_INLINE void prefetch(std::size_t line) const {
    const T* from = at(line);
    for (std::size_t e = 0; e < 2 * hn::MaxLanes(Tag<T>()); e += 64 / sizeof(T)) hwy::Prefetch(from + e);
  }
  HWY_INLINE void fetch(std::size_t line) const {
    const T* from = behind(base, next ^ lines[line]);
    for (std::size_t e = 0; e < 2 * hn::MaxLanes(Tag<T>()); e += 64 / sizeof(T)) __builtin_prefetch(from + e, 0, 2);
  }
  HWY_INLINE ComplexVector<T> read(std::size_t line) const {
    return exchanged(load_complex<T>(at(line), 0), line);
  }
  /// After its signs have been applied.
  HWY_INLINE void write(const ComplexVector<T>& z, std::size_t line) const {
    write_line(exchanged(z, line), at(line), stream);
  }
};

/// Applies a diagonal (or none) while lines are read.
template <class T>
HWY_NOINLINE void read_row(const Edge<T>& from, const Factors<T>& factors, int bits, T* HWY_RESTRICT lines) {
  constexpr std::size_t ahead = 16;
  const std::size_t size = std::size_t{1} << bits;
  for (std::size_t i = 0; i < size; ++i) {
    from.prefetch(std::min(i + ahead, size - 1));
    store_complex(apply(factors, from.read(i), i), lines, i);
  }
}

template <class T>
HWY_NOINLINE void write_row(const Edge<T>& to, int bits, const T* HWY_RESTRICT lines) {
  const auto signs = to.tables.sign(to.signs);
  for (std::size_t i = 0; i < std::size_t{1} << bits; ++i)
    to.write(multiply(signs, load_complex(lines, i)), i);
}

/// Where a tile's lines lie before and after a window.
template <class T>
class Ends {
 public:
  /// @param memory the state, whose tile begins so many bytes behind it @param scratch the tile's own memory
  Ends(const SweepPlan& plan, std::size_t window, T* memory, std::size_t start, T* scratch, bool stream)
      : window_(plan.windows[window]),
        first_(window == 0),
        last_(window + 1 == plan.windows.size()),
        stream_(stream && last_),
        memory_(memory),
        start_(start),
        scratch_(scratch) {}

  Edge<T> source(std::size_t row) const { return edge(row, first_, 0); }
  Edge<T> target(std::size_t row) const { return edge(row, last_, window_.lane_signs); }

 private:
  Edge<T> edge(std::size_t row, bool outside, std::uint32_t signs) const {
    const auto& places = outside ? window_.memory : window_.scratch;
    return {outside ? memory_ : scratch_,
            places.lines.data(),
            (outside ? start_ : 0) ^ places.rows[row],
            window_.exchanging ? window_.exchanges.data() : nullptr,
            signs,
            stream_,
            true};
  }

  const WindowPlan& window_;
  bool first_, last_, stream_;
  T* memory_;
  std::size_t start_;
  T* scratch_;
};

/// The bytes of a tile's base in the state.
inline std::size_t start_of(const SweepPlan& plan, Mask base) {
  return (base >> plan.lane_bits) * plan.line_bytes;
}

}  // namespace qupel::tiled::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
