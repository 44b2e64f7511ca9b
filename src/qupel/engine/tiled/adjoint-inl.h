// The backward pass: a tile of the state and one of its adjoint go through the same windows, and before a
// rotation is undone its derivative is read off both.
#if defined(QUPEL_TILED_ADJOINT_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QUPEL_TILED_ADJOINT_INL
#undef QUPEL_TILED_ADJOINT_INL
#else
#define QUPEL_TILED_ADJOINT_INL
#endif

#include "qupel/engine/tiled/tile-inl.h"

HWY_BEFORE_NAMESPACE();
namespace qupel::tiled::HWY_NAMESPACE {

template <class T>
HWY_INLINE double sum_of_lanes(Vector<T> v) {
  HWY_ALIGN T parts[HWY_MAX_BYTES / sizeof(T)];
  store(v, parts);
  double sum = 0;
  for (std::size_t lane = 0; lane < hn::Lanes(Tag<T>()); ++lane) sum += static_cast<double>(parts[lane]);
  return sum;
}

/// Adds Re <adjoint|G|state> of a pass's rotations exp(angle/2 G), where G maps p to q and q to -p.
template <class T, std::size_t rotations>
HWY_NOINLINE void differentiate_pass(const Pass& pass, const T* HWY_RESTRICT state,
                                     const T* HWY_RESTRICT adjoint, const Surroundings& around, double scale,
                                     double* derivatives) {
  std::size_t start = 0;
  Vector<T> sums[rotations];
  QUPEL_UNROLL(4)
  for (std::size_t j = 0; j < rotations; ++j) {
    sums[j] = zero<T>();
    if (around.flips(pass.z[j])) start ^= pass.offset[j];
  }
  constexpr std::size_t size = std::size_t{1} << rotations;
  for_each_position<std::size_t>(pass.steps, start, [&](std::size_t at) HWY_ATTR {
    std::size_t position[size];
    Vector<T> tile[size];
    position[0] = at;
    QUPEL_UNROLL(4)
    for (std::size_t j = 0; j < rotations; ++j) {
      const std::size_t half = std::size_t{1} << j;
      QUPEL_UNROLL(8)
      for (std::size_t i = 0; i < half; ++i) position[half + i] = position[i] ^ pass.offset[j];
    }
    QUPEL_UNROLL(8)
    for (std::size_t i = 0; i < size; ++i) tile[i] = load(behind(state, position[i]));
    QUPEL_UNROLL(8)
    for (std::size_t i = 0; i < size; ++i) {
      const auto other = load(behind(adjoint, position[i]));
      QUPEL_UNROLL(4)
      for (std::size_t j = 0; j < rotations; ++j) {
        const std::size_t partner = i ^ (std::size_t{1} << j);
        sums[j] = (partner < i) ? hn::MulAdd(other, tile[partner], sums[j])
                                : hn::NegMulAdd(other, tile[partner], sums[j]);
      }
    }
  });
  const auto& lanes = LaneTables<T>::get();
  QUPEL_UNROLL(4)
  for (std::size_t j = 0; j < rotations; ++j) {
    if (pass.gate[j] >= 0)
      derivatives[pass.gate[j]] += scale * sum_of_lanes<T>(hn::Mul(sums[j], lanes.sign(pass.z[j].lane)));
  }
}

/// The same of a rotation of pairs of lanes.
template <class T>
HWY_NOINLINE void differentiate_lanes(const LaneRotation& rotation, int bits, const T* HWY_RESTRICT state,
                                      const T* HWY_RESTRICT adjoint, const Surroundings& around, double scale,
                                      double* derivatives) {
  const auto& tables = LaneTables<T>::get();
  auto even = zero<T>(), odd_lines = zero<T>();
  for (std::size_t i = 0; i < std::size_t{1} << bits; ++i) {
    const auto z = load_complex(state, i), other = load_complex(adjoint, i);
    auto& sum = odd(rotation.z.inside & i) ? odd_lines : even;
    sum = hn::MulAdd(other.re, tables.exchange(z.re, rotation.x),
                     hn::MulAdd(other.im, tables.exchange(z.im, rotation.x), sum));
  }
  const auto sum = hn::Mul(hn::Sub(even, odd_lines), tables.sign(rotation.z.lane));
  const double sign = around.flips(rotation.z) ? -rotation.sign : rotation.sign;
  derivatives[rotation.gate] += scale * sign * sum_of_lanes<T>(sum);
}

/// Adds Im <adjoint|Z^mask|state> of a stage's phases exp(-i angle/2 Z^mask).
template <class T>
HWY_NOINLINE void differentiate_phases(const StagePlan& stage, int bits, const T* HWY_RESTRICT state,
                                       const T* HWY_RESTRICT adjoint, const Surroundings& around,
                                       double scale, T* HWY_RESTRICT table, double* derivatives) {
  const std::size_t lanes = hn::Lanes(Tag<T>());
  for (std::size_t i = 0; i < std::size_t{1} << bits; ++i) {
    const auto product = multiply_conjugate(load_complex(adjoint, i), load_complex(state, i));
    store(product.im, table + i * lanes);
  }
  walsh_hadamard(table, bits);
  const auto& tables = LaneTables<T>::get();
  for (const auto* phases : {&stage.constant, &stage.fixed, &stage.mixed}) {
    for (const auto& phase : *phases) {
      if (phase.gate < 0) continue;
      const auto entry = load(table + phase.parity.inside * lanes);
      const double sum = scale * sum_of_lanes<T>(hn::Mul(entry, tables.sign(phase.parity.lane)));
      derivatives[phase.gate] += around.flips(phase.parity) ? -sum : sum;
    }
  }
}

inline bool wanted(const StagePlan& stage) {
  const auto has_gate = [](const Phase& phase) { return phase.gate >= 0; };
  for (const auto* phases : {&stage.constant, &stage.fixed, &stage.mixed}) {
    if (std::any_of(phases->begin(), phases->end(), has_gate)) return true;
  }
  return false;
}

/// Lines of state and adjoint in a window, and the factor by which products of both are too small.
template <class T>
struct Both {
  T* HWY_RESTRICT state;
  T* HWY_RESTRICT adjoint;
  double scale;
};

template <class T>
HWY_INLINE void undo_pass(const Pass& pass, const Both<T>& lines, const Surroundings& around,
                          double* derivatives) {
  const bool any = std::any_of(pass.gate.begin(), pass.gate.end(), [](int gate) { return gate >= 0; });
  const double scale = lines.scale * pass.scale * pass.scale;
  if (any) {
    switch (pass.rotations) {
      case 1:
        differentiate_pass<T, 1>(pass, lines.state, lines.adjoint, around, scale, derivatives);
        break;
      case 2:
        differentiate_pass<T, 2>(pass, lines.state, lines.adjoint, around, scale, derivatives);
        break;
      default:
        differentiate_pass<T, 3>(pass, lines.state, lines.adjoint, around, scale, derivatives);
        break;
    }
  }
  run_any_pass(pass, lines.state, around);
  run_any_pass(pass, lines.adjoint, around);
}

/// Applies a window's stages to lines that have been read.
template <class T>
HWY_INLINE void undo_window(const WindowPlan& window, Diagonals<T>& diagonals, const Surroundings& around,
                            const Both<T>& lines, T* HWY_RESTRICT table, double* derivatives) {
  const std::size_t size = std::size_t{1} << window.bits;
  for (std::size_t k = 0; k < window.stages.size(); ++k) {
    const auto& stage = window.stages[k];
    if (wanted(stage))
      differentiate_phases(stage, window.bits, lines.state, lines.adjoint, around,
                           lines.scale * stage.scale * stage.scale, table, derivatives);
    if (stage.diagonal()) {
      const auto factors = diagonals.at(k, around, 1);
      for (std::size_t i = 0; i < size; ++i) {
        store_complex(apply(factors, load_complex(lines.state, i), i), lines.state, i);
        store_complex(apply(factors, load_complex(lines.adjoint, i), i), lines.adjoint, i);
      }
    }
    for (const auto& step : stage.steps) {
      if (step.pass.rotations > 0) undo_pass(step.pass, lines, around, derivatives);
      for (const auto& rotation : step.lanes) {
        if (rotation.gate >= 0)
          differentiate_lanes(rotation, window.bits, lines.state, lines.adjoint, around,
                              lines.scale * rotation.scale * rotation.scale, derivatives);
        run_lanes(rotation, window.bits, lines.state, around);
        run_lanes(rotation, window.bits, lines.adjoint, around);
      }
    }
  }
}

template <class T, bool exchanges, bool stream>
HWY_NOINLINE void undo_tile_as(const SweepPlan& plan, const Undo<T>& undo, std::size_t tile,
                               TileWorkspace<T>& work, double* derivatives) {
  const std::size_t line = 2 * hn::Lanes(Tag<T>());
  const Lines<T, exchanges> memory[2] = {{plan, undo.state}, {plan, undo.adjoint}};
  const auto& first = plan.windows[0];
  const auto& second = plan.windows[1];
  const std::size_t columns = first.lines.size(), rows = second.lines.size(), row = (columns + 1) * line;
  const Mask base = plan.base(tile);
  T* HWY_RESTRICT scratch[2] = {work.tile.data(), work.tile.data() + rows * row};
  T* HWY_RESTRICT column[2] = {work.column.data(), work.column.data() + rows * line};
  Diagonals<T> diagonals(first, work);
  for (const std::size_t w : first.order) {
    const Mask at = base ^ second.lines[w];
    for (std::size_t k = 0; k < 2; ++k) {
      const auto factor = hn::Set(Tag<T>(), static_cast<T>(undo.factors[k]));
      T* HWY_RESTRICT to = scratch[k] + w * row;
      for (std::size_t i = 0; i < columns; ++i) {
        const auto z = memory[k].read(at ^ first.lines[i]);
        store_complex(ComplexVector<T>{hn::Mul(factor, z.re), hn::Mul(factor, z.im)}, to, i);
      }
    }
    undo_window<T>(first, diagonals, {base, w}, {scratch[0] + w * row, scratch[1] + w * row, undo.scale},
                   work.exponents.data(), derivatives);
  }
  Diagonals<T> column_diagonals(second, work);
  const auto signs = LaneTables<T>::get().sign(plan.lane_signs);
  for (const std::size_t u : second.order) {
    for (std::size_t k = 0; k < 2; ++k) {
      for (std::size_t i = 0; i < rows; ++i)
        store_complex(load_complex(scratch[k] + i * row + u * line, 0), column[k], i);
    }
    undo_window<T>(second, column_diagonals, {base, u}, {column[0], column[1], undo.scale},
                   work.exponents.data(), derivatives);
    const Mask at = base ^ first.lines[u];
    for (std::size_t k = 0; k < 2; ++k) {
      for (std::size_t w = 0; w < rows; ++w) {
        const auto z = load_complex(column[k], w);
        memory[k].template write<stream>({hn::Mul(signs, z.re), hn::Mul(signs, z.im)}, at ^ second.lines[w]);
      }
    }
  }
  if constexpr (stream) hwy::FlushStream();
}

template <class T>
void undo_tile(const SweepPlan& plan, const Undo<T>& undo, std::size_t tile, bool stream,
               TileWorkspace<T>& work, double* derivatives) {
  if (plan.exchanges) {
    stream ? undo_tile_as<T, true, true>(plan, undo, tile, work, derivatives)
           : undo_tile_as<T, true, false>(plan, undo, tile, work, derivatives);
  } else {
    stream ? undo_tile_as<T, false, true>(plan, undo, tile, work, derivatives)
           : undo_tile_as<T, false, false>(plan, undo, tile, work, derivatives);
  }
}

/// Adds a sum of Pauli strings with one x, applied to the state, to a chunk of the adjoint. The signs of a
/// chunk's partners come from the transform of the weights.
template <class T>
void add_image(const PauliSum& sum, const T* state, T* adjoint, std::size_t chunk, std::size_t lines) {
  const Tag<T> d;
  const std::size_t lanes = hn::Lanes(d);
  const int lane_bits = std::countr_zero(lanes);
  const std::size_t size = std::min(lines, std::size_t{1} << chunk_bits), first = chunk * size;
  const std::size_t other = sum.x >> lane_bits, exchanged = sum.x & (lanes - 1);
  const std::size_t partner_chunk = (first ^ other) & ~(size - 1);
  const auto& tables = LaneTables<T>::get();
  const auto signed_weight = [&](Mask z, double weight) {
    const double value = odd(z >> lane_bits & partner_chunk) ? -weight : weight;
    return hn::Mul(hn::Set(d, static_cast<T>(value)), tables.sign(z & (lanes - 1)));
  };
  HWY_ALIGN T table[HWY_MAX_BYTES / sizeof(T) << chunk_bits];
  if (sum.strings.size() == 1) {  // as its transform, but one operation a line
    const auto [z, weight] = sum.strings.front();
    store(signed_weight(z, weight), table);
    for (std::size_t half = 1; half < size; half *= 2) {
      const auto turn = hn::Set(d, odd(z >> lane_bits & half) ? T{-1} : T{1});
      for (std::size_t i = 0; i < half; ++i)
        store(hn::Mul(turn, load(table + i * lanes)), table + (half + i) * lanes);
    }
  } else {
    for (std::size_t i = 0; i < size; ++i) store(zero<T>(), table + i * lanes);
    for (const auto& [z, weight] : sum.strings) {
      T* at = table + ((z >> lane_bits) & (size - 1)) * lanes;
      store(hn::Add(signed_weight(z, weight), load(at)), at);
    }
    walsh_hadamard(table, std::countr_zero(size));
  }
  for (std::size_t i = 0; i < size; ++i) {
    const std::size_t partner = (first + i) ^ other;
    const auto factor = load(table + (partner & (size - 1)) * lanes);
    const auto z = load_complex(state, partner);
    ComplexVector<T> image{hn::Mul(factor, z.re), hn::Mul(factor, z.im)};
    if (exchanged != 0) image = {tables.exchange(image.re, exchanged), tables.exchange(image.im, exchanged)};
    if (sum.imaginary) image = {hn::Neg(image.im), image.re};
    const auto here = load_complex(adjoint, first + i);
    store_complex(ComplexVector<T>{hn::Add(here.re, image.re), hn::Add(here.im, image.im)}, adjoint,
                  first + i);
  }
}

}  // namespace qupel::tiled::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
