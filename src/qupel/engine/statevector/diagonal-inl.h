// Diagonals whose phases differ between samples: their table, by multiplication (PhaseTree).
#if defined(QUPEL_STATEVECTOR_DIAGONAL_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QUPEL_STATEVECTOR_DIAGONAL_INL
#undef QUPEL_STATEVECTOR_DIAGONAL_INL
#else
#define QUPEL_STATEVECTOR_DIAGONAL_INL
#endif

#include "qupel/engine/statevector/angles-inl.h"
#include "qupel/engine/statevector/parity-inl.h"
#include "qupel/engine/statevector/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace qupel::statevector::HWY_NAMESPACE {

/// The table of a diagonal in Workspace::phases, for write_phases().
template <class T>
struct VectorTable {
  const Diagonal& diagonal;
  const Call<T>& call;
  Workspace<T>& work;
  Walk walk;

  ComplexVector<T> leaf(int index) const {
    const auto& exponent = diagonal.phases.exponents[static_cast<std::size_t>(index)];
    const auto theta = reduced_angle(exponent, exponent.uniform_part(call.parameters), work, false);
    return doubled<T>(doubled<T>(unit<T>(hn::Mul(theta, hn::Set(Tag<T>(), T{0.25})))));
  }
  void set(std::size_t at, int index) { store_complex(leaf(index), work.phases, walk.start(at)); }
  void copy(std::size_t to, std::size_t from, std::size_t count) {
    each(to, from, count, [](std::size_t, const ComplexVector<T>& entry) HWY_ATTR { return entry; });
  }
  void scale(std::size_t to, std::size_t from, std::size_t count, int index) {
    const auto factor = leaf(index);
    each(to, from, count, [&](std::size_t, const ComplexVector<T>& entry) HWY_ATTR {
      return HWY_NAMESPACE::multiply(factor, entry);
    });
  }
  void multiply(std::size_t to, std::size_t from, std::size_t by, std::size_t count) {
    each(to, from, count, [&](std::size_t i, const ComplexVector<T>& entry) HWY_ATTR {
      return HWY_NAMESPACE::multiply(load_complex(work.phases, by + i), entry);
    });
  }

 private:
  template <class Change>
  HWY_INLINE void each(std::size_t to, std::size_t from, std::size_t count, Change&& change) {
    std::size_t target = walk.start(to), source = walk.start(from);
    for (std::size_t i = 0; i < count; ++i) {
      store_complex(change(i, load_complex(work.phases, source)), work.phases, target);
      target = walk.next(target, to + i + 1);
      source = walk.next(source, from + i + 1);
    }
  }
};

/// The same by a sum of exponents, and one sine and cosine an entry.
template <class T>
HWY_NOINLINE void write_dense_phases(const Call<T>& call, Workspace<T>& work, const Diagonal& diagonal) {
  const Tag<T> d;
  const std::size_t lanes = hn::Lanes(d);
  for (std::size_t k = 0; k < diagonal.masks.size(); ++k) {
    const auto& exponent = diagonal.phases.exponents[k];
    const auto theta = reduced_angle(exponent, exponent.uniform_part(call.parameters), work, false);
    store(theta, work.outputs + k * lanes);
  }
  unfold(diagonal.parities, 0, diagonal.parities.bits, work.table, work.outputs);
  const std::size_t size = std::size_t{1} << call.program.qubits;
  for (std::size_t s = 0; s < size; ++s) {
    store_complex(unit_at<T>(load(work.table + s * lanes)), work.phases, s);
  }
}

/// Makes Workspace::phases hold a diagonal, if it varies.
template <class T>
HWY_INLINE void prepare_diagonal(const Call<T>& call, Workspace<T>& work, int index) {
  const auto& diagonal = call.program.layers.diagonals[static_cast<std::size_t>(index)];
  if (!diagonal.varies || work.phases_of == diagonal.same_as) return;
  work.phases_of = diagonal.same_as;
  if (diagonal.phases.dense()) return write_dense_phases(call, work, diagonal);
  const std::size_t size = std::size_t{1} << call.program.qubits;
  VectorTable<T> table{diagonal, call, work, Walk(diagonal.walk, size)};
  write_phases(diagonal.phases, 0, table, 0, size);
}
}  // namespace qupel::statevector::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
