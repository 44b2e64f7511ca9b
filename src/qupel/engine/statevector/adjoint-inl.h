// The backward run: undoes rotations and diagonals on the state and on the adjoint state, and sums
// up derivatives.
#if defined(QUPEL_STATEVECTOR_ADJOINT_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QUPEL_STATEVECTOR_ADJOINT_INL
#undef QUPEL_STATEVECTOR_ADJOINT_INL
#else
#define QUPEL_STATEVECTOR_ADJOINT_INL
#endif

#include <vector>

#include "qupel/engine/statevector/measure-inl.h"
#include "qupel/engine/statevector/passes-inl.h"
#include "qupel/engine/statevector/start-inl.h"

HWY_BEFORE_NAMESPACE();
namespace qupel::statevector::HWY_NAMESPACE {

/// A state and the adjoint state of the same moment.
template <class T>
struct Both {
  T *state, *adjoint;
};

template <class T>
HWY_INLINE void add_derivative(const Workspace<T>& work, int angle, Vector<T> derivative, double scale) {
  T* sum = work.sums + static_cast<std::size_t>(angle) * hn::Lanes(Tag<T>());
  store(hn::MulAdd(derivative, hn::Set(Tag<T>(), static_cast<T>(scale)), load(sum)), sum);
}

/// Adds the derivatives by a pass's angles and undoes its rotations. With G the real generator of a rotation,
/// the derivative of the loss by its angle is the overlap <adjoint|G|state>. The rotations of a pass commute,
/// so all overlaps of a tile can be taken before any rotation is undone.
template <class T, std::size_t rotations, bool shears>
HWY_NOINLINE void undo_pass(const Call<T>& call, const Workspace<T>& work, const Both<T>& both,
                            const Pass& pass, std::size_t start, double scale) {
  constexpr std::size_t size = std::size_t{1} << rotations;
  const PassFactors<T, rotations, 0, shears> factors(call, work, pass, true);
  T* HWY_RESTRICT state = both.state;
  T* HWY_RESTRICT adjoint = both.adjoint;
  Vector<T> overlaps[rotations];
  for (auto& overlap : overlaps) overlap = zero<T>();
  for_each_position<std::size_t>(pass.steps, start, [&](std::size_t at) QUPEL_INLINED {
    Vector<T> psi[size], lambda[size];
    for_each_corner<rotations>(at, pass.offset.data(), [&](std::size_t i, std::size_t here) QUPEL_INLINED {
      psi[i] = load(behind(state, here));
      lambda[i] = load(behind(adjoint, here));
      keep_in_register(psi[i]);
      keep_in_register(lambda[i]);
    });
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
      factors.apply(psi, j);
      factors.apply(lambda, j);
    }
    keep_in_register(at);
    for_each_corner<rotations>(at, pass.offset.data(), [&](std::size_t i, std::size_t here) QUPEL_INLINED {
      store(psi[i], behind(state, here));
      store(lambda[i], behind(adjoint, here));
    });
  });
  for (std::size_t j = 0; j < rotations; ++j) add_derivative(work, pass.angle[j], overlaps[j], scale);
}

/// Undoes a diagonal on state and adjoint. Before that, if it trains, Im(conj(adjoint) state) of each
/// amplitude is written to Workspace::table.
template <class T, Load how, bool trains>
HWY_NOINLINE void undo_diagonal(const Workspace<T>& work, const Both<T>& both, const Pass& pass,
                                const T* HWY_RESTRICT diagonal, std::size_t start) {
  for_each_position<std::size_t>(pass.steps, start, [&](std::size_t at) HWY_ATTR {
    const auto factor = entry_at<T, how>(diagonal, at);
    const auto state = load_complex(behind(both.state, at), 0),
               adjoint = load_complex(behind(both.adjoint, at), 0);
    if constexpr (trains) store(multiply_conjugate(adjoint, state).im, behind(work.table, at / 2));
    store_complex(multiply_conjugate(factor, state), behind(both.state, at), 0);
    store_complex(multiply_conjugate(factor, adjoint), behind(both.adjoint, at), 0);
  });
}

/// Adds the derivatives by a diagonal's angles, from Workspace::table.
template <class T>
HWY_INLINE void add_diagonal_gradient(const Call<T>& call, Workspace<T>& work, int index, double scale) {
  const std::size_t lanes = hn::Lanes(Tag<T>());
  const auto& diagonal = call.program.layers.diagonals[static_cast<std::size_t>(index)];
  if (!diagonal.trains) return;
  fold(diagonal.parities, work.table, work.outputs);
  for (std::size_t k = 0; k < diagonal.masks.size(); ++k)
    add_derivative(work, diagonal.angles[k], load(work.outputs + k * lanes), scale);
}

/// The factors that make stored amplitudes the true ones.
struct Scales {
  double adjoint, state;
};

/// Follows the scales back through a window.
/// @param products is set to the product of both scales at the moment of each pass's overlaps
template <class T>
inline void overlap_scales(const Call<T>& call, const PassGroup& window, Scales& scales,
                           std::vector<double>& products) {
  const auto& binding = call.binding;
  products.resize(window.passes.size());
  for (std::size_t p = window.passes.size(); p-- > 0;) {
    const auto& pass = window.passes[p];
    products[p] = scales.adjoint * scales.state;
    double factor = 1;
    for (std::size_t j = 0; j < static_cast<std::size_t>(pass.rotations); ++j)
      factor *= binding.factors[static_cast<std::size_t>(pass.angle[j])];
    if (pass.diagonal >= 0) factor /= binding.magnitudes[static_cast<std::size_t>(pass.diagonal)];
    scales.adjoint *= factor;
    scales.state *= factor;
  }
}

/// Adds the derivatives by a pass's angles, then undoes the pass on state and adjoint.
template <class T>
HWY_INLINE void run_back(const Call<T>& call, Workspace<T>& work, const Both<T>& both, const Pass& pass,
                         std::size_t start, double scale) {
  if (pass.diagonal >= 0) {
    const bool trains = call.program.layers.diagonals[static_cast<std::size_t>(pass.diagonal)].trains;
    return with_diagonal(call, work, pass.diagonal, [&](auto how, const T* diagonal) HWY_ATTR {
      if constexpr (how != Load::plain) {
        trains ? undo_diagonal<T, how, true>(work, both, pass, diagonal, start)
               : undo_diagonal<T, how, false>(work, both, pass, diagonal, start);
      }
    });
  }
  with_rotations(pass.rotations, [&](auto rotations) HWY_ATTR {
    with_forms(call, pass, [&](auto shears) HWY_ATTR {
      if constexpr (rotations < most_directions)
        undo_pass<T, rotations, shears>(call, work, both, pass, start, scale);
    });
  });
}

template <class T>
HWY_INLINE void run_window_back(const Call<T>& call, Workspace<T>& work, const PassGroup& window,
                                Scales& scales, const Both<T>& both) {
  const std::size_t amplitude = 2 * hn::Lanes(Tag<T>()) * sizeof(T);
  auto& products = work.products;
  overlap_scales(call, window, scales, products);
  for_each_position<Mask>(window.steps, Mask{0}, [&](Mask part) HWY_ATTR {
    for (std::size_t p = window.passes.size(); p-- > 0;) {
      const auto& pass = window.passes[p];
      run_back(call, work, both, pass, first_tile(pass, part) * amplitude, products[p]);
    }
  });
  for (std::size_t p = 0; p < window.passes.size(); ++p) {
    const auto& pass = window.passes[p];
    if (pass.diagonal >= 0) add_diagonal_gradient(call, work, pass.diagonal, products[p]);
  }
}

template <class T>
HWY_INLINE void run_windows_back(const Call<T>& call, Workspace<T>& work, std::span<const PassGroup> windows,
                                 Scales& scales, const Both<T>& both) {
  for (std::size_t w = windows.size(); w-- > 0;) run_window_back(call, work, windows[w], scales, both);
}

/// Adds the derivatives by the product gates of a half and by all that was applied to it.
/// @param both the half's state, and the adjoint state contracted with the other half; both are undone
template <class T>
HWY_NOINLINE void differentiate_half(const Call<T>& call, Workspace<T>& work, const Half& half,
                                     std::span<const PassGroup> windows, const Both<T>& both, double scale) {
  Scales scales{scale, 1};
  run_windows_back<T>(call, work, windows, scales, both);
  const std::size_t size = version_size<T>(half), lanes = hn::Lanes(Tag<T>());
  for (std::size_t i = 0; half.other != 0 && i < size; i += lanes)
    store(hn::Add(load(both.adjoint + i), load(both.adjoint + size + i)), both.adjoint + i);
  const auto factor = hn::Set(Tag<T>(), static_cast<T>(scales.adjoint));
  const auto begin = static_cast<std::size_t>(half.begin), end = static_cast<std::size_t>(half.end);
  for (std::size_t q = begin; q < end; ++q) {
    const auto& gates = call.program.layers.product[q];
    if (gates.empty()) continue;
    contract_others(work, begin, end, q, both.adjoint, work.scratch);
    product_gradient<T>(gates, work, q, load_complex(work.scratch, 0), load_complex(work.scratch, 1), factor);
  }
}

/// Adds the derivatives by all angles of the halves and of product gates, once the adjoint state has been
/// brought back to the product of the halves. @param scale the factor that makes the stored adjoint state the
/// true one
template <class T>
HWY_NOINLINE void differentiate_start(const Call<T>& call, Workspace<T>& work, double scale) {
  contract_halves(call, work);
  const auto& layers = call.program.layers;
  differentiate_half<T>(call, work, layers.low, call.plans.low.backward, {work.low, work.reduced_low}, scale);
  differentiate_half<T>(call, work, layers.high, call.plans.high.backward, {work.high, work.reduced_high},
                        scale);
}

template <class T>
void add_up(const Call<T>& call, Workspace<T>& work) {
  for (std::size_t a = 0; a < call.program.layers.angles.size(); ++a)
    work.totals[a] = sum_of_lanes<T>(load(work.sums + a * hn::Lanes(Tag<T>())));
}

template <class T>
void backward(const Call<T>& call, Workspace<T>& work, const double* cotangents, bool anew) {
  const auto& program = call.program;
  if (anew) std::fill_n(work.sums, program.layers.angles.size() * hn::Lanes(Tag<T>()), T{0});
  if (program.measurements.empty()) return;
  for (const auto& measurement : program.measurements) {
    apply_measurement(call, work, measurement, cotangents, &measurement == program.measurements.data());
  }
  Scales scales{call.binding.scale, call.binding.scale};
  run_windows_back<T>(call, work, call.plans.backward, scales, {work.state, work.adjoint});
  differentiate_start(call, work, scales.adjoint);
}

}  // namespace qupel::statevector::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
