#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "qupel/base/parallel.h"
#include "qupel/base/usable_memory.h"
#include "qupel/engine/engines.h"
#include "qupel/engine/moments.h"
#include "qupel/engine/sampling.h"
#include "qupel/engine/tiled/gradient.h"
#include "qupel/engine/tiled/schedule.h"
#include "qupel/engine/tiled/tiled_state.h"

namespace qupel {
namespace {

// Of one thread: rotations of amplitudes a second in single precision, and bytes a second that a sweep (a
// window) reads and writes in memory (a tile).
constexpr double rotation_rate = 2.5e10, sweep_rate = 1.4e10, window_rate = 5e10;
constexpr double setup_seconds = 1e-4, compile_seconds = 1e-6;  // the latter a rotation

// What decides which rotations are needed; none: all are.
std::vector<Observable> seen(const Job& job) {
  if (job.state || job.variances > 0) return {};
  auto all = job.observables;
  for (int q = 0; q < job.circuit.qubits() && job.shots > 0; ++q) all.push_back(Observable::z(q));
  return all;
}

std::vector<double> values(const Job& job) {
  const rotations::RotationProgram program(job.circuit, job.observables,
                                           rotations::RotationProgram::Use::values);
  tiled::Runners runners;
  return job.precision == Precision::single
             ? tiled::expectations<float>(program, runners, {}, {}, job.threads)
             : tiled::expectations<double>(program, runners, {}, {}, job.threads);
}

class TiledEngine : public Engine {
 public:
  std::string_view name() const override { return "tiled"; }
  std::string_view summary() const override {
    return "one large state vector, swept through memory in tiles that a cache holds";
  }

  Capabilities supports() const override { return {Ability::amplitudes, Ability::exact}; }

  Forecast predict(const Job& job) const override {
    Forecast result;
    const int qubits = job.circuit.qubits();
    if (qubits < TiledState::fewest_qubits || qubits > TiledState::most_qubits)
      result.refusal =
          fmt::format("takes {} to {} qubits", TiledState::fewest_qubits, TiledState::most_qubits);
    if (!result.refusal.empty()) return result;
    const auto plan = TiledState::plan(job.circuit, seen(job), job.precision);
    const double state = TiledState::bytes(plan.dimension, job.precision);
    result.bytes = state + (job.state || job.variances > 0 ? std::ldexp(16.0, qubits) : 0);
    result.refusal = memory_refusal(result.bytes);
    const double shared = plan.dimension < tiled::fewest_shared_qubits ? 1 : thread_count(job.threads);
    const double work = static_cast<double>(plan.rotations) * state / 8 / rotation_rate +
                        2 * plan.sweeps * state / sweep_rate + 2 * plan.windows * state / window_rate;
    result.seconds = setup_seconds + static_cast<double>(job.circuit.operations().size()) * compile_seconds +
                     work / shared;
    if (job.variances > 0)
      result.seconds += moments_seconds(job.observables, qubits) / thread_count(job.threads);
    if (job.variances == 0) result.seconds += values_seconds(job.observables, plan.dimension) / shared;
    if (job.shots > 0) {
      result.seconds += sampling_seconds(job.shots, plan.dimension);
      result.bytes += counts_bytes(job.shots, plan.dimension);
    }
    result.how = fmt::format("{} rotations and {} phases in {} sweeps of 2^{} amplitudes, {} windows",
                             plan.rotations, plan.phases, plan.sweeps, plan.dimension, plan.windows);
    return result;
  }

  Outcome run(const Job& job) const override {
    Outcome outcome;
    if (!job.observables.empty() && job.variances == 0 && !job.state && job.shots == 0) {
      outcome.expectations = values(job);
      return outcome;
    }
    const TiledState state(job.circuit, job.precision, job.threads, seen(job));
    if (!job.observables.empty() && job.variances == 0)
      outcome.expectations = state.expectations(job.observables, job.threads);
    if (job.state || job.variances > 0) outcome.state = state.amplitudes();
    if (job.variances > 0) add_moments(job, outcome.state, outcome);
    if (!job.state) outcome.state.clear();
    if (job.shots > 0) outcome.counts = state.counts(job.shots, job.seed, job.threads);
    return outcome;
  }
};

}  // namespace

const Engine& tiled_engine() {
  static const TiledEngine engine;
  return engine;
}

}  // namespace qupel
