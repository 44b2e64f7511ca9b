#include "qupel/engine/tiled/tiled_state.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <variant>

#include "qupel/base/error.h"
#include "qupel/base/parallel.h"
#include "qupel/base/usable_memory.h"
#include "qupel/engine/rotations/byte_map.h"
#include "qupel/engine/rotations/lower.h"
#include "qupel/engine/rotations/measurement.h"
#include "qupel/engine/sampling.h"
#include "qupel/engine/tiled/state.h"

namespace qupel {
namespace {

using rotations::Frame;
using rotations::Lowered;
using rotations::Mask;
using rotations::Support;

Lowered lower(const Circuit& circuit, std::span<const Observable> seen) {
  auto lowered = rotations::lower(circuit);
  if (!seen.empty()) rotations::drop_unseen(lowered, seen);
  return lowered;
}

// Enough for the lanes and a tile.
Support support_of(const Lowered& lowered) {
  return {lowered.qubits, lowered.rotations, TiledState::fewest_qubits};
}

// The state that rotations lead to from |0...0>.
template <class T>
tiled::State<T> run(std::span<const rotations::Rotation> rotations, int qubits, int threads) {
  std::vector<double> angles;
  for (const auto& rotation : rotations) angles.push_back(rotation.angle.constant);
  const auto shape = tiled::State<T>::shape(qubits);
  tiled::Runner<T> runner(tiled::schedule_from_zero(tiled::numbered(rotations), shape), shape,
                          tiled::Purpose::apply);
  return tiled::State<T>::from_zero(runner, angles, threads);
}

// A circuit's final state.
template <class T>
struct Final {
  Final(const Lowered& lowered, const Support& s, int threads)
      : Final(s, lowered.frames.back(), s.reduce(lowered.rotations), threads) {}

  Final(Support s, const Frame& f, std::span<const rotations::Rotation> rotations, int threads)
      : support(std::move(s)), state(run<T>(rotations, support.dimension(), threads)), frame(f) {
    for (const auto& rotation : rotations) {
      if (rotation.x == 0 && rotation.z == 0) phase -= rotation.angle.constant / 2;
    }
  }

  Complex amplitude(std::uint64_t basis_state) const {
    const auto index = frame.index(basis_state);
    if (!support.holds(index)) return 0;
    return state.scale * std::polar(1.0, phase) * state.stored(support.coordinates(index));
  }

  std::vector<Complex> amplitudes() const {
    const auto coordinates = [&](Mask basis_state) { return support.coordinates(frame.index(basis_state)); };
    const auto outside = [&](Mask basis_state) {
      return frame.index(basis_state) ^ support.index(coordinates(basis_state));
    };
    const rotations::ByteMap at(coordinates, frame.qubits()), left_out(outside, frame.qubits());
    const Complex factor = state.scale * std::polar(1.0, phase);
    std::vector<Complex> result(std::size_t{1} << frame.qubits());
    for (Mask b = 0; b < result.size(); ++b)
      if (left_out(b) == 0) result[b] = factor * state.stored(at(b));
    return result;
  }

  std::vector<double> expectations(std::span<const Observable> observables, int threads) const {
    return state.values(rotations::measurements(observables, frame, support), threads);
  }

  std::vector<std::pair<std::uint64_t, std::uint64_t>> counts(std::uint64_t shots, std::uint64_t seed,
                                                              int threads) const {
    auto drawn = draw_counts(
        [&](std::uint64_t first, std::span<double> out) { state.weights(first, out); }, state.qubits, shots,
        seed, threads, [&](std::uint64_t first, std::size_t count) { return state.norm(first, count); });
    const rotations::ByteMap basis_state(
        [&](Mask stored) { return frame.basis_state(support.index(stored)); }, state.qubits);
    constexpr std::size_t part = 1 << 12;
    parallel_for((drawn.size() + part - 1) / part, threads, [&](std::size_t p) {
      for (std::size_t i = p * part; i < std::min(drawn.size(), (p + 1) * part); ++i)
        drawn[i].first = basis_state(drawn[i].first);
    });
    return drawn;
  }

  Support support;
  tiled::State<T> state;
  Frame frame;
  double phase = 0;
};

}  // namespace

struct TiledState::Implementation {
  template <typename T>
  explicit Implementation(Final<T> of) : state(std::move(of)) {}
  std::variant<Final<float>, Final<double>> state;
};

TiledState::TiledState(const Circuit& circuit, Precision precision, int threads,
                       std::span<const Observable> seen) {
  circuit.require_bound();
  if (circuit.qubits() < fewest_qubits || circuit.qubits() > most_qubits)
    throw InputError(fmt::format("a tiled state takes {} to {} qubits, not {}", fewest_qubits, most_qubits,
                                 circuit.qubits()));
  const auto lowered = lower(circuit, seen);
  const auto support = support_of(lowered);
  require_bytes(bytes(support.dimension(), precision), fmt::format("2^{} amplitudes", support.dimension()));
  implementation_ = precision == Precision::single
                        ? std::make_unique<Implementation>(Final<float>(lowered, support, threads))
                        : std::make_unique<Implementation>(Final<double>(lowered, support, threads));
}
TiledState::~TiledState() = default;
TiledState::TiledState(TiledState&&) noexcept = default;
TiledState& TiledState::operator=(TiledState&&) noexcept = default;

int TiledState::qubits() const {
  return std::visit([](const auto& state) { return state.frame.qubits(); }, implementation_->state);
}

Complex TiledState::amplitude(std::uint64_t basis_state) const {
  return std::visit([&](const auto& state) { return state.amplitude(basis_state); }, implementation_->state);
}

std::vector<Complex> TiledState::amplitudes() const {
  require_bytes(std::ldexp(sizeof(Complex), qubits()), "a list of all amplitudes");
  return std::visit([](const auto& state) { return state.amplitudes(); }, implementation_->state);
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

double TiledState::bytes(int dimension, Precision precision) {
  return std::ldexp(precision == Precision::single ? 8 : 16, dimension);
}

TiledState::Plan TiledState::plan(const Circuit& circuit, std::span<const Observable> seen,
                                  Precision precision) {
  circuit.require_bound();
  const auto lowered = lower(circuit, seen);
  const auto support = support_of(lowered);
  const int lane_bits =
      precision == Precision::single ? tiled::kernels<float>().lane_bits : tiled::kernels<double>().lane_bits;
  Plan plan;
  plan.dimension = support.dimension();
  const auto rotations = support.reduce(lowered.rotations);
  const auto schedule =
      tiled::schedule_from_zero(tiled::numbered(rotations), tiled::Shape::of(plan.dimension, lane_bits));
  plan.sweeps = static_cast<int>(schedule.sweeps.size());
  for (const auto& sweep : schedule.sweeps) plan.windows += static_cast<int>(sweep.windows.size());
  for (const auto& rotation : rotations) ++(rotation.x == 0 ? plan.phases : plan.rotations);
  return plan;
}

}  // namespace qupel
