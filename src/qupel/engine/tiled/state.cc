#include "qupel/engine/tiled/state.h"

namespace qupel::tiled {

using statevector::Span;

template <class T>
State<T>::State(int n) : kernels(tiled::kernels<T>()), qubits(n), memory(std::size_t{2} << n) {
  memory.data()[0] = 1;
}

template <class T>
void State<T>::run(Runner<T>& runner, std::span<const double> angles, int threads) {
  if (qubits < fewest_shared_qubits) threads = 1;
  Span reached;  // lines of amplitudes that are not zero
  const auto visit = [&](const Sweep& sweep, const SweepPlan& plan, auto& workspaces) {
    for (const Mask direction : sweep.directions) reached.insert(direction);
    std::vector<std::size_t> tiles;
    for (std::size_t tile = 0; tile < plan.tiles(); ++tile) {
      if (reached.reduce(plan.base(tile)) == 0) tiles.push_back(tile);
    }
    const std::size_t run = std::clamp<std::size_t>(tiles.size() / 16, 1, 8);  // of tiles on one thread
    parallel_for((tiles.size() + run - 1) / run, threads, [&](std::size_t r) {
      workspaces.lend([&](auto& mine) {
        const std::size_t end = std::min(tiles.size(), (r + 1) * run);
        for (std::size_t i = r * run; i < end; ++i)
          kernels.sweep(plan, memory.data(), tiles[i], tiles[std::min(i + 1, end - 1)], streams(), mine);
      });
    });
    scale = plan.scale;
  };
  runner.for_each_sweep(angles, visit, [&] { return scale; });
}

template <class T>
Complex State<T>::stored(Mask index) const {
  const Mask lanes = (Mask{1} << kernels.lane_bits) - 1;
  const T* line = memory.data() + ((index & ~lanes) << 1);
  return {static_cast<double>(line[index & lanes]), static_cast<double>(line[(index & lanes) + lanes + 1])};
}

template <class T>
std::vector<double> State<T>::correlate(const Correlation& correlation, int threads) const {
  const std::size_t chunks = std::max<std::size_t>(1, lines() >> chunk_bits);
  return sum_in_groups(chunks, correlation.z.size(), chunks < 64 ? 1 : threads,
                       [&](std::size_t chunk, std::span<double> sums) {
                         kernels.correlate(correlation, memory.data(), chunk, lines(), sums.data());
                       });
}

template <class T>
std::vector<double> State<T>::values(const statevector::Measurements& observables, int threads) const {
  std::vector<double> values = observables.constants;
  for (const auto& group : observables.groups) {
    const auto sums = correlate({group.x, group.imaginary, group.masks}, threads);
    for (const auto& term : group.terms)
      values[static_cast<std::size_t>(term.observable)] +=
          term.weight * scale * scale * sums[static_cast<std::size_t>(term.mask)];
  }
  return values;
}

template <class T>
void State<T>::weights(std::uint64_t first, std::span<double> out) const {
  const std::size_t lanes = std::size_t{1} << kernels.lane_bits;
  for (std::size_t i = 0; i < out.size(); i += lanes) {
    const T* line = memory.data() + 2 * (first + i);
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      const auto re = static_cast<double>(line[lane]), im = static_cast<double>(line[lane + lanes]);
      out[i + lane] = re * re + im * im;
    }
  }
}

template struct State<float>;
template struct State<double>;

}  // namespace qupel::tiled
