// Diagonals whose phases differ between samples: their table.
#if defined(QUPEL_STATEVECTOR_DIAGONAL_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QUPEL_STATEVECTOR_DIAGONAL_INL
#undef QUPEL_STATEVECTOR_DIAGONAL_INL
#else
#define QUPEL_STATEVECTOR_DIAGONAL_INL
#endif

#include "qupel/engine/rotations/parity-inl.h"
#include "qupel/engine/rotations/phase-table-inl.h"
#include "qupel/engine/simd/vector-inl.h"
#include "qupel/engine/statevector/angles-inl.h"

HWY_BEFORE_NAMESPACE();
namespace qupel::statevector::HWY_NAMESPACE {

using namespace rotations::HWY_NAMESPACE;  // NOLINT(google-build-using-namespace): the same instruction set

/// The table of a diagonal in Workspace::phases, by a sum of exponents, and one sine and cosine an entry.
template <class T>
HWY_NOINLINE void write_dense_phases(const Call<T>& call, Workspace<T>& work, const Diagonal& diagonal) {
  const Tag<T> d;
  const std::size_t lanes = hn::Lanes(d);
  for (std::size_t k = 0; k < diagonal.masks.size(); ++k) {
    const auto& exponent = diagonal.phases.exponents[k];
    const auto theta = reduced_angle(exponent, exponent.uniform_part(call.parameters), work, false);
    store(theta, work.outputs + k * lanes);
  }
  unfold(diagonal.parities, work.table, work.outputs);
  const std::size_t size = std::size_t{1} << diagonal.qubits;
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
  const std::size_t size = std::size_t{1} << diagonal.qubits;
  const auto leaf = [&](int which) HWY_ATTR {
    const auto& exponent = diagonal.phases.exponents[static_cast<std::size_t>(which)];
    const auto theta = reduced_angle(exponent, exponent.uniform_part(call.parameters), work, false);
    return doubled<T>(doubled<T>(unit<T>(hn::Mul(theta, hn::Set(Tag<T>(), T{0.25})))));
  };
  T* scratch = work.phases + 2 * size * hn::Lanes(Tag<T>());
  PhaseTable<T, decltype(leaf)> table{leaf, work.phases, scratch, TableOrder(diagonal.walk, size)};
  write_phases(diagonal.phases, 0, table, 0, size);
}
}  // namespace qupel::statevector::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
