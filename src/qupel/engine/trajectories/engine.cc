#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "qupel/base/parallel.h"
#include "qupel/base/usable_memory.h"
#include "qupel/engine/engines.h"
#include "qupel/engine/moments.h"
#include "qupel/engine/statevector/blocks.h"
#include "qupel/engine/trajectories/trajectories.h"

namespace qupel {
namespace {

// Of one thread: amplitudes of all lanes a second that an operation takes.
constexpr double single_rate = 6e9, double_rate = 3e9;
constexpr double setup_seconds = 1e-4, compile_seconds = 3e-5;  // the latter an operation

// Each shot needs a trajectory of its own: two shots of one trajectory would not be independent.
std::uint64_t count(const Job& job) { return std::max(job.trajectories, job.shots); }

class TrajectoriesEngine : public Engine {
 public:
  std::string_view name() const override { return "trajectories"; }
  std::string_view summary() const override {
    return "pure states of a noisy circuit drawn by chance, one a vector lane; averages with standard errors";
  }

  Capabilities supports() const override { return {Ability::noise, Ability::estimates}; }

  Forecast predict(const Job& job) const override {
    const bool single = job.precision == Precision::single;
    const auto n = static_cast<double>(count(job));
    Forecast result;
    result.bytes = Trajectories::bytes(job.circuit.qubits(), job.precision);
    const auto operations = static_cast<double>(job.circuit.operations().size()) + 1;
    result.seconds = setup_seconds + operations * compile_seconds +
                     n * operations * std::ldexp(1.0, job.circuit.qubits()) /
                         (single ? single_rate : double_rate) / thread_count(job.threads);
    if (job.variances > 0)
      result.seconds +=
          n * moments_seconds(job.observables, job.circuit.qubits()) / thread_count(job.threads);
    result.how = fmt::format("{} trajectories", count(job));
    result.refusal = memory_refusal(result.bytes);
    if (job.noise.empty()) {
      result.refusal = "there is no noise";
    } else if (job.circuit.qubits() > statevector::most_qubits) {
      result.refusal = fmt::format("it takes up to {} qubits", statevector::most_qubits);
    } else if (result.refusal.empty()) {
      result.refusal = Trajectories::refusal(job.circuit, job.noise);
    }
    return result;
  }

  Outcome run(const Job& job) const override {
    const Trajectories trajectories(job.circuit, job.noise, job.observables, job.precision, job.variances);
    auto estimate = trajectories.run(count(job), job.shots, job.seed, job.threads);
    Outcome outcome;
    outcome.expectations = std::move(estimate.means);
    outcome.errors = std::move(estimate.errors);
    outcome.variances = std::move(estimate.variances);
    outcome.counts.assign(estimate.counts.begin(), estimate.counts.end());
    return outcome;
  }
};

}  // namespace

const Engine& trajectories_engine() {
  static const TrajectoriesEngine engine;
  return engine;
}

}  // namespace qupel
