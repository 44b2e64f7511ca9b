#include <fmt/format.h>

#include <cmath>

#include "qupel/base/usable_memory.h"
#include "qupel/engine/batch/batch.h"
#include "qupel/engine/engines.h"
#include "qupel/engine/moments.h"
#include "qupel/engine/sampling.h"
#include "qupel/engine/statevector/blocks.h"

namespace qupel {
namespace {

// Rotations of amplitude pairs a second, of all lanes together, with the state in a cache (batch.perf.cc).
constexpr double single_rate = 5e9, double_rate = 2.5e9;
constexpr double setup_seconds = 3e-5, compile_seconds = 1e-6;  // the latter a gate

class BatchEngine : public Engine {
 public:
  std::string_view name() const override { return "batch"; }
  std::string_view summary() const override {
    return "state vectors of many samples at a time, one a vector lane; a single circuit fills one lane";
  }

  Capabilities supports() const override { return {Ability::amplitudes, Ability::exact}; }

  Forecast predict(const Job& job) const override {
    const int qubits = job.circuit.qubits();
    const bool single = job.precision == Precision::single;
    const std::size_t lanes =
        single ? statevector::kernels<float>().lanes : statevector::kernels<double>().lanes;
    Forecast result;
    result.bytes = 3 * std::ldexp(static_cast<double>(lanes * (single ? 4 : 8)), qubits) +
                   (job.state || job.variances > 0 ? std::ldexp(16.0, qubits) : 0);
    const double gates = static_cast<double>(job.circuit.operations().size()) + 1;
    result.seconds =
        setup_seconds + gates * compile_seconds +
        gates * std::ldexp(static_cast<double>(lanes), qubits) / (single ? single_rate : double_rate);
    if (job.variances > 0) result.seconds += moments_seconds(job.observables, qubits);
    if (job.variances == 0) result.seconds += values_seconds(job.observables, qubits);
    if (job.shots > 0) {
      result.seconds += sampling_seconds(job.shots, qubits);
      result.bytes += counts_bytes(job.shots, qubits);
      if (job.shots <= BatchProgram::most_shots_one_by_one)
        result.bytes += 8 * static_cast<double>(job.shots);
    }
    result.how = fmt::format("one sample in a block of {}", lanes);
    result.refusal = memory_refusal(result.bytes);
    return result;
  }

  Outcome run(const Job& job) const override {
    // Moments are read from the amplitudes.
    const BatchProgram program(job.circuit, job.variances > 0 ? std::vector<Observable>{} : job.observables,
                               job.precision);
    const Matrix<double> sample(1, 0);
    Outcome outcome;
    if (!program.observables().empty()) {
      const auto values = program.expectations(sample, {}, job.threads);
      outcome.expectations.assign(values.row(0).begin(), values.row(0).end());
    }
    if (job.state || job.variances > 0) {
      const auto states = program.states(sample, {}, job.threads);
      if (job.variances > 0) add_moments(job, states.row(0), outcome);
      if (job.state) outcome.state.assign(states.row(0).begin(), states.row(0).end());
    }
    if (job.shots > 0)
      outcome.counts = std::move(program.counts(sample, {}, job.shots, job.seed, job.threads)[0]);
    return outcome;
  }
};

}  // namespace

const Engine& batch_engine() {
  static const BatchEngine engine;
  return engine;
}

}  // namespace qupel
