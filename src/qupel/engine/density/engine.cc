#include <fmt/format.h>

#include <cmath>

#include "qupel/base/parallel.h"
#include "qupel/base/usable_memory.h"
#include "qupel/engine/density/branches.h"
#include "qupel/engine/density/density_matrix.h"
#include "qupel/engine/engines.h"
#include "qupel/engine/sampling.h"

namespace qupel {
namespace {

// Of one thread: multiplications a second in double precision, and bytes a second that a sweep reads or
// writes.
constexpr double multiply_rate = 8e9, sweep_rate = 8e9;
constexpr double setup_seconds = 1e-4, compile_seconds = 3e-5;  // the latter a transfer matrix

class DensityEngine : public Engine {
 public:
  std::string_view name() const override { return "density"; }
  std::string_view summary() const override {
    return "the exact mixed state of a noisy circuit, as expectation values of all Pauli strings";
  }

  Capabilities supports() const override { return {Ability::noise, Ability::exact, Ability::feedback}; }

  Forecast predict(const Job& job) const override {
    Forecast result;
    const int qubits = job.circuit.qubits();
    result.bytes = DensityMatrix::bytes(qubits, job.precision);
    result.refusal = memory_refusal(result.bytes);
    if (!result.refusal.empty()) return result;
    if (!job.circuit.unitary()) return predict_branches(job, result.bytes);
    const bool single = job.precision == Precision::single;
    if (job.noise.empty()) {  // a state vector does it in the square root of this; not worth a plan
      const double operations = static_cast<double>(job.circuit.operations().size()) + 1;
      result.seconds = setup_seconds + operations * (compile_seconds + result.bytes / sweep_rate);
      result.how = "as if there were noise";
      return result;
    }
    const auto plan = DensityMatrix::plan(job.circuit, job.noise);
    const double shared = qubits < 9 ? 1 : thread_count(job.threads);
    result.seconds =
        setup_seconds + plan.transfers * compile_seconds +
        (plan.work / (single ? 2 : 1) / multiply_rate + 2 * plan.sweeps * result.bytes / sweep_rate) / shared;
    if (job.shots > 0) {
      result.seconds += sampling_seconds(job.shots, qubits);
      result.bytes += counts_bytes(job.shots, qubits);
    }
    result.how = fmt::format("{} transfer matrices in {} sweeps of memory", plan.transfers, plan.sweeps);
    return result;
  }

  Outcome run(const Job& job) const override {
    if (!job.circuit.unitary()) {
      return job.precision == Precision::single ? density::run_branches<float>(job)
                                                : density::run_branches<double>(job);
    }
    const DensityMatrix state(job.circuit, job.noise, job.precision, job.threads);
    Outcome outcome;
    for (const auto& observable : job.observables)
      outcome.expectations.push_back(state.expectation(observable));
    for (std::size_t o = 0; o < job.variances; ++o)
      outcome.variances.push_back(state.variance(job.observables[o]));
    if (job.shots > 0) outcome.counts = state.counts(job.shots, job.seed, job.threads);
    return outcome;
  }

 private:
  static Forecast predict_branches(const Job& job, double state_bytes) {
    Forecast result;
    const double branches = density::branches(job);
    result.bytes = state_bytes * (branches + 2);
    if (branches > density::most_branches) {
      result.refusal =
          fmt::format("it keeps up to {} branches of measured bits, and this circuit may need {:.3g}",
                      density::most_branches, branches);
      return result;
    }
    result.refusal = memory_refusal(result.bytes);
    const double operations = static_cast<double>(job.circuit.operations().size()) + 1;
    result.seconds = setup_seconds + branches * operations * (compile_seconds + state_bytes / sweep_rate);
    result.how = fmt::format("up to {:.0f} branches of measured bits", branches);
    return result;
  }
};

}  // namespace

const Engine& density_engine() {
  static const DensityEngine engine;
  return engine;
}

}  // namespace qupel
