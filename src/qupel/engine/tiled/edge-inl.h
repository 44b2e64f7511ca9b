// Reading and writing the lines of a row, wherever they lie: in the state, in the tile, or in the memory for
// one row.
#if defined(QUPEL_TILED_EDGE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QUPEL_TILED_EDGE_INL
#undef QUPEL_TILED_EDGE_INL
#else
#define QUPEL_TILED_EDGE_INL
#endif

#include <hwy/cache_control.h>

#include "qupel/engine/tiled/diagonal-inl.h"

HWY_BEFORE_NAMESPACE();
namespace qupel::tiled::HWY_NAMESPACE {

template <class T>
inline constexpr std::size_t line_bytes = 2 * hn::MaxLanes(Tag<T>()) * sizeof(T);

/// @param stream whether to write past the caches
template <class T>
HWY_INLINE void write_half(Vector<T> half, T* to, bool stream) {
  stream ? hn::Stream(half, Tag<T>(), to) : store(half, to);
}
template <class T>
HWY_INLINE void write_line(const ComplexVector<T>& z, T* to, bool stream) {
  write_half(z.re, to, stream);
  write_half(z.im, to + hn::Lanes(Tag<T>()), stream);
}

/// Where the lines of one row lie, and how they are read and written there.
template <class T>
struct Edge {
  T* base;
  Route::End end;
  const std::size_t* lines;  ///< line i lies at byte lines[i] ^ start (LinePlaces)
  std::size_t start;
  bool exchanging;      ///< the lowest bits of a place say how the line's lanes are exchanged
  std::uint32_t signs;  ///< lanes of odd parity with this mask are negated when lines are written
  bool stream;          ///< lines are written past the caches
  bool far;             ///< lines are fetched into the cache before they are read
  std::size_t next;     ///< the `start` of the row that will be read after this one, to be fetched meanwhile
};

/// Lines of a row in the order of a pass. @param flip is added (exclusive or) to the number of each line
template <class T>
class Visit {
 public:
  HWY_INLINE Visit(const Edge<T>& edge, const std::size_t* places, std::size_t flip)
      : edge_(edge), places_(places), start_(edge.start ^ edge.lines[flip]) {}

 protected:
  static constexpr std::size_t low = line_bytes<T> - 1;

  HWY_INLINE std::size_t place(std::size_t at) const { return places_[at] ^ start_; }
  HWY_INLINE T* at(std::size_t place) const { return behind(edge_.base, place); }
  HWY_INLINE Vector<T> exchanged(Vector<T> v, std::size_t place) const {
    return tables_.exchange(v, place & low);
  }

  const Edge<T> edge_;
  const std::size_t* places_;
  const std::size_t start_;
  const LaneTables<T>& tables_ = LaneTables<T>::get();
};

template <class T>
class Reader : Visit<T> {
 public:
  HWY_INLINE Reader(const Edge<T>& edge, const std::size_t* places, std::size_t count, std::size_t flip = 0)
      : Visit<T>(edge, places, flip),
        next_(edge.next ^ edge.lines[flip]),
        fetches_next_(edge.next != edge.start),
        count_(count) {}

  /// Fetches lines that will be read soon into the cache.
  template <std::size_t size>
  HWY_INLINE void fetch(std::size_t group) const {
    constexpr std::size_t ahead = std::max<std::size_t>(size, 8);
    if (edge_.far && group + ahead < count_) fetch<size, 3>(group + ahead, start_);
    if (fetches_next_) fetch<size, 2>(group, next_);
  }

  /// Calls visit(i, line) for the lines of a group.
  template <std::size_t size, class Use>
  HWY_INLINE void read(std::size_t group, Use&& use) const {
    if (edge_.exchanging) {
      QUPEL_UNROLL(16)
      for (std::size_t i = 0; i < size; ++i) {
        const std::size_t place = this->place(group + i);
        const auto z = load_complex<T>(this->at(place & ~low), 0);
        use(i, ComplexVector<T>{this->exchanged(z.re, place), this->exchanged(z.im, place)});
      }
    } else {
      QUPEL_UNROLL(16)
      for (std::size_t i = 0; i < size; ++i) use(i, load_complex<T>(this->at(this->place(group + i)), 0));
    }
  }

 private:
  using Visit<T>::edge_, Visit<T>::low, Visit<T>::start_, Visit<T>::places_;

  template <std::size_t size, int locality>
  HWY_INLINE void fetch(std::size_t group, std::size_t start) const {
    for (std::size_t i = 0; i < size; ++i) {
      const T* from = this->at((places_[group + i] ^ start) & ~low);
      for (std::size_t e = 0; e < line_bytes<T>; e += 64) __builtin_prefetch(behind(from, e), 0, locality);
    }
  }

  const std::size_t next_;
  const bool fetches_next_;
  const std::size_t count_;
};

template <class T>
class Writer : Visit<T> {
 public:
  HWY_INLINE Writer(const Edge<T>& edge, const std::size_t* places, std::size_t flip = 0)
      : Visit<T>(edge, places, flip), signs_(LaneTables<T>::get().sign(edge.signs)) {}

  /// Writes line(i) for the lines of a group.
  template <std::size_t size, class Line>
  HWY_INLINE void write(std::size_t group, Line&& line) const {
    if (is_plain()) {
      QUPEL_UNROLL(16)
      for (std::size_t i = 0; i < size; ++i) store_complex<T>(line(i), this->at(this->place(group + i)), 0);
    } else {
      QUPEL_UNROLL(16)
      for (std::size_t i = 0; i < size; ++i) {
        const std::size_t place = this->place(group + i);
        const auto z = line(i);
        write_line<T>({finished(z.re, place), finished(z.im, place)}, this->at(place & ~low), edge_.stream);
      }
    }
  }

 private:
  using Visit<T>::edge_, Visit<T>::low;

  HWY_INLINE bool is_plain() const { return edge_.signs == 0 && !edge_.exchanging && !edge_.stream; }
  HWY_INLINE Vector<T> finished(Vector<T> v, std::size_t place) const {
    if (edge_.signs != 0) v = hn::Mul(v, signs_);
    return edge_.exchanging ? this->exchanged(v, place) : v;
  }

  const Vector<T> signs_;
};

/// The entries of a diagonal's table for lines in the order of a pass.
template <class T>
class TableReader {
 public:
  HWY_INLINE TableReader(const RowDiagonal<T>& factors, const std::size_t* places, std::size_t flip = 0)
      : table_(factors.table),
        places_(places),
        start_(factors.table == nullptr ? 0 : factors.start ^ factors.lines[flip]) {}
  HWY_INLINE ComplexVector<T> entry(std::size_t at) const {
    return load_complex<T>(behind(table_, places_[at] ^ start_), 0);
  }

 private:
  const T* table_;
  const std::size_t* places_;
  std::size_t start_;
};

/// Where a window reads and writes the rows of a tile: the first window reads the state, the last writes it,
/// and in between rows lie in the tile's own memory.
template <class T>
class Ends {
 public:
  /// @param memory the state @param start the byte where the tile begins in it @param scratch the tile's
  /// own memory
  Ends(const SweepPlan& plan, std::size_t window, T* memory, std::size_t start, T* scratch, bool stream)
      : window_(plan.windows[window]),
        first_(window == 0),
        last_(window + 1 == plan.windows.size()),
        stream_(stream && last_),
        memory_(memory),
        start_(start),
        scratch_(scratch) {}

  Edge<T> source(std::size_t row) const {
    auto edge = this->edge(Route::End::source, window_.source, first_, row);
    edge.far = first_;
    return edge;
  }
  Edge<T> target(std::size_t row) const {
    auto edge = this->edge(Route::End::target, window_.target, last_, row);
    edge.signs = window_.lane_signs;
    edge.stream = stream_;
    return edge;
  }

 private:
  Edge<T> edge(Route::End end, const LinePlaces& places, bool outside, std::size_t row) const {
    const std::size_t start = (outside ? start_ : 0) ^ places.rows[row];
    T* const base = outside ? memory_ : scratch_;
    return {base, end, places.lines.data(), start, window_.exchanging, 0, false, false, start};
  }

  const WindowPlan& window_;
  bool first_, last_, stream_;
  T* memory_;
  std::size_t start_;
  T* scratch_;
};

/// A row in the memory for one row, where steps work.
template <class T>
Edge<T> own_edge(const SweepPlan& plan, T* lines) {
  return {lines, Route::End::own, plan.own.data(), 0, false, 0, false, false, 0};
}

/// The byte of the state where a tile begins.
inline std::size_t start_of(const SweepPlan& plan, Mask base) {
  return (base >> plan.lane_bits) * plan.line_bytes;
}

}  // namespace qupel::tiled::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
