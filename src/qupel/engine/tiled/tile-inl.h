// One tile of a sweep: from memory through all windows and back (tile_plan.h).
#if defined(QUPEL_TILED_TILE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QUPEL_TILED_TILE_INL
#undef QUPEL_TILED_TILE_INL
#else
#define QUPEL_TILED_TILE_INL
#endif

#include "qupel/engine/tiled/factor-inl.h"
#include "qupel/engine/tiled/pass-inl.h"

HWY_BEFORE_NAMESPACE();
namespace qupel::tiled::HWY_NAMESPACE {

/// Applies a window's stages to a row. The first step reads the row from `from`, the last writes it to `to`;
/// in between its lines lie in `here`.
template <class T>
HWY_INLINE void run_row(const WindowPlan& window, Diagonals<T>& diagonals, const Surroundings& around,
                        const Edge<T>& from, const Edge<T>& to, const Edge<T>& here) {
  const Edge<T>* source = &from;
  const Step* const last = &window.stages.back().steps.back();
  for (std::size_t k = 0; k < window.stages.size(); ++k) {
    const auto& stage = window.stages[k];
    auto factors = stage.diagonal() ? diagonals.at(k, around) : no_diagonal<T>();
    for (const auto& step : stage.steps) {
      run_step<T>(step, window.bits, factors, *source, &step == last ? to : here, here, around);
      source = &here;
      factors = no_diagonal<T>();
    }
  }
}

/// Writes one row of the product of two factors to `here`, where the first window would have read it
/// from memory.
template <class T>
HWY_NOINLINE void write_product(const Product<T>& product, std::size_t tile_line, std::size_t row,
                                const Edge<T>& source, const Edge<T>& here) {
  const auto& [low, high] = product.factors;
  const FactorReader<T> low_reader(low), high_reader(high);
  const std::uint32_t low_start = low.at(tile_line) ^ product.rows[0][row],
                      high_start = high.at(tile_line) ^ product.rows[1][row];
  const auto& tables = LaneTables<T>::get();
  for (std::size_t i = 0; i < product.lines[0].size(); ++i) {
    auto z = multiply(low_reader.entry(low_start ^ product.lines[0][i]),
                      high_reader.entry(high_start ^ product.lines[1][i]));
    if (source.exchanging) {
      const std::size_t lanes = (source.lines[i] ^ source.start) & (line_bytes<T> - 1);
      z = {tables.exchange(z.re, lanes), tables.exchange(z.im, lanes)};
    }
    store_complex(z, behind(here.base, here.lines[i]), 0);
  }
}

template <class T>
void run_tile(const SweepPlan& plan, const Product<T>* product, T* state, std::size_t tile, std::size_t next,
              bool stream, TileWorkspace<T>& work) {
  const Mask base = plan.base(tile);
  const auto here = own_edge(plan, work.lines.data());
  for (std::size_t w = 0; w < plan.windows.size(); ++w) {
    const auto& window = plan.windows[w];
    const Ends<T> ends(plan, w, state, start_of(plan, base), work.tile.data(), stream);
    Diagonals<T> diagonals(window, work);
    for (std::size_t k = 0; k < window.order.size(); ++k) {
      const std::size_t row = window.order[k];
      auto from = ends.source(row);
      if (w == 0 && product != nullptr) {
        write_product(*product, base >> plan.lane_bits, row, from, here);
        from = here;
      } else if (w == 0) {
        const bool is_last = k + 1 == window.order.size();
        from.next = start_of(plan, is_last ? plan.base(next) : base) ^
                    window.source.rows[window.order[is_last ? 0 : k + 1]];
      }
      run_row(window, diagonals, {base, row}, from, ends.target(row), here);
    }
  }
  if (stream) hwy::FlushStream();
}

}  // namespace qupel::tiled::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
