#include "qupel/base/random.h"
#include "qupel/engine/no_engine.h"
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

/// In a rehearsal nothing runs, but techniques that learn from circuits need values: they get the noiseless
/// ones, or zeros where these would take 0.1 s or more.
void put_ideal_values(Job job, Estimate& estimate) {
  constexpr double short_time = 0.1;
  job.noise = {};
  try {
    if (choose(job).forecast().seconds < short_time) estimate.values = run(job).expectations;
  } catch (const NoEngine&) {
  }
}

/// Circuits that are submitted together share jobs; each was charged as if it came alone.
class SharedJobs {
 public:
  SharedJobs(Ledger& ledger, std::uint64_t shots) : ledger_(ledger), shots_(shots) {}

  /// @param circuits of this part, which were charged already
  void share(const Prepared::Implementation& part, long long circuits) {
    if (!part.placement || shots_ == 0) return;
    const auto& place = *part.placement;
    ledger_.device_seconds += place.seconds(shots_, circuits, before_) - place.seconds(shots_, circuits);
    ledger_.money += place.charge(shots_, circuits, before_).amount - place.charge(shots_, circuits).amount;
    before_ += circuits;
  }

 private:
  Ledger& ledger_;
  std::uint64_t shots_;
  long long before_ = 0;
};

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
  const auto measured = [&](const Prepared::Implementation& part, SharedJobs& jobs, const auto& measure) {
    const auto circuits = ledger_.hardware_circuits;
    auto estimates = measure();
    jobs.share(part, ledger_.hardware_circuits - circuits);
    return estimates;
  };
  const auto run = [&](std::span<const Job> jobs) {
    std::vector<Estimate> estimates;
    SharedJobs shared(ledger_, execution_.shots);
    for (const auto& each : jobs) {
      const auto part = part_of(circuit, each);
      const auto seed_of_part = derive(seed, {key_of("learn"), learned++});
      estimates.push_back(
          of_row(measured(*part, shared,
                          [&] { return measure_once(*part, no_features, no_parameters, seed_of_part); }),
                 0));
      if (execution_.rehearsal) put_ideal_values(each, estimates.back());
    }
    return estimates;
  };
  std::vector<Estimates> results;
  MitigationPlan plan;
  {
    const StageTimer timer(&ledger_, Stage::mitigate);
    plan = execution_.mitigation->plan(job, run);
  }
  SharedJobs shared(ledger_, execution_.shots);
  for (std::size_t p = 0; p < plan.jobs.size(); ++p) {
    const auto part = part_of(circuit, std::move(plan.jobs[p]));
    results.push_back(measured(*part, shared, [&] { return measure_part(*part, derive(seed, {p})); }));
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
