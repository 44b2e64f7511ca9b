// The backward run: a tile of the state and one of its adjoint are visited by the same windows, and before a
// rotation is undone on both, its derivative is taken from them.
#if defined(QUPEL_TILED_ADJOINT_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QUPEL_TILED_ADJOINT_INL
#undef QUPEL_TILED_ADJOINT_INL
#else
#define QUPEL_TILED_ADJOINT_INL
#endif

#include "qupel/engine/tiled/tile-inl.h"

HWY_BEFORE_NAMESPACE();
namespace qupel::tiled::HWY_NAMESPACE {

/// Adds Re <adjoint|G|state> for each rotation exp(angle/2 G) of a pass, where G maps amplitude p to q and q
/// to -p.
template <class T, std::size_t rotations>
HWY_NOINLINE void differentiate_pass(const PairPass& pass, const T* HWY_RESTRICT state,
                                     const T* HWY_RESTRICT adjoint, const Surroundings& around, double scale,
                                     double* derivatives) {
  constexpr std::size_t size = std::size_t{1} << rotations;
  const auto& lanes = LaneTables<T>::get();
  const std::size_t flip = PairPassFactors<T, rotations, true>(pass, around).flip() * line_bytes<T>;
  Vector<T> sums[rotations];
  QUPEL_UNROLL(4)
  for (std::size_t j = 0; j < rotations; ++j) sums[j] = zero<T>();
  for (const std::size_t half : {std::size_t{0}, hn::Lanes(Tag<T>())}) {
    const std::size_t* group = pass.route.own.data();
    for (const std::size_t* end = group + pass.route.own.size(); group != end; group += size) {
      const auto other = [&](std::size_t i)
                             HWY_ATTR { return load(behind(adjoint + half, group[i] ^ flip)); };
      Vector<T> tile[size];
      QUPEL_UNROLL(16)
      for (std::size_t i = 0; i < size; ++i) tile[i] = load(behind(state + half, group[i] ^ flip));
      QUPEL_UNROLL(4)
      for (std::size_t j = 0; j < rotations; ++j) {
        const auto& pair = pass.pairs[j];
        auto sum = zero<T>();
        QUPEL_UNROLL(16)
        for (std::size_t i = 0; i < size; ++i) {
          const std::size_t k = i | (std::size_t{1} << j);
          if (i == k) continue;
          auto b = tile[k], other_b = other(k);
          if (pair.exchange != 0)
            b = lanes.exchange(b, pair.exchange), other_b = lanes.exchange(other_b, pair.exchange);
          sum = hn::MulAdd(other_b, tile[i], hn::NegMulAdd(other(i), b, sum));
        }
        const bool negative = pair.by_group && odd(pair.z.inside & ((*group ^ flip) / line_bytes<T>));
        sums[j] = negative ? hn::Sub(sums[j], sum) : hn::Add(sums[j], sum);
      }
    }
  }
  QUPEL_UNROLL(4)
  for (std::size_t j = 0; j < rotations; ++j) {
    const auto& pair = pass.pairs[j];
    if (pair.derivative < 0) continue;
    const double sign = pair.by_group && around.flips(pair.z) ? -pair.pair_sign : pair.pair_sign;
    derivatives[pair.derivative] += sign * scale * sum_of_lanes<T>(hn::Mul(sums[j], lanes.sign(pair.z.lane)));
  }
}

/// The same for a rotation of pairs of lanes.
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
  derivatives[rotation.derivative] += scale * sign * sum_of_lanes<T>(sum);
}

/// Adds Im <adjoint|Z^mask|state> for each phase exp(-i angle/2 Z^mask) of a stage.
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
      if (phase.derivative < 0) continue;
      const auto entry = load(table + phase.parity.inside * lanes);
      const double sum = scale * sum_of_lanes<T>(hn::Mul(entry, tables.sign(phase.parity.lane)));
      derivatives[phase.derivative] += around.flips(phase.parity) ? -sum : sum;
    }
  }
}

inline bool wanted(const StagePlan& stage) {
  const auto has_derivative = [](const Phase& phase) { return phase.derivative >= 0; };
  for (const auto* phases : {&stage.constant, &stage.fixed, &stage.mixed}) {
    if (std::any_of(phases->begin(), phases->end(), has_derivative)) return true;
  }
  return false;
}

/// A row of the state and one of the adjoint, and the factor that makes products of both the true ones.
template <class T>
struct Both {
  Edge<T> ends[2];
  double scale;
  const T* state() const { return ends[0].base; }
  const T* adjoint() const { return ends[1].base; }
};

template <class T>
HWY_INLINE void undo_pass(const Step& step, int bits, const Both<T>& lines, const Surroundings& around,
                          double* derivatives) {
  const auto& pass = step.pass;
  const bool any = std::any_of(pass.pairs.begin(), pass.pairs.end(),
                               [](const PairRotation& pair) { return pair.derivative >= 0; });
  const double scale = lines.scale * pass.scale * pass.scale;
  if (any) {
    with_rotations(pass.rotations, [&](auto rotations) HWY_ATTR {
      if constexpr (rotations <= most_together<T>)
        differentiate_pass<T, rotations>(pass, lines.state(), lines.adjoint(), around, scale, derivatives);
    });
  }
  for (const auto& end : lines.ends) run_step<T>(step, bits, no_diagonal<T>(), end, end, end, around);
}

/// Undoes a window's stages on a row of lines.
template <class T>
HWY_INLINE void undo_stages(const WindowPlan& window, Diagonals<T>& diagonals, const Surroundings& around,
                            const Both<T>& lines, T* HWY_RESTRICT table, double* derivatives) {
  for (std::size_t k = 0; k < window.stages.size(); ++k) {
    const auto& stage = window.stages[k];
    if (wanted(stage))
      differentiate_phases(stage, window.bits, lines.state(), lines.adjoint(), around,
                           lines.scale * stage.scale * stage.scale, table, derivatives);
    if (stage.diagonal()) {
      const auto factors = diagonals.at(k, around);
      for (const auto& end : lines.ends) run_lines<T>({}, window.bits, factors, end, end, around);
    }
    for (const auto& step : stage.steps) {
      if (step.pass.rotations > 0) undo_pass(step, window.bits, lines, around, derivatives);
      for (const auto& rotation : step.lanes) {
        if (rotation.derivative >= 0)
          differentiate_lanes(rotation, window.bits, lines.state(), lines.adjoint(), around,
                              lines.scale * rotation.scale * rotation.scale, derivatives);
        for (const auto& end : lines.ends)
          run_lines<T>({&rotation, 1}, window.bits, no_diagonal<T>(), end, end, around);
      }
    }
  }
}

template <class T>
void undo_tile(const SweepPlan& plan, const Undo<T>& undo, std::size_t tile, bool stream,
               TileWorkspace<T>& work, double* derivatives) {
  const Mask base = plan.base(tile);
  const std::size_t start = start_of(plan, base);
  T* const memory[2] = {undo.state, undo.adjoint};
  T* const scratch[2] = {work.tile.data(), work.tile.data() + work.tile.size() / 2};
  const Edge<T> here[2] = {own_edge(plan, work.lines.data()),
                           own_edge(plan, work.lines.data() + work.lines.size() / 2)};
  for (std::size_t w = 0; w < plan.windows.size(); ++w) {
    const auto& window = plan.windows[w];
    Diagonals<T> diagonals(window, work);
    const Ends<T> ends[2] = {{plan, w, memory[0], start, scratch[0], stream},
                             {plan, w, memory[1], start, scratch[1], stream}};
    for (const std::size_t row : window.order) {
      const Surroundings around{base, row};
      for (std::size_t k = 0; k < 2; ++k) {
        const bool scaled = w == 0 && undo.factors[k] != 1;
        auto factors = no_diagonal<T>();
        if (scaled)
          factors = {
              true, {hn::Set(Tag<T>(), static_cast<T>(undo.factors[k])), zero<T>()}, nullptr, nullptr, 0};
        run_lines<T>({}, window.bits, factors, ends[k].source(row), here[k], around);
      }
      undo_stages<T>(window, diagonals, around, {{here[0], here[1]}, undo.scale}, work.exponents.data(),
                     derivatives);
      for (std::size_t k = 0; k < 2; ++k)
        run_lines<T>({}, window.bits, no_diagonal<T>(), here[k], ends[k].target(row), around);
    }
  }
  if (stream) hwy::FlushStream();
}

/// Applies a sum of Pauli strings with one x to the state, and adds the result to a chunk of the adjoint. The
/// weights' transform (Walsh-Hadamard) says by what each amplitude is multiplied.
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
  if (sum.strings.size() == 1) {  // its transform, written with one operation a line
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
