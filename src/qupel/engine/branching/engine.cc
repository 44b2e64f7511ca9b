#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "qupel/base/parallel.h"
#include "qupel/base/usable_memory.h"
#include "qupel/engine/branching/walks.h"
#include "qupel/engine/engines.h"
#include "qupel/engine/moments.h"
#include "qupel/engine/statevector/blocks.h"
#include "qupel/noise/circuit_noise.h"

namespace qupel {
namespace {

// Of one thread: amplitudes a second that an operation takes.
constexpr double amplitude_rate = 2e8;
constexpr double setup_seconds = 5e-5, step_seconds = 3e-7;  // the latter an operation of a branch
constexpr int fewest_shared_qubits = 16;

// How many times a branch may split.
double places(const Job& job) {
  double count = 0;
  const CircuitNoise noise(job.circuit, job.noise);
  for (std::size_t k = 0; k < job.circuit.operations().size(); ++k) {
    const auto structure = job.circuit.operations()[k].spec->structure;
    count += structure == Structure::measure || structure == Structure::reset ? 1 : 0;
    count += static_cast<double>(noise.steps_after(k).size());
  }
  return count;
}

// How many branches there are at most.
double branches(const Job& job, double most) {
  return std::min(most, std::exp2(std::min(places(job), 60.0)));
}

class BranchingEngine : public Engine {
 public:
  std::string_view name() const override { return "branching"; }
  std::string_view summary() const override {
    return "pure states that part where a measurement, a reset or noise may go one way or another";
  }

  Capabilities supports() const override {
    return {Ability::noise, Ability::estimates, Ability::exact, Ability::feedback};
  }

  Forecast predict(const Job& job) const override {
    Forecast result;
    if (job.circuit.unitary()) {
      result.refusal = "there is no measurement, reset or condition within the circuit";
      return result;
    }
    const int qubits = job.circuit.qubits();
    if (qubits > statevector::most_qubits) {
      result.bytes = state_bytes(job) * 2;
      result.refusal = memory_refusal(result.bytes);
      if (result.refusal.empty())
        result.refusal = fmt::format("it takes up to {} qubits", statevector::most_qubits);
      return result;
    }
    const bool exact = !job.observables.empty() && job.trajectories == 0;
    const double walkers = static_cast<double>(std::max(job.shots, job.trajectories));
    const double shared = branches(job, walkers);
    const double all = (exact ? branches(job, branching::most_branches) : 0) + (walkers > 0 ? shared : 0);
    result.bytes = state_bytes(job) * (2 + std::log2(shared + 1));  // of those that wait
    result.refusal = memory_refusal(result.bytes);
    const double operations = static_cast<double>(job.circuit.operations().size()) + 1;
    const double amplitudes = std::ldexp(1.0, qubits);
    const int threads = qubits >= fewest_shared_qubits || all >= 64 ? thread_count(job.threads) : 1;
    result.seconds =
        setup_seconds + all * operations * (step_seconds + amplitudes / amplitude_rate) / threads;
    if (job.variances > 0) result.seconds += all * moments_seconds(job.observables, qubits) / threads;
    result.how = fmt::format("up to {:.3g} branches", all);
    return result;
  }

  Outcome run(const Job& job) const override {
    return job.precision == Precision::single ? run_in<float>(job) : run_in<double>(job);
  }

 private:
  static double state_bytes(const Job& job) {
    return std::ldexp(job.precision == Precision::single ? 8.0 : 16.0, job.circuit.qubits());
  }

  template <class T>
  static Outcome run_in(const Job& job) {
    Outcome outcome;
    if (job.shots > 0) outcome = branching::counts<T>(job);
    if (job.observables.empty()) return outcome;
    auto values = job.trajectories == 0 ? branching::exact_values<T>(job) : branching::estimates<T>(job);
    outcome.expectations = std::move(values.expectations);
    outcome.errors = std::move(values.errors);
    outcome.variances = std::move(values.variances);
    return outcome;
  }
};

}  // namespace

const Engine& branching_engine() {
  static const BranchingEngine engine;
  return engine;
}

}  // namespace qupel
