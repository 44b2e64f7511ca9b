// Diagonals whose phases differ between samples: their table, by multiplication (PhaseTree).
#if defined(QUPEL_STATEVECTOR_DIAGONAL_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QUPEL_STATEVECTOR_DIAGONAL_INL
#undef QUPEL_STATEVECTOR_DIAGONAL_INL
#else
#define QUPEL_STATEVECTOR_DIAGONAL_INL
#endif

#include "qupel/engine/statevector/angles-inl.h"
#include "qupel/engine/statevector/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace qupel::statevector::HWY_NAMESPACE {

template <class T>
struct VectorTable {
  const PhaseTree& tree;
  const Call<T>& call;
  Workspace<T>& work;

  HWY_INLINE ComplexVector<T> leaf(int index) const {
    const auto& exponent = tree.exponents[static_cast<std::size_t>(index)];
    const auto theta = reduced_angle(exponent, exponent.uniform_part(call.parameters), work, false);
    return doubled<T>(doubled<T>(unit<T>(hn::Mul(theta, hn::Set(Tag<T>(), T{0.25})))));
  }
  void set(std::size_t at, int index) { store_complex(leaf(index), work.phases, at); }
  void copy(std::size_t to, std::size_t from, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
      store_complex(load_complex(work.phases, from + i), work.phases, to + i);
  }
  void scale(std::size_t to, std::size_t from, std::size_t count, int index) {
    const auto factor = leaf(index);
    for (std::size_t i = 0; i < count; ++i) {
      store_complex(HWY_NAMESPACE::multiply(factor, load_complex(work.phases, from + i)), work.phases,
                    to + i);
    }
  }
  void multiply(std::size_t to, std::size_t from, std::size_t by, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      store_complex(
          HWY_NAMESPACE::multiply(load_complex(work.phases, by + i), load_complex(work.phases, from + i)),
          work.phases, to + i);
    }
  }
};

/// Makes Workspace::phases hold a diagonal, if it varies.
template <class T>
HWY_INLINE void prepare_diagonal(const Call<T>& call, Workspace<T>& work, int index) {
  const auto& diagonal = call.program.layers.diagonals[static_cast<std::size_t>(index)];
  if (!diagonal.varies || work.phases_of == diagonal.same_as) return;
  work.phases_of = diagonal.same_as;
  VectorTable<T> table{diagonal.phases, call, work};
  write_phases(diagonal.phases, 0, table, 0, std::size_t{1} << call.program.qubits);
}

}  // namespace qupel::statevector::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
