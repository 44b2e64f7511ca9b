#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <thread>

#include "qupel/base/interrupt.h"
#include "qupel/base/random.h"
#include "qupel/engine/shapes.h"
#include "qupel/execute/executor.h"
#include "qupel/execute/implementation.h"
#include "qupel/execute/ticket_store.h"
#include "qupel/noise/circuit_noise.h"

// Circuits one by one: what cannot run in batches.
namespace qupel {
namespace {

constexpr std::size_t rows_together = 64;  // whose circuits are in memory at the same time

/// A circuit that measures has counts of bits alone: all qubits are measured into new ones at the end.
Circuit measured_at_the_end(Circuit circuit) {
  const int first = circuit.add_bits("all qubits", circuit.qubits());
  for (int q = 0; q < circuit.qubits(); ++q) circuit.measure(q, first + q);
  return circuit;
}

/// The basis state that those bits are: the last ones, of which the first stands last.
std::uint64_t basis_state(std::string_view bits, int qubits) {
  std::uint64_t state = 0;
  for (const char bit : bits.substr(0, static_cast<std::size_t>(qubits))) state = state << 1 | (bit == '1');
  return state;
}

/// Estimates in the making: which jobs a backend runs for each, and what their outcomes say. Exact values
/// come from one job, shots from one for each group of strings measured together.
class Readings {
 public:
  Readings(const Prepared::Implementation& circuit, std::uint64_t shots) : circuit_(circuit), shots_(shots) {}

  /// Reads the job's observables.
  void add(const Job& job) {
    readings_.push_back(jobs_.size());
    if (shots_ == 0) {
      jobs_.push_back(job);
      return;
    }
    const auto groups = circuit_.estimator.groups();
    for (std::size_t g = 0; g < groups.size(); ++g) add_group(job, groups[g], g);
  }

  std::span<const Job> jobs() const { return jobs_; }

  /// Circuits that a device would run for the same estimates.
  long long hardware_circuits() const {
    if (shots_ > 0) return static_cast<long long>(jobs_.size());
    return static_cast<long long>(readings_.size()) * circuit_.groups();
  }

  std::vector<Estimate> finish(std::span<Outcome> outcomes) const {
    std::vector<Estimate> estimates;
    for (const auto first : readings_) {
      if (shots_ == 0) {
        auto& outcome = outcomes[first];
        estimates.push_back({std::move(outcome.expectations), std::move(outcome.errors)});
      } else {
        estimates.push_back(estimated(first, outcomes));
      }
    }
    return estimates;
  }

 private:
  void add_group(const Job& job, const MeasurementGroup& group, std::size_t number) {
    auto& part = jobs_.emplace_back(job);
    if (!group.diagonal())
      part.circuit = in_time_order(
          rotated_to_z(job.circuit, group, circuit_.placement ? &*circuit_.placement : nullptr), job.noise);
    if (part.circuit.measures()) part.circuit = measured_at_the_end(std::move(part.circuit));
    part.observables.clear();
    part.shots = shots_;
    part.seed = derive(job.seed, {number});
  }

  Estimate estimated(std::size_t first, std::span<const Outcome> outcomes) const {
    const auto& estimator = circuit_.estimator;
    auto sums = estimator.empty();
    for (std::size_t g = 0; g < estimator.groups().size(); ++g) {
      std::vector<std::uint64_t> states, counts;
      for (const auto& [state, count] : outcomes[first + g].counts) {
        states.push_back(state);
        counts.push_back(count);
      }
      for (const auto& [bits, count] : outcomes[first + g].bit_counts) {
        states.push_back(basis_state(bits, circuit_.circuit.qubits()));
        counts.push_back(count);
      }
      estimator.add(g, {states, counts}, sums);
    }
    const auto observables = circuit_.observables.size();
    Estimate estimate{std::vector<double>(observables), std::vector<double>(observables)};
    estimator.finish(sums, estimate.values, estimate.errors);
    return estimate;
  }

  const Prepared::Implementation& circuit_;
  std::uint64_t shots_;
  std::vector<Job> jobs_;
  std::vector<std::size_t> readings_;  // the first job of each
};

}  // namespace

Backend& Executor::backend() const { return execution_.backend != nullptr ? *execution_.backend : *local_; }

Job Executor::job_of(Circuit bound, NoiseModel noise, std::uint64_t seed) const {
  Job job{in_time_order(bound, noise), noise};
  job.trajectories = execution_.trajectories;
  job.seed = seed;
  job.precision = execution_.precision;
  job.threads = threads_;
  return job;
}

Job Executor::job_of(const Prepared::Implementation& circuit, std::span<const double> features,
                     std::span<const double> parameters, std::uint64_t seed) const {
  return job_of(circuit.circuit.bind(features, parameters), noise_of(circuit), seed);
}

double Executor::device_seconds(const Prepared::Implementation& circuit, long long circuits) const {
  if (!circuit.placement || execution_.shots == 0) return 0;
  return circuit.placement->seconds(execution_.shots, circuits);
}

void Executor::charge_device(const Prepared::Implementation& circuit, long long circuits) {
  ledger_.device_seconds += device_seconds(circuit, circuits);
  if (circuit.placement) ledger_.money += circuit.placement->charge(execution_.shots, circuits).amount;
}

Estimates Executor::charged_only(const Prepared::Implementation& circuit, std::size_t samples) {
  const auto count = static_cast<long long>(samples) * circuit.groups();
  ledger_.add_circuits(circuit.cost, count, static_cast<long long>(execution_.shots));
  ledger_.hardware_circuits += count;
  charge_device(circuit, count);
  Estimates zeros{Matrix<double>(samples, circuit.observables.size()), {}};
  if (!exact()) zeros.errors = zeros.values;
  return zeros;
}

Job Executor::job_of(const Circuit& circuit, const Question& question, std::uint64_t seed) const {
  auto job = job_of(circuit, execution_.noise, seed);
  job.observables = question.observables;
  job.variances = question.variances;
  job.state = question.state;
  job.shots = question.shots;
  return job;
}

std::vector<Outcome> Executor::perform(std::span<const Job> jobs) {
  std::vector<Outcome> outcomes;
  for (std::size_t first = 0; first < jobs.size(); first += backend().most_jobs()) {
    const auto together = jobs.subspan(first, std::min(backend().most_jobs(), jobs.size() - first));
    const StageTimer timer(&ledger_, execution_.backend != nullptr ? Stage::queue : Stage::execute);
    require_support(backend(), together);
    auto* const store = execution_.tickets;
    const auto key = store != nullptr ? ticket_key(backend(), together) : std::string();
    auto ticket = store != nullptr ? store->find(key) : std::nullopt;
    if (!ticket) {
      ticket = backend().submit(together);
      if (store != nullptr) store->keep(key, *ticket);
    }
    try {
      auto completed = wait(*ticket);
      if (completed.outcomes.size() != together.size())
        throw InputError(fmt::format("{} gave {} outcomes for {} circuits", backend().name(),
                                     completed.outcomes.size(), together.size()));
      ledger_.device_seconds += completed.charge.device_seconds;
      ledger_.money += completed.charge.money;
      std::ranges::move(completed.outcomes, std::back_inserter(outcomes));
    } catch (const InputError&) {  // another attempt must not wait for the same failure
      if (store != nullptr) store->drop(key);
      throw;
    }
    if (store != nullptr) store->drop(key);
  }
  return outcomes;
}

Completed Executor::wait(const std::string& ticket) {
  while (true) {
    if (auto completed = backend().poll(ticket)) return std::move(*completed);
    check_interrupt();
    std::this_thread::sleep_for(backend().pause());
  }
}

std::vector<ShotCounts> Executor::counts_by_jobs(const Prepared::Implementation& circuit,
                                                 const Matrix<double>& features,
                                                 std::span<const double> parameters, std::uint64_t seed) {
  require_shapes(circuit.features, circuit.parameters, features, parameters);
  std::vector<ShotCounts> counts;
  for (std::size_t first = 0; first < features.rows(); first += rows_together) {
    std::vector<Job> jobs;
    for (std::size_t row = first; row < std::min(first + rows_together, features.rows()); ++row) {
      jobs.push_back(job_of(circuit, features.row(row), parameters, derive(seed, {row})));
      jobs.back().shots = execution_.shots;
    }
    for (auto& outcome : perform(jobs)) {
      std::ranges::sort(outcome.counts);
      counts.push_back(std::move(outcome.counts));
    }
  }
  return counts;
}

Estimates Executor::measure_by_jobs(const Prepared::Implementation& circuit, const Matrix<double>& features,
                                    std::span<const double> parameters, std::uint64_t seed) {
  require_shapes(circuit.features, circuit.parameters, features, parameters);
  Estimates all{Matrix<double>(features.rows(), circuit.observables.size()), {}};
  for (std::size_t first = 0; first < features.rows(); first += rows_together) {
    std::vector<Job> asked;
    for (std::size_t row = first; row < std::min(first + rows_together, features.rows()); ++row) {
      asked.push_back(job_of(circuit, features.row(row), parameters, derive(seed, {row})));
      asked.back().observables = circuit.observables;
    }
    const auto estimates = estimate(circuit, asked);
    for (std::size_t i = 0; i < asked.size(); ++i) put(estimates[i], first + i, all);
  }
  return all;
}

std::vector<Estimate> Executor::estimate(const Prepared::Implementation& circuit,
                                         std::span<const Job> asked) {
  Readings readings(circuit, execution_.shots);
  for (const auto& job : asked) readings.add(job);
  auto outcomes = perform(readings.jobs());
  auto estimates = readings.finish(outcomes);
  const auto jobs = static_cast<long long>(readings.jobs().size());
  ledger_.add_circuits(circuit.cost, jobs, static_cast<long long>(execution_.shots));
  ledger_.hardware_circuits += readings.hardware_circuits();
  charge_device(circuit, jobs);
  return estimates;
}

}  // namespace qupel
