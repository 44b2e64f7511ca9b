// Matrices on up to three qubits with any number of controls: the fallback for what has no structure.
#if defined(QUPEL_STATEVECTOR_DENSE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QUPEL_STATEVECTOR_DENSE_INL
#undef QUPEL_STATEVECTOR_DENSE_INL
#else
#define QUPEL_STATEVECTOR_DENSE_INL
#endif

#include <vector>

#include "qupel/engine/statevector/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace qupel::statevector::HWY_NAMESPACE {

/// Writes `matrix` of every lane's (or, if none differs, the first lane's) angles as (re, im) vectors.
template <class T, class Evaluate>
HWY_NOINLINE void write_matrix(const Call<T>& call, Workspace<T>& work, const DenseStep& step, T* out,
                               Evaluate&& evaluate) {
  const std::size_t lanes = hn::Lanes(Tag<T>());
  bool varies = false;
  for (const auto& angle : step.gate.angles) varies |= angle.varies();
  std::vector<double> angles(step.angles.size()), features(work.feature_count);
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    if (lane > 0 && !varies) {
      for (std::size_t i = 0; i < work.matrix_size; ++i) out[i * lanes + lane] = out[i * lanes];
      continue;
    }
    for (std::size_t f = 0; f < features.size(); ++f) features[f] = work.features[f * lanes + lane];
    for (std::size_t k = 0; k < angles.size(); ++k)
      angles[k] = step.gate.angles[k].value(features, call.parameters);
    const auto matrix = evaluate(angles);
    work.matrix_size = 2 * matrix.values().size();
    for (std::size_t i = 0; i < matrix.values().size(); ++i) {
      out[2 * i * lanes + lane] = static_cast<T>(matrix.values()[i].real());
      out[(2 * i + 1) * lanes + lane] = static_cast<T>(matrix.values()[i].imag());
    }
  }
}

/// Where a dense gate's tiles lie, in amplitudes.
struct DenseGeometry {
  std::size_t size;
  std::size_t offset[std::size_t{1} << most_targets];
  Mask start;

  explicit DenseGeometry(const DenseGate& gate) : start(gate.offset) {
    const auto controls = static_cast<std::size_t>(gate.spec->controls);
    for (std::size_t k = 0; k < controls; ++k) start ^= gate.columns[k];
    size = std::size_t{1} << (gate.columns.size() - controls);
    for (std::size_t i = 0; i < size; ++i) {
      offset[i] = 0;
      for (std::size_t t = controls; t < gate.columns.size(); ++t) {
        if ((i >> (t - controls)) & 1) offset[i] ^= gate.columns[t];
      }
    }
  }
};

template <class T>
using DenseTile = ComplexVector<T>[std::size_t{1} << most_targets];

/// to = M from, or to = M^dagger from.
template <class T>
HWY_INLINE void multiply_tile(const T* matrix, std::size_t size, bool dagger, const DenseTile<T>& from,
                              DenseTile<T>& to) {
  for (std::size_t r = 0; r < size; ++r) {
    ComplexVector<T> sum{zero<T>(), zero<T>()};
    for (std::size_t c = 0; c < size; ++c) {
      auto entry = load_complex(matrix, dagger ? c * size + r : r * size + c);
      if (!dagger) entry.im = hn::Neg(entry.im);
      sum = add_conjugate_product(sum, entry, from[c]);
    }
    to[r] = sum;
  }
}

template <class T>
HWY_INLINE void load_tile(const T* state, const DenseGeometry& geometry, Mask at, DenseTile<T>& tile) {
  for (std::size_t i = 0; i < geometry.size; ++i) tile[i] = load_complex(state, at ^ geometry.offset[i]);
}
template <class T>
HWY_INLINE void store_tile(const DenseTile<T>& tile, const DenseGeometry& geometry, Mask at, T* state) {
  for (std::size_t i = 0; i < geometry.size; ++i) store_complex(tile[i], state, at ^ geometry.offset[i]);
}

template <class T>
HWY_NOINLINE void run_dense(const Call<T>& call, Workspace<T>& work, const DenseStep& step) {
  write_matrix(call, work, step, work.matrices,
               [&](const auto& angles) { return step.gate.spec->matrix(angles); });
  const DenseGeometry geometry(step.gate);
  for_each_position<Mask>(step.gate.other_columns, geometry.start, [&](Mask at) HWY_ATTR {
    DenseTile<T> before, after;
    load_tile(work.state, geometry, at, before);
    multiply_tile(work.matrices, geometry.size, false, before, after);
    store_tile(after, geometry, at, work.state);
  });
}

/// Undoes the gate on state and adjoint, and adds the derivatives by its angles to Workspace::sums.
template <class T>
HWY_NOINLINE void run_dense_backward(const Call<T>& call, Workspace<T>& work, const DenseStep& step,
                                     double scale) {
  const std::size_t lanes = hn::Lanes(Tag<T>());
  const auto& spec = *step.gate.spec;
  write_matrix(call, work, step, work.matrices, [&](const auto& angles) { return spec.matrix(angles); });
  const std::size_t stride = work.matrix_size * lanes;
  for (std::size_t k = 0; k < step.angles.size(); ++k) {
    write_matrix(call, work, step, work.matrices + (k + 1) * stride,
                 [&](const auto& angles) { return derivative(spec, angles, static_cast<int>(k)); });
  }
  const DenseGeometry geometry(step.gate);
  const auto factor = hn::Set(Tag<T>(), static_cast<T>(2 * scale));
  for_each_position<Mask>(step.gate.other_columns, geometry.start, [&](Mask at) HWY_ATTR {
    DenseTile<T> psi, before, lambda, moved;
    load_tile(work.state, geometry, at, psi);
    load_tile(work.adjoint, geometry, at, lambda);
    multiply_tile(work.matrices, geometry.size, true, psi, before);
    store_tile(before, geometry, at, work.state);
    for (std::size_t k = 0; k < step.angles.size(); ++k) {
      multiply_tile(work.matrices + (k + 1) * stride, geometry.size, false, before, moved);
      auto overlap = zero<T>();
      for (std::size_t i = 0; i < geometry.size; ++i) {
        overlap = hn::Add(overlap, multiply_conjugate(lambda[i], moved[i]).re);
      }
      T* sum = work.sums + static_cast<std::size_t>(step.angles[k]) * lanes;
      store(hn::MulAdd(overlap, factor, load(sum)), sum);
    }
    multiply_tile(work.matrices, geometry.size, true, lambda, moved);
    store_tile(moved, geometry, at, work.adjoint);
  });
}

}  // namespace qupel::statevector::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
