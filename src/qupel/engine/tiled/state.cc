#include "qupel/engine/tiled/state.h"

#include <array>
#include <bit>
#include <optional>

namespace qupel::tiled {
namespace {

using rotations::odd;

// What a half is for each line of the whole state: that of its index outside the lanes, in the version that
// the other half's bits choose there.
template <class T>
ProductFactor<T> factor_of(const Factor& half, const State<T>& small, int qubits) {
  const int lane_bits = small.kernels.lane_bits;
  const std::size_t lanes = std::size_t{1} << lane_bits;
  const Mask across = lanes - 1;
  const int own_lanes = std::popcount(half.inside & across), own = small.qubits - 1 - own_lanes;
  ProductFactor<T> factor;
  factor.by_lane = own_lanes > 0;
  if (half.version != 0) {
    factor.other = std::uint32_t{1} << (small.qubits - 1);
    factor.others = static_cast<std::uint32_t>(half.version & across);
  }
  const std::size_t width = factor.by_lane ? lanes : 1;
  factor.lines.resize((half.version == 0 ? 2 : 4) * width << own);
  for (Mask lane = 0; lane < width; ++lane) {
    const Mask first = half.number(lane);
    for (Mask entry = 0; entry < factor.lines.size() / (2 * width); ++entry) {
      const auto amplitude = small.stored(first ^ entry << own_lanes);
      factor.lines[2 * width * entry + lane] = static_cast<T>(amplitude.real());
      factor.lines[2 * width * entry + width + lane] = static_cast<T>(amplitude.imag());
    }
  }
  std::vector<Mask> entries;  // by bit of a line's number
  for (int q = lane_bits; q < qubits; ++q) entries.push_back(half.number(Mask{1} << q) >> own_lanes);
  const auto inside = std::min(entries.size(), std::size_t{chunk_bits});
  for (const Mask sum : rotations::sums(std::span(entries).first(inside)))
    factor.inside.push_back(static_cast<std::uint32_t>(sum));
  for (const Mask entry : std::span(entries).subspan(inside))
    factor.chunks.push_back(static_cast<std::uint32_t>(entry));
  return factor;
}

// |0...0>, in both versions if there are two.
template <class T>
State<T> beginning(const Factor& half) {
  State<T> small(half.qubits());
  if (half.version == 0) return small;
  const Mask other = Mask{1} << (small.qubits - 1);
  small.memory.data()[other << 1] = 1;
  small.reached.insert(other);
  return small;
}

// What the halves become with which a runner begins.
template <class T>
Product<T> product_of(State<T>& state, Runner<T>& runner, std::span<const double> angles, int threads) {
  Product<T> product;
  for (std::size_t k = 0; k < 2; ++k) {
    const auto& half = runner.halves().parts[k];
    auto small = beginning<T>(half);
    small.run(runner.half(k), angles, threads);
    state.scale *= small.scale;
    product.factors[k] = factor_of(half, small, state.qubits);
  }
  for (int q = state.kernels.lane_bits; q < state.qubits; ++q) state.reached.insert(Mask{1} << q);
  return product;
}

// For the sweep that begins with it.
template <class T>
void lay_out(Product<T>& product, const SweepPlan& plan) {
  const auto& source = plan.windows.front().source;
  for (std::size_t k = 0; k < 2; ++k) {
    const auto entries = [&](const std::vector<std::size_t>& places) {
      std::vector<std::uint32_t> result;
      for (const std::size_t place : places) result.push_back(product.factors[k].at(place / plan.line_bytes));
      return result;
    };
    product.lines[k] = entries(source.lines);
    product.rows[k] = entries(source.rows);
  }
}

}  // namespace

template <class T>
State<T>::State(int n, bool zeros)
    : kernels(tiled::kernels<T>()), qubits(n), memory(std::size_t{2} << n, zeros) {}

template <class T>
State<T> State<T>::from_zero(Runner<T>& runner, std::span<const double> angles, int threads) {
  // The product of halves writes all of it.
  auto state = runner.halves().empty() ? State(runner.qubits()) : State(runner.qubits(), false);
  state.run(runner, angles, threads);
  if constexpr (sizeof(T) == sizeof(float)) state.normalise(threads);
  return state;
}

template <class T>
void State<T>::normalise(int threads) {
  const std::size_t chunks = std::max<std::size_t>(1, lines() >> chunk_bits),
                    chunk = memory.size() / 2 / chunks;
  const auto sum =
      sum_in_groups(chunks, 1, chunks < 64 ? 1 : threads,
                    [&](std::size_t k, std::span<double> part) { part[0] += norm(k * chunk, chunk); });
  scale = std::copysign(1 / std::sqrt(sum[0]), scale);
}

template <class T>
void State<T>::run(Runner<T>& runner, std::span<const double> angles, int threads) {
  if (qubits < fewest_shared_qubits) threads = 1;
  std::optional<Product<T>> product;
  if (!runner.halves().empty()) product = product_of(*this, runner, angles, threads);
  const auto visit = [&](const Sweep& sweep, const SweepPlan& plan, auto& workspaces) {
    if (product) lay_out(*product, plan);
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
          kernels.sweep(plan, product ? &*product : nullptr, memory.data(), tiles[i],
                        tiles[std::min(i + 1, end - 1)], streams(), mine);
      });
    });
    scale = plan.scale;
    product.reset();
  };
  runner.for_each_sweep(angles, visit, [&] { return scale; });
  if (!product) return;
  const auto& factors = product->factors;  // nothing is left to sweep
  parallel_for(lines() / factors[0].inside.size(), threads, [&](std::size_t chunk) {
    kernels.multiply(factors[0], factors[1], memory.data(), chunk, streams());
  });
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
std::vector<double> State<T>::values(const rotations::Measurements& observables, int threads) const {
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

template <class T>
double State<T>::norm(std::uint64_t first, std::size_t count) const {
  return kernels.norm(memory.data(), first >> kernels.lane_bits, count >> kernels.lane_bits);
}

template struct State<float>;
template struct State<double>;

}  // namespace qupel::tiled
