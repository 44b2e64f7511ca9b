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

/// Of each sample the estimates of all parts.
std::vector<std::vector<Estimate>> by_sample(const std::vector<Estimates>& parts, std::size_t samples) {
  std::vector<std::vector<Estimate>> all(samples);
  for (std::size_t row = 0; row < samples; ++row)
    for (const auto& part : parts) all[row].push_back(of_row(part, row));
  return all;
}

}  // namespace

Estimates Executor::measure_mitigated(const Prepared::Implementation& circuit, std::size_t samples,
                                      std::uint64_t seed, const MeasurePart& measure_part) {
  auto job = job_of(circuit.circuit, noise_of(circuit), seed);
  job.observables = circuit.observables;
  const auto before = ledger_.circuits;
  std::vector<Estimates> results;
  std::vector<Job> parts;
  {
    const StageTimer timer(&ledger_, Stage::mitigate);
    parts = execution_.mitigation->expand(job);
  }
  for (std::size_t p = 0; p < parts.size(); ++p) {
    const auto part = part_of(circuit, std::move(parts[p]));
    results.push_back(measure_part(*part, derive(seed, {p})));
  }
  const auto unmitigated = static_cast<long long>(samples) * circuits_of(circuit);
  ledger_.mitigation_circuits += ledger_.circuits - before - unmitigated;

  const StageTimer timer(&ledger_, Stage::mitigate);
  const auto estimates = execution_.mitigation->combine_samples(job, by_sample(results, samples));
  Estimates combined{Matrix<double>(samples, circuit.observables.size()), {}};
  for (std::size_t row = 0; row < samples; ++row) put(estimates[row], row, combined);
  return combined;
}

}  // namespace qupel
