// Tables of phases, by multiplication (PhaseTree).
#if defined(QUPEL_ROTATIONS_PHASE_TABLE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QUPEL_ROTATIONS_PHASE_TABLE_INL
#undef QUPEL_ROTATIONS_PHASE_TABLE_INL
#else
#define QUPEL_ROTATIONS_PHASE_TABLE_INL
#endif

#include "qupel/engine/rotations/parity_tree.h"
#include "qupel/engine/simd/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace qupel::rotations::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using namespace simd::HWY_NAMESPACE;  // NOLINT(google-build-using-namespace): the same instruction set

/// A table of complex vectors, for write_phases().
template <class T, class Leaf>
struct PhaseTable {
  const Leaf& leaf;  ///< leaf(index): the vector of exp(i exponent)
  T* table;
  T* scratch;  ///< as large; entry numbers from the table's size on lie there
  TableOrder order;

  void set(std::size_t to, int index) { store_complex<T>(leaf(index), place(to), order.start(to)); }
  void copy(std::size_t to, std::size_t from, std::size_t count) {
    each(to, from, count, [](std::size_t, const ComplexVector<T>& entry) HWY_ATTR { return entry; });
  }
  void scale(std::size_t to, std::size_t from, std::size_t count, int index) {
    const ComplexVector<T> factor = leaf(index);
    each(to, from, count, [&](std::size_t, const ComplexVector<T>& entry) HWY_ATTR {
      return HWY_NAMESPACE::multiply(factor, entry);
    });
  }
  void multiply(std::size_t to, std::size_t from, std::size_t by, std::size_t count) {
    const T* factors = place(by);
    each(to, from, count, [&](std::size_t i, const ComplexVector<T>& entry) HWY_ATTR {
      return HWY_NAMESPACE::multiply(load_complex(factors, order.start(by) + i), entry);
    });
  }

 private:
  T* place(std::size_t entry) const { return entry < order.size() ? table : scratch; }

  template <class Change>
  HWY_INLINE void each(std::size_t to, std::size_t from, std::size_t count, Change&& change) {
    T* const target = place(to);
    const T* const source = place(from);
    std::size_t write = order.start(to), read = order.start(from);
    for (std::size_t i = 0; i < count; ++i) {
      store_complex<T>(change(i, load_complex(source, read)), target, write);
      write = order.next(write, to + i + 1);
      read = order.next(read, from + i + 1);
    }
  }
};

}  // namespace qupel::rotations::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
