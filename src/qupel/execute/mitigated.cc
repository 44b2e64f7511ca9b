#include "qupel/base/random.h"
#include "qupel/execute/executor.h"
#include "qupel/execute/implementation.h"
#include "qupel/mitigate/mitigation.h"

// Error mitigation: each circuit that it asks for runs for all samples.
namespace qupel {
namespace {

Estimate of_row(const Estimates& all, std::size_t row) {
  const auto values = all.values.row(row);
  Estimate estimate{{values.begin(), values.end()}, {}};
  if (!all.errors.empty()) estimate.errors.assign(all.errors.row(row).begin(), all.errors.row(row).end());
  return estimate;
}

/// A circuit that runs in place of another, where that one runs.
std::unique_ptr<Prepared::Implementation> part_of(const Prepared::Implementation& circuit, Job job) {
  auto part =
      circuit.placement
          ? std::make_unique<Prepared::Implementation>(circuit.placement->with(std::move(job.circuit)),
                                                       std::move(job.observables))
          : std::make_unique<Prepared::Implementation>(std::move(job.circuit), std::move(job.observables));
  part->features = circuit.features;
  part->parameters = circuit.parameters;
  return part;
}

}  // namespace

Estimates Executor::measure_mitigated(const Prepared::Implementation& circuit, std::size_t samples,
                                      std::uint64_t seed, const MeasurePart& measure_part) {
  auto job = job_of(circuit.circuit, noise_of(circuit), seed);
  job.observables = circuit.observables;
  const auto before = ledger_.circuits;
  std::uint64_t learned = 0;  // circuits so far that something is learned from
  // Slots of the circuit are open in none of these, so any values do.
  const Matrix<double> no_features(1, static_cast<std::size_t>(circuit.features));
  const std::vector<double> no_parameters(static_cast<std::size_t>(circuit.parameters));
  const auto run = [&](std::span<const Job> jobs) {
    std::vector<Estimate> estimates;
    for (const auto& each : jobs)
      estimates.push_back(of_row(measure_once(*part_of(circuit, each), no_features, no_parameters,
                                              derive(seed, {key_of("learn"), learned++})),
                                 0));
    return estimates;
  };
  std::vector<Estimates> results;
  MitigationPlan plan;
  {
    const StageTimer timer(&ledger_, Stage::mitigate);
    plan = execution_.mitigation->plan(job, run);
  }
  for (std::size_t p = 0; p < plan.jobs.size(); ++p) {
    const auto part = part_of(circuit, std::move(plan.jobs[p]));
    results.push_back(measure_part(*part, derive(seed, {p})));
  }
  const auto unmitigated = static_cast<long long>(samples) * circuits_of(circuit);
  ledger_.mitigation_circuits += ledger_.circuits - before - unmitigated;

  const StageTimer timer(&ledger_, Stage::mitigate);
  Estimates combined{Matrix<double>(samples, circuit.observables.size()), {}};
  for (std::size_t row = 0; row < samples; ++row) {
    std::vector<Estimate> of_parts;
    for (const auto& result : results) of_parts.push_back(of_row(result, row));
    put(plan.combine(of_parts), row, combined);
  }
  return combined;
}

}  // namespace qupel
