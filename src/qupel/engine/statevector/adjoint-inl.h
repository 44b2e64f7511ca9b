// The backward pass: undoes gates on the state and on the adjoint state and collects derivatives.
#if defined(QUPEL_STATEVECTOR_ADJOINT_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QUPEL_STATEVECTOR_ADJOINT_INL
#undef QUPEL_STATEVECTOR_ADJOINT_INL
#else
#define QUPEL_STATEVECTOR_ADJOINT_INL
#endif

#include <vector>

#include "qupel/engine/statevector/measure-inl.h"
#include "qupel/engine/statevector/passes-inl.h"
#include "qupel/engine/statevector/product-inl.h"
#include "qupel/engine/statevector/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace qupel::statevector::HWY_NAMESPACE {

/// Derivatives are overlaps of the adjoint state with a generator applied to the state. With G the real
/// generator of a rotation, d loss / d angle = adjoint . G state; rotations of a pass commute, so all
/// overlaps come before undoing.
template <class T, std::size_t rotations>
HWY_NOINLINE void undo_pass(const Call<T>& call, Workspace<T>& work, const Pass& pass, std::size_t start,
                            double scale) {
  constexpr std::size_t size = std::size_t{1} << rotations;
  const std::size_t lanes = hn::Lanes(Tag<T>());
  const Gates<T, rotations> gates(call, work, pass, true);
  T* HWY_RESTRICT state = work.state;
  T* HWY_RESTRICT adjoint = work.adjoint;
  Vector<T> overlaps[rotations];
  for (auto& overlap : overlaps) overlap = zero<T>();
  for_each_position<std::size_t>(pass.steps, start, [&](std::size_t at) QUPEL_INLINED {
    std::size_t position[size];
    Vector<T> psi[size], lambda[size];
    position[0] = at;
    QUPEL_UNROLL(4)
    for (std::size_t j = 0; j < rotations; ++j) {
      const std::size_t half = std::size_t{1} << j;
      QUPEL_UNROLL(8)
      for (std::size_t i = 0; i < half; ++i) position[half + i] = position[i] ^ pass.offset[j];
    }
    QUPEL_UNROLL(16)
    for (std::size_t i = 0; i < size; ++i) {
      psi[i] = load(behind(state, position[i]));
      lambda[i] = load(behind(adjoint, position[i]));
    }
    QUPEL_UNROLL(4)
    for (std::size_t j = 0; j < rotations; ++j) {
      QUPEL_UNROLL(16)
      for (std::size_t i = 0; i < size; ++i) {
        const std::size_t bit = std::size_t{1} << j;
        if (i & bit) continue;
        overlaps[j] = hn::MulAdd(lambda[i | bit], psi[i], overlaps[j]);
        overlaps[j] = hn::NegMulAdd(lambda[i], psi[i | bit], overlaps[j]);
      }
    }
    QUPEL_UNROLL(4)
    for (std::size_t j = 0; j < rotations; ++j) {
      gates.template apply<size>(j, psi, j);
      gates.template apply<size>(j, lambda, j);
    }
    QUPEL_UNROLL(16)
    for (std::size_t i = 0; i < size; ++i) {
      store(psi[i], behind(state, position[i]));
      store(lambda[i], behind(adjoint, position[i]));
    }
  });
  const auto factor = hn::Set(Tag<T>(), static_cast<T>(scale));
  for (std::size_t j = 0; j < rotations; ++j) {
    T* sum = work.sums + static_cast<std::size_t>(pass.angle[j]) * lanes;
    store(hn::MulAdd(overlaps[j], factor, load(sum)), sum);
  }
}

/// Undoes a diagonal and leaves Im(conj(adjoint) state) of each amplitude in Workspace::table.
template <class T>
HWY_NOINLINE void undo_diagonal(const Call<T>& call, Workspace<T>& work, const Pass& pass,
                                std::size_t start) {
  const std::size_t lanes = hn::Lanes(Tag<T>());
  const auto which = static_cast<std::size_t>(pass.diagonal);
  const bool varies = call.program.layers.diagonals[which].varies;
  const T* entries = varies ? work.phases : call.binding.tables[which].data();
  for_each_position<std::size_t>(pass.steps, start, [&](std::size_t at) HWY_ATTR {
    const std::size_t index = at / (2 * lanes * sizeof(T));
    const auto psi = load_complex(work.state, index), lambda = load_complex(work.adjoint, index);
    store(multiply_conjugate(lambda, psi).im, work.table + index * lanes);
    const auto factor = varies ? load_complex(entries, index)
                               : ComplexVector<T>{hn::Set(Tag<T>(), entries[2 * index]),
                                                  hn::Set(Tag<T>(), entries[2 * index + 1])};
    store_complex(multiply_conjugate(factor, psi), work.state, index);
    store_complex(multiply_conjugate(factor, lambda), work.adjoint, index);
  });
}

/// Adds the derivatives by a diagonal's angles, from Workspace::table.
template <class T>
HWY_INLINE void add_diagonal_gradient(const Call<T>& call, Workspace<T>& work, int index, double scale) {
  const std::size_t lanes = hn::Lanes(Tag<T>());
  const auto& diagonal = call.program.layers.diagonals[static_cast<std::size_t>(index)];
  if (!diagonal.trains) return;
  fold(diagonal.parities, 0, diagonal.parities.bits, work.table, work.outputs);
  const auto factor = hn::Set(Tag<T>(), static_cast<T>(scale));
  for (std::size_t k = 0; k < diagonal.masks.size(); ++k) {
    store(hn::Mul(load(work.outputs + k * lanes), factor),
          work.sums + static_cast<std::size_t>(diagonal.angles[k]) * lanes);
  }
}

/// true = scale * stored, for state and adjoint alike: follows the scale back through a window, and returns
/// its square where each pass takes its overlaps.
template <class T>
inline std::vector<double> window_scales(const Binding<T>& binding, const Window& window, double& scale) {
  std::vector<double> squares(window.passes.size());
  for (std::size_t p = window.passes.size(); p-- > 0;) {
    const auto& pass = window.passes[p];
    squares[p] = scale * scale;
    for (std::size_t j = 0; j < static_cast<std::size_t>(pass.rotations); ++j) {
      // The cotangent form with -f is minus the inverse: sin t (f - G) = -sin t (-f + G).
      const auto angle = static_cast<std::size_t>(pass.angle[j]);
      scale *= binding.forms[angle] == Form::cotangent ? -binding.factors[angle] : binding.factors[angle];
    }
    if (pass.diagonal >= 0) scale /= binding.magnitudes[static_cast<std::size_t>(pass.diagonal)];
  }
  return squares;
}

template <class T>
HWY_INLINE void undo_window(const Call<T>& call, Workspace<T>& work, const Window& window, double& scale) {
  const std::size_t amplitude = 2 * hn::Lanes(Tag<T>()) * sizeof(T);
  const auto squares = window_scales(call.binding, window, scale);
  for_each_position<Mask>(window.steps, Mask{0}, [&](Mask part) HWY_ATTR {
    for (std::size_t p = window.passes.size(); p-- > 0;) {
      const auto& pass = window.passes[p];
      const std::size_t start = first_tile(pass, part) * amplitude;
      if (pass.diagonal >= 0) {
        prepare_diagonal(call, work, pass.diagonal);
        undo_diagonal(call, work, pass, start);
        continue;
      }
      switch (pass.rotations) {
        case 1:
          undo_pass<T, 1>(call, work, pass, start, squares[p]);
          break;
        case 2:
          undo_pass<T, 2>(call, work, pass, start, squares[p]);
          break;
        default:
          undo_pass<T, 3>(call, work, pass, start, squares[p]);
          break;
      }
    }
  });
  for (std::size_t p = 0; p < window.passes.size(); ++p) {
    if (window.passes[p].diagonal >= 0)
      add_diagonal_gradient(call, work, window.passes[p].diagonal, squares[p]);
  }
}

template <class T>
void backward(const Call<T>& call, Workspace<T>& work, const double* cotangents) {
  const std::size_t lanes = hn::Lanes(Tag<T>());
  const auto& program = call.program;
  std::fill_n(work.sums, program.layers.angles.size() * lanes, T{0});
  if (program.measurements.empty()) return;
  for (const auto& measurement : program.measurements) {
    apply_measurement(call, work, measurement, cotangents, &measurement == program.measurements.data());
  }
  double scale = call.binding.scale;
  for (auto window = call.plans.backward.rbegin(); window != call.plans.backward.rend(); ++window)
    undo_window(call, work, *window, scale);
  product_gradients(call, work, scale);
}

}  // namespace qupel::statevector::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
