#include "qupel/engine/tiled/tiled_state.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <variant>

#include "qupel/base/error.h"
#include "qupel/base/parallel.h"
#include "qupel/base/pool.h"
#include "qupel/engine/huge_array.h"
#include "qupel/engine/sampling.h"
#include "qupel/engine/statevector/blocks.h"
#include "qupel/engine/statevector/lower.h"
#include "qupel/engine/statevector/span.h"
#include "qupel/engine/tiled/kernels.h"

namespace qupel {
namespace {

using statevector::Frame;
using statevector::Mask;
using statevector::Span;

// States beyond this are written past the caches.
constexpr double cached_bytes = 0x1p24;
// Smaller states are done before threads have started.
constexpr int fewest_shared_qubits = 20;

template <class T>
struct State {
  State(const Circuit& circuit, int threads)
      : kernels(tiled::kernels<T>()), qubits(circuit.qubits()), frame(circuit.qubits()) {
    auto lowered = statevector::lower(circuit);
    frame = lowered.frames.back();
    const auto shape = tiled::Shape::of(qubits, kernels.lane_bits);
    memory = HugeArray<T>(std::size_t{2} << qubits);
    memory.data()[0] = 1;
    for (const auto& gate : lowered.gates) {
      if (gate.x == 0 && gate.z == 0) phase -= gate.angle.constant / 2;
    }
    std::erase_if(lowered.gates, [](const auto& gate) { return gate.x == 0 && gate.z == 0; });
    run(tiled::schedule(lowered.gates, shape), shape, threads);
  }

  void run(const std::vector<tiled::Sweep>& sweeps, const tiled::Shape& shape, int threads) {
    if (qubits < fewest_shared_qubits) threads = 1;
    const bool stream = static_cast<double>(memory.size() * sizeof(T)) > cached_bytes;
    std::size_t stages = 0;
    for (const auto& sweep : sweeps) {
      for (const auto& window : sweep.windows) stages = std::max(stages, window.stages.size());
    }
    Pool<tiled::TileWorkspace<T>> workspaces(
        [&] { return std::make_unique<tiled::TileWorkspace<T>>(shape, stages); });
    Span reached;  // stored indices of amplitudes that are not zero
    for (Mask lane = 1; lane < Mask{1} << shape.lane_bits; lane *= 2) reached.insert(lane);
    for (const auto& sweep : sweeps) {
      const auto plan = tiled::plan(sweep, shape);
      for (const auto& window : sweep.windows) {
        for (const Mask direction : window.directions) reached.insert(direction);
      }
      const double factor = std::abs(scale) < 0x1p-8 ? std::exchange(scale, 1) : 1;
      std::vector<std::size_t> tiles;
      for (std::size_t tile = 0; tile < plan.tiles(); ++tile) {
        if (reached.reduce(plan.base(tile)) == 0) tiles.push_back(tile);
      }
      parallel_for(tiles.size(), threads, [&](std::size_t i) {
        workspaces.lend(
            [&](auto& mine) { kernels.sweep(plan, memory.data(), tiles[i], factor, stream, mine); });
      });
      scale *= plan.scale;
    }
  }

  Complex stored(Mask index) const {
    const Mask lanes = (Mask{1} << kernels.lane_bits) - 1;
    const T* line = memory.data() + ((index & ~lanes) << 1);
    return {static_cast<double>(line[index & lanes]), static_cast<double>(line[(index & lanes) + lanes + 1])};
  }
  Complex amplitude(Mask basis_state) const {
    return std::polar(1.0, phase) * scale * stored(frame.index(basis_state));
  }

  std::vector<double> expectations(std::span<const Observable> observables, int threads) const {
    const auto groups = statevector::measurements(observables, frame, qubits);
    std::vector<double> values = groups.constants;
    for (const auto& group : groups.groups) {
      const tiled::Correlation correlation{group.x, group.imaginary, group.masks};
      const auto sums = correlate(correlation, threads);
      for (const auto& term : group.terms)
        values[static_cast<std::size_t>(term.observable)] +=
            term.weight * scale * scale * sums[static_cast<std::size_t>(term.mask)];
    }
    return values;
  }

  // Chunks are summed in groups whose number does not depend on the number of threads.
  std::vector<double> correlate(const tiled::Correlation& correlation, int threads) const {
    const std::size_t lines = std::size_t{1} << (qubits - kernels.lane_bits);
    const std::size_t chunks = std::max<std::size_t>(1, lines >> tiled::chunk_bits);
    const std::size_t groups = std::min<std::size_t>(chunks, 256), masks = correlation.z.size();
    std::vector<double> sums(groups * masks);
    parallel_for(groups, chunks < 64 ? 1 : threads, [&](std::size_t g) {
      for (std::size_t c = g * (chunks / groups); c < (g + 1) * (chunks / groups); ++c)
        kernels.correlate(correlation, memory.data(), c, lines, sums.data() + g * masks);
    });
    for (std::size_t g = 1; g < groups; ++g) {
      for (std::size_t m = 0; m < masks; ++m) sums[m] += sums[g * masks + m];
    }
    sums.resize(masks);
    return sums;
  }

  void weights(std::uint64_t first, std::span<double> out) const {
    const std::size_t lanes = std::size_t{1} << kernels.lane_bits;
    for (std::size_t i = 0; i < out.size(); i += lanes) {
      const T* line = memory.data() + 2 * (first + i);
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        const auto re = static_cast<double>(line[lane]), im = static_cast<double>(line[lane + lanes]);
        out[i + lane] = re * re + im * im;
      }
    }
  }

  std::vector<std::pair<std::uint64_t, std::uint64_t>> counts(std::uint64_t shots, std::uint64_t seed,
                                                              int threads) const {
    auto drawn = draw_counts([&](std::uint64_t first, std::span<double> out) { weights(first, out); }, qubits,
                             shots, seed, threads);
    constexpr std::size_t part = 1 << 12;
    parallel_for((drawn.size() + part - 1) / part, threads, [&](std::size_t p) {
      for (std::size_t i = p * part; i < std::min(drawn.size(), (p + 1) * part); ++i)
        drawn[i].first = frame.basis_state(drawn[i].first);
    });
    return drawn;
  }

  const tiled::Kernels<T>& kernels;
  int qubits;
  Frame frame;
  HugeArray<T> memory;
  double scale = 1, phase = 0;
};

}  // namespace

struct TiledState::Implementation {
  template <typename T>
  explicit Implementation(State<T> of) : state(std::move(of)) {}
  std::variant<State<float>, State<double>> state;
};

TiledState::TiledState(const Circuit& circuit, Precision precision, int threads) {
  circuit.require_bound();
  if (circuit.qubits() < fewest_qubits)
    throw InputError(
        fmt::format("a tiled state takes at least {} qubits, not {}", fewest_qubits, circuit.qubits()));
  statevector::require_bytes(bytes(circuit.qubits(), precision),
                             fmt::format("a state of {} qubits", circuit.qubits()));
  implementation_ = precision == Precision::single
                        ? std::make_unique<Implementation>(State<float>(circuit, threads))
                        : std::make_unique<Implementation>(State<double>(circuit, threads));
}
TiledState::~TiledState() = default;
TiledState::TiledState(TiledState&&) noexcept = default;
TiledState& TiledState::operator=(TiledState&&) noexcept = default;

int TiledState::qubits() const {
  return std::visit([](const auto& state) { return state.qubits; }, implementation_->state);
}

Complex TiledState::amplitude(std::uint64_t basis_state) const {
  return std::visit([&](const auto& state) { return state.amplitude(basis_state); }, implementation_->state);
}

std::vector<Complex> TiledState::amplitudes() const {
  const std::size_t size = std::size_t{1} << qubits();
  statevector::require_bytes(static_cast<double>(size * sizeof(Complex)), "a list of all amplitudes");
  std::vector<Complex> result(size);
  for (std::size_t b = 0; b < size; ++b) result[b] = amplitude(b);
  return result;
}

std::vector<double> TiledState::expectations(std::span<const Observable> observables, int threads) const {
  return std::visit([&](const auto& state) { return state.expectations(observables, threads); },
                    implementation_->state);
}

std::vector<std::pair<std::uint64_t, std::uint64_t>> TiledState::counts(std::uint64_t shots,
                                                                        std::uint64_t seed,
                                                                        int threads) const {
  return std::visit([&](const auto& state) { return state.counts(shots, seed, threads); },
                    implementation_->state);
}

double TiledState::bytes(int qubits, Precision precision) {
  return std::ldexp(precision == Precision::single ? 8 : 16, qubits);
}

TiledState::Plan TiledState::plan(const Circuit& circuit, Precision precision) {
  circuit.require_bound();
  const auto lowered = statevector::lower(circuit);
  const int lane_bits =
      precision == Precision::single ? tiled::kernels<float>().lane_bits : tiled::kernels<double>().lane_bits;
  Plan plan;
  plan.sweeps =
      static_cast<int>(tiled::schedule(lowered.gates, tiled::Shape::of(circuit.qubits(), lane_bits)).size());
  for (const auto& gate : lowered.gates) ++(gate.x == 0 ? plan.phases : plan.rotations);
  return plan;
}

}  // namespace qupel
