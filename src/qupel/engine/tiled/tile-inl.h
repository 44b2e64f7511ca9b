// One tile of a sweep, from memory through windows and back (tile_plan.h).
#if defined(QUPEL_TILED_TILE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QUPEL_TILED_TILE_INL
#undef QUPEL_TILED_TILE_INL
#else
#define QUPEL_TILED_TILE_INL
#endif

#include "qupel/engine/tiled/pass-inl.h"

HWY_BEFORE_NAMESPACE();
namespace qupel::tiled::HWY_NAMESPACE {

/// Fetches the lines of the tile that comes next, a few at a time.
template <class T>
class Ahead {
 public:
  /// @param tile null: none
  Ahead(const SweepPlan& plan, T* tile)
      : plan_(plan),
        tile_(tile),
        left_(tile == nullptr ? 0 : plan.memory.rows.size() * plan.memory.lines.size()),
        pause_(plan.windows.size()) {}

  /// To be called once for each row of each window.
  HWY_INLINE void step() {
    const std::size_t lines = plan_.memory.lines.size(), now = std::min(left_, (lines + pause_ - 1) / pause_);
    for (std::size_t end = left_ - now; left_ > end;) {
      --left_;
      const T* at = behind(tile_, plan_.memory.rows[left_ >> std::countr_zero(lines)] ^
                                      plan_.memory.lines[left_ & (lines - 1)]);
      for (std::size_t e = 0; e < 2 * hn::Lanes(Tag<T>()); e += 64 / sizeof(T))
        __builtin_prefetch(at + e, 0, 2);
    }
  }

 private:
  const SweepPlan& plan_;
  T* tile_;
  std::size_t left_, pause_;
};

/// Reads a row's lines, applies a window's stages, and writes them. The first and the last pass do so where
/// they can.
template <class T>
HWY_INLINE void run_row(const WindowPlan& window, Diagonals<T>& diagonals, const Surroundings& around,
                        const Edge<T>& from, const Edge<T>& to, const Edge<T>& here) {
  T* HWY_RESTRICT lines = here.base;
  bool is_read = false, is_written = false;
  for (std::size_t k = 0; k < window.stages.size(); ++k) {
    const auto& stage = window.stages[k];
    const auto factors = stage.diagonal() ? diagonals.at(k, around) : no_factors<T>();
    const bool fused = stage.fuses && !factors.uniform;
    if (!fused && !is_read) {
      read_row(from, factors, window.bits, lines);
      is_read = true;
    } else if (!fused && stage.diagonal()) {
      apply_diagonal(factors, window.bits, lines);
    }
    const T* table = fused ? factors.table : nullptr;
    for (const auto& step : stage.steps) {
      is_written = window.writes_in_pass && &step == &window.stages.back().steps.back();
      if (!is_read || is_written) {
        run_any_pass(step.pass, table, is_read ? here : from, is_written ? to : here, around);
      } else if (step.pass.rotations > 0) {
        run_any_pass(step.pass, table, lines, around);
      }
      if (!step.lanes.empty()) run_lanes<T>(step.lanes, window.bits, lines, around);
      is_read = true;
      table = nullptr;
    }
  }
  if (!is_written) write_row(to, window.bits, lines);
}

template <class T>
void run_tile(const SweepPlan& plan, T* state, std::size_t tile, std::size_t next, bool stream,
              TileWorkspace<T>& work) {
  const Mask base = plan.base(tile);
  for (std::size_t w = 0; w < plan.windows.size(); ++w) {
    const auto& window = plan.windows[w];
    const Ends<T> ends(plan, w, state, start_of(plan, base), work.tile.data(), stream);
    Diagonals<T> diagonals(window, work);
    const Edge<T> here{work.lines.data(), plan.own.data(), 0, nullptr, 0, false, false};
    for (std::size_t k = 0; k < window.order.size(); ++k) {
      const std::size_t row = window.order[k];
      auto source = ends.source(row);
      if (w == 0) {
        const bool last = k + 1 == window.order.size();
        source.next = start_of(plan, last ? plan.base(next) : base) ^ window.memory.rows[window.order[last ? 0 : k + 1]];
      }
      run_row(window, diagonals, {base, row}, source, ends.target(row), here);
    }
  }
  if (stream) hwy::FlushStream();
}

}  // namespace qupel::tiled::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
