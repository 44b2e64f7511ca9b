#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "qupel/engine/batch/batch.h"
#include "qupel/engine/batch/batch_planner.h"
#include "qupel/engine/no_engine.h"
#include "qupel/engine/sampling.h"
#include "qupel/execute/executor.h"
#include "qupel/execute/implementation.h"
#include "qupel/execute/shift_rule.h"
#include "qupel/mitigate/mitigation.h"

// What work would take, and whether the budget allows it.
namespace qupel {
namespace {

/// The circuit with every slot at 0: all samples of a circuit take about as long.
Circuit at_zero(const Circuit& circuit) {
  const std::vector<double> features(static_cast<std::size_t>(circuit.features())),
      parameters(static_cast<std::size_t>(circuit.parameters()));
  return circuit.bind(features, parameters);
}

/// @throws OverBudget if a limit is set and what was spent and what would come are together more
template <typename Number>
void require_within(Number limit, Number spent, Number wanted, std::string_view what) {
  if (limit <= Number{} || spent + wanted <= limit) return;
  throw OverBudget(
      fmt::format("this would take {} {} beside the {} already spent: the execution's budget is {}", wanted,
                  what, spent, limit));
}

/// Of one job on this computer; infinite if none of its engines can run it.
double seconds_here(const Job& job, std::string_view engine) {
  try {
    return choose(job, engine).forecast().seconds;
  } catch (const NoEngine&) {
    return std::numeric_limits<double>::infinity();
  }
}

}  // namespace

CostForecast& CostForecast::operator+=(const CostForecast& other) {
  circuits += other.circuits;
  shots += other.shots;
  seconds += other.seconds;
  device_seconds += other.device_seconds;
  money += other.money;
  return *this;
}

void Executor::admit(const std::function<CostForecast()>& forecast) {
  const auto& budget = execution_.budget;
  if (budget.circuits == 0 && budget.shots == 0 && budget.seconds == 0 && budget.money == 0) return;
  const auto wanted = forecast();
  require_within(budget.circuits, spent_.circuits, wanted.circuits, "circuits");
  require_within(budget.shots, spent_.shots, wanted.shots, "shots");
  require_within(budget.seconds, spent_.seconds + spent_.device_seconds,
                 wanted.seconds + wanted.device_seconds, "seconds");
  require_within(budget.money, spent_.money, wanted.money, "of the provider's money");
  spent_ += wanted;
}

// For the expectation values of one sample, without mitigation.
long long Executor::circuits_of(const Prepared::Implementation& circuit) const {
  return execution_.shots == 0 ? 1 : circuit.groups();
}

CostForecast Executor::cost_of(const Prepared::Implementation& prepared, long long circuits) const {
  const auto& circuit = as_run(prepared);
  if (in_noisy_batches(circuit))
    return cost_of_noisy(circuit, circuit.noisy(noise_of(circuit))->circuit().work(), circuits,
                         static_cast<double>(circuits));
  auto job = job_of(at_zero(circuit.circuit), noise_of(circuit), 0);
  job.shots = execution_.shots;
  if (execution_.shots == 0) job.observables = circuit.observables;
  if (!in_batches()) {
    auto cost = cost_of_jobs(job, circuits);
    cost.device_seconds += device_seconds(circuit, circuits);
    if (circuit.placement) cost.money += circuit.placement->charge(execution_.shots, circuits).amount;
    return cost;
  }
  // A sample's state is computed once, and turned and drawn from for each of its groups.
  constexpr double turn_rate = 1e8, draw_rate = 3.5e7;  // amplitudes of a qubit, shots a second; 12 qubits
  const auto samples = circuits / std::max(1LL, circuits_of(circuit));
  const int qubits = circuit.circuit.qubits();
  const double drawing = job.shots > BatchProgram::most_shots_one_by_one
                             ? sampling_seconds(job.shots, qubits)
                             : static_cast<double>(job.shots) / draw_rate;
  const double reading = std::ldexp(qubits, qubits) / turn_rate + drawing;
  return {.circuits = circuits,
          .shots = circuits * static_cast<long long>(job.shots),
          .seconds = forecast_batch(job, static_cast<std::size_t>(samples)).seconds +
                     (exact() ? 0 : static_cast<double>(circuits) * reading)};
}

CostForecast Executor::cost_of_jobs(const Job& job, long long circuits) const {
  const auto count = static_cast<double>(circuits);
  CostForecast cost{.circuits = circuits, .shots = circuits * static_cast<long long>(job.shots)};
  if (execution_.backend == nullptr) {
    cost.seconds = count > 0 ? seconds_here(job, execution_.engine) * count : 0;
    return cost;
  }
  const auto charge = execution_.backend->price({&job, 1});
  cost.device_seconds = charge.device_seconds * count;
  cost.money = charge.money * count;
  return cost;
}

long long Executor::mitigated_count(const Prepared::Implementation& circuit, long long circuits) const {
  if (execution_.mitigation == nullptr) return circuits;
  auto job = job_of(at_zero(circuit.circuit), noise_of(circuit), 0);
  job.observables = circuit.observables;
  const auto overhead = execution_.mitigation->overhead(job);
  return static_cast<long long>(overhead.circuits * static_cast<double>(circuits) +
                                overhead.learning_circuits * static_cast<double>(circuits_of(circuit)));
}

CostForecast Executor::forecast_expectations(const Prepared& prepared, std::size_t samples) const {
  const auto& circuit = as_run(*prepared.implementation_);
  return cost_of(circuit, mitigated_count(circuit, static_cast<long long>(samples) * circuits_of(circuit)));
}

CostForecast Executor::forecast_gradient(const Prepared& prepared, std::size_t samples,
                                         bool feature_gradient) const {
  const auto& circuit = as_run(*prepared.implementation_);
  auto circuits = static_cast<long long>(samples);
  if (!exact() || !(in_batches() || in_noisy_batches(circuit)))
    circuits *= circuits_of(circuit) * (1 + shifted_circuits(circuit.circuit, feature_gradient));
  return cost_of(circuit, mitigated_count(circuit, circuits));
}

CostForecast Executor::forecast_samples(const Prepared& prepared, std::size_t samples) const {
  return cost_of(*prepared.implementation_, static_cast<long long>(samples));
}

CostForecast Executor::forecast_overlaps(const EncodedRows& a, const EncodedRows& b) const {
  const auto& circuit = as_run(*a.implementation_->circuit.implementation_);
  if (in_noisy_kernels(circuit))
    return cost_of_noisy(circuit.compute_uncompute(), circuit.noisy(noise_of(circuit))->kernel().work(),
                         pairs(a, b), static_cast<double>(a.count() + b.count()) / 2);
  if (!in_batches()) {
    const auto& both = circuit.compute_uncompute();
    return cost_of(both, mitigated_count(both, pairs(a, b)));
  }
  if (exact()) return {};  // products of states that are there
  return {.circuits = pairs(a, b), .shots = pairs(a, b) * static_cast<long long>(execution_.shots)};
}

CostForecast Executor::forecast(const Circuit& circuit, const Question& question) const {
  return cost_of_jobs(job_of(circuit, question, execution_.seed), 1);
}

}  // namespace qupel
