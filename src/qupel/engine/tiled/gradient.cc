#include "qupel/engine/tiled/gradient.h"

#include <array>
#include <optional>

#include "qupel/engine/tiled/state.h"

namespace qupel::tiled {
namespace {

std::vector<double> bind(const RotationProgram& program, std::span<const double> features,
                         std::span<const double> parameters) {
  std::vector<double> angles;
  angles.reserve(program.rotations.size());
  for (const auto& rotation : program.rotations) angles.push_back(rotation.angle.value(features, parameters));
  return angles;
}

// The state that the program's rotations lead to.
template <class T>
State<T> run(const RotationProgram& program, Runners& runners, std::span<const double> angles, int threads) {
  std::optional<State<T>> state;
  runners.lend<T>(
      State<T>::shape(program.qubits), Purpose::apply, [&] { return numbered(program.rotations); },
      [&](Runner<T>& runner) { state.emplace(State<T>::from_zero(runner, angles, threads)); });
  return *std::move(state);
}

// In reverse, as far back as a derivative is wanted.
std::vector<Rotation> backward(const RotationProgram& program) {
  auto rotations = numbered(program.rotations);
  for (std::size_t g = 0; g < rotations.size(); ++g)
    rotations[g].derivative = program.rotations[g].angle.trains() ? static_cast<int>(g) : -1;
  std::ranges::reverse(rotations);
  while (!rotations.empty() && rotations.back().derivative < 0) rotations.pop_back();
  return rotations;
}

// The observables' sum with weights d loss / d value, by the strings' x.
std::vector<PauliSum> weighted(const RotationProgram& program, std::span<const double> derivatives) {
  std::vector<PauliSum> sums;
  for (const auto& group : program.measurements) {
    auto& sum = sums.emplace_back(PauliSum{group.x, group.imaginary, {}});
    for (const Mask z : group.masks) sum.strings.emplace_back(z, 0);
    for (const auto& term : group.terms)
      sum.strings[static_cast<std::size_t>(term.mask)].second +=
          term.amplitude * derivatives[static_cast<std::size_t>(term.observable)];
  }
  return sums;
}

template <class T>
State<T> image(const State<T>& state, const std::vector<PauliSum>& sums, int threads) {
  State<T> result(state.qubits);
  result.memory.data()[0] = 0;
  result.scale = state.scale;
  const std::size_t chunks = std::max<std::size_t>(1, state.lines() >> chunk_bits);
  parallel_for(chunks, chunks < 64 ? 1 : threads, [&](std::size_t chunk) {
    for (const auto& sum : sums)
      state.kernels.add_image(sum, state.memory.data(), result.memory.data(), chunk, state.lines());
  });
  return result;
}

// Re <a|b>
template <class T>
double overlap(const State<T>& a, const State<T>& b, int threads) {
  constexpr std::size_t part = std::size_t{1} << 14;
  const std::size_t size = a.memory.size(), parts = std::max<std::size_t>(1, size / part);
  const auto sums =
      sum_in_groups(parts, 1, parts < 64 ? 1 : threads, [&](std::size_t p, std::span<double> sum) {
        std::array<double, 8> partial{};
        const T* x = a.memory.data() + p * part;
        const T* y = b.memory.data() + p * part;
        for (std::size_t i = 0; i < std::min(size, part); i += 8) {
          for (std::size_t k = 0; k < 8; ++k)
            partial[k] += static_cast<double>(x[i + k]) * static_cast<double>(y[i + k]);
        }
        for (const double each : partial) sum[0] += each;
      });
  return a.scale * b.scale * sums[0];
}

// Undoes the program's rotations. @return the derivative by the angle of each
template <class T>
std::vector<double> undo(const RotationProgram& program, Runners& runners, std::vector<double> angles,
                         State<T>& state, State<T>& adjoint, int threads) {
  if (state.qubits < fewest_shared_qubits) threads = 1;
  for (double& angle : angles) angle = -angle;
  const std::size_t count = angles.size();
  std::vector<double> derivatives(count);
  const auto shape = Shape::of(state.qubits, state.kernels.lane_bits, 2);
  const auto visit = [&](const Sweep&, const SweepPlan& plan, auto& workspaces) {
    Undo<T> both{
        state.memory.data(), adjoint.memory.data(), {take_scale(state.scale), take_scale(adjoint.scale)}, 1};
    both.scale = state.scale * adjoint.scale;
    const auto sums =
        sum_in_groups(plan.tiles(), count, threads, [&](std::size_t tile, std::span<double> sum) {
          workspaces.lend(
              [&](auto& mine) { state.kernels.undo(plan, both, tile, state.streams(), mine, sum.data()); });
        });
    for (std::size_t g = 0; g < count; ++g) derivatives[g] += sums[g];
    state.scale *= plan.scale;
    adjoint.scale *= plan.scale;
  };
  runners.lend<T>(
      shape, Purpose::undo, [&] { return backward(program); },
      [&](Runner<T>& runner) { runner.for_each_sweep(angles, visit, [] { return 1.0; }); });
  return derivatives;
}

}  // namespace

template <class T>
Gradient gradient(const RotationProgram& program, Runners& runners, std::span<const double> features,
                  std::span<const double> parameters, const LossDerivatives& loss, int threads) {
  const auto angles = bind(program, features, parameters);
  auto state = run<T>(program, runners, angles, threads);
  const auto adjoint_of = [&](std::span<const double> derivatives) {
    return image(state, weighted(program, derivatives), threads);
  };
  if (program.observable_count != 1) {
    Gradient result{state.values({program.measurements, program.constants}, threads), {}};
    auto adjoint = adjoint_of(loss(result.values));
    result.rotations = undo(program, runners, angles, state, adjoint, threads);
    return result;
  }
  // The image of a single observable gives its value, too; everything after is linear in d loss / d value.
  auto adjoint = adjoint_of(std::vector{1.0});
  Gradient result{{program.constants[0] + overlap(state, adjoint, threads)}, {}};
  const double derivative = loss(result.values)[0];
  result.rotations = undo(program, runners, angles, state, adjoint, threads);
  for (double& each : result.rotations) each *= derivative;
  return result;
}

template <class T>
std::vector<double> expectations(const RotationProgram& program, Runners& runners,
                                 std::span<const double> features, std::span<const double> parameters,
                                 int threads) {
  const auto state = run<T>(program, runners, bind(program, features, parameters), threads);
  return state.values({program.measurements, program.constants}, threads);
}

template Gradient gradient<float>(const RotationProgram&, Runners&, std::span<const double>,
                                  std::span<const double>, const LossDerivatives&, int);
template Gradient gradient<double>(const RotationProgram&, Runners&, std::span<const double>,
                                   std::span<const double>, const LossDerivatives&, int);
template std::vector<double> expectations<float>(const RotationProgram&, Runners&, std::span<const double>,
                                                 std::span<const double>, int);
template std::vector<double> expectations<double>(const RotationProgram&, Runners&, std::span<const double>,
                                                  std::span<const double>, int);

}  // namespace qupel::tiled
