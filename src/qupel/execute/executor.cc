#include "qupel/execute/executor.h"

#include <fmt/format.h>

#include <algorithm>

#include "qupel/base/random.h"
#include "qupel/execute/implementation.h"

namespace qupel {

Executor::Executor(Execution execution, int threads)
    : execution_(std::move(execution)), threads_(threads), local_(local_backend(execution_.engine, threads)) {
  if (execution_.device == nullptr) return;
  if (!execution_.noise.empty())
    throw InputError(fmt::format("an execution on {} with noise of its own: a device brings its noise",
                                 execution_.device->name));
  if (execution_.backend != nullptr)
    throw InputError(fmt::format("an execution on {} and on {}: circuits run in one place",
                                 execution_.device->name, execution_.backend->name()));
}

Executor::Executor(Precision precision, int threads) : Executor(Execution{.precision = precision}, threads) {}

Executor::~Executor() = default;

bool Executor::in_batches() const {
  return execution_.device == nullptr && execution_.noise.empty() && execution_.mitigation == nullptr &&
         execution_.backend == nullptr && (execution_.engine.empty() || execution_.engine == "batch");
}

const Prepared::Implementation& Executor::as_run(const Prepared::Implementation& circuit) const {
  return execution_.device == nullptr ? circuit : circuit.on(execution_.device, execution_.physical);
}

NoiseModel Executor::noise_of(const Prepared::Implementation& circuit) const {
  return circuit.placement ? circuit.noise_there(execution_.device_noise) : execution_.noise;
}

std::uint64_t Executor::next_seed(Stream stream) {
  const auto before = calls_[stream]++;
  const auto seed = stream ? derive(execution_.seed, {*stream}) : execution_.seed;
  return before == 0 ? seed : derive(seed, {key_of("call"), before});
}

Prepared Executor::prepare(const Circuit& circuit, std::vector<Observable> observables) {
  if (execution_.trajectories > 0 && execution_.noise.empty() && circuit.unitary())
    throw InputError(
        "trajectories without noise: a circuit of gates alone has one pure state then, and there is nothing to "
        "average; leave trajectories out, or add noise");
  const StageTimer timer(&ledger_, Stage::compile);
  const Prepared prepared(std::make_shared<const Prepared::Implementation>(circuit, std::move(observables)));
  if (in_batches()) prepared.implementation_->program(execution_.precision);
  as_run(*prepared.implementation_);
  return prepared;
}

Estimates Executor::measure(const Prepared::Implementation& prepared, const Matrix<double>& features,
                            std::span<const double> parameters, std::uint64_t seed) {
  const auto& circuit = as_run(prepared);
  if (execution_.mitigation == nullptr) return measure_once(circuit, features, parameters, seed);
  return measure_mitigated(circuit, features.rows(), seed,
                           [&](const Prepared::Implementation& part, std::uint64_t of_part) {
                             return measure_once(part, features, parameters, of_part);
                           });
}

Estimates Executor::measure_once(const Prepared::Implementation& circuit, const Matrix<double>& features,
                                 std::span<const double> parameters, std::uint64_t seed) {
  if (execution_.rehearsal) return charged_only(circuit, features.rows());
  if (in_noisy_batches(circuit)) return measure_noisy(circuit, features, parameters, seed);
  if (!in_batches()) return measure_by_jobs(circuit, features, parameters, seed);
  const auto& program = circuit.program(execution_.precision);
  const auto rows = static_cast<long long>(features.rows());
  Estimates found;
  if (exact()) {
    found.values = program.expectations(features, parameters, threads_);
    ledger_.add_circuits(circuit.cost, rows, 0);
  } else {
    auto [values, errors] = program.estimate(features, parameters, execution_.shots, seed, threads_);
    found = {std::move(values), std::move(errors)};
    ledger_.add_circuits(circuit.cost, rows * circuit.groups(), static_cast<long long>(execution_.shots));
  }
  ledger_.hardware_circuits += rows * circuit.groups();
  return found;
}

Estimates Executor::expectations(const Prepared& prepared, const Matrix<double>& features,
                                 std::span<const double> parameters, Stream stream) {
  admit([&] { return forecast_expectations(prepared, features.rows()); });
  const StageTimer timer(&ledger_, Stage::execute);
  return measure(*prepared.implementation_, features, parameters, exact() ? 0 : next_seed(stream));
}

std::vector<ShotCounts> Executor::samples(const Prepared& prepared, const Matrix<double>& features,
                                          std::span<const double> parameters, Stream stream) {
  if (execution_.shots == 0) throw InputError("samples of 0 shots: the execution must have at least 1");
  admit([&] { return forecast_samples(prepared, features.rows()); });
  const StageTimer timer(&ledger_, Stage::execute);
  return counts_of(*prepared.implementation_, features, parameters, next_seed(stream));
}

std::vector<ShotCounts> Executor::counts_of(const Prepared::Implementation& prepared,
                                            const Matrix<double>& features,
                                            std::span<const double> parameters, std::uint64_t seed) {
  const auto& circuit = as_run(prepared);
  std::vector<ShotCounts> counts;
  if (execution_.rehearsal) {
    counts.resize(features.rows());
  } else if (in_batches()) {
    counts =
        circuit.program(execution_.precision).counts(features, parameters, execution_.shots, seed, threads_);
  } else if (in_noisy_batches(circuit)) {
    counts = counts_noisy(circuit, features, parameters, seed);
  } else {
    counts = counts_by_jobs(circuit, features, parameters, seed);
  }
  if (circuit.placement)
    for (auto& each : counts) each = read_back(each, *circuit.placement);
  charge_device(circuit, static_cast<long long>(features.rows()));
  const auto rows = static_cast<long long>(features.rows());
  ledger_.add_circuits(circuit.cost, rows, static_cast<long long>(execution_.shots));
  ledger_.hardware_circuits += rows;
  return counts;
}

Matrix<Complex> Executor::states(const Prepared& prepared, const Matrix<double>& features,
                                 std::span<const double> parameters) {
  if (!in_batches())
    throw InputError("amplitudes are only known of a circuit without noise on this computer");
  const auto& circuit = *prepared.implementation_;
  const auto rows = static_cast<long long>(features.rows());
  admit([&] { return cost_of(circuit, rows); });
  const StageTimer timer(&ledger_, Stage::execute);
  auto amplitudes = circuit.program(execution_.precision).states(features, parameters, threads_);
  ledger_.add_circuits(circuit.cost, rows, 0);
  return amplitudes;
}

Outcome Executor::run(const Circuit& circuit, const Question& question) {
  admit([&] { return forecast(circuit, question); });
  const StageTimer timer(&ledger_, Stage::execute);
  const Prepared::Implementation prepared(circuit, question.observables);
  const auto& runs = as_run(prepared);
  auto job = job_of(runs.circuit, question, next_seed({}));
  job.noise = noise_of(runs);
  job.observables = runs.observables;
  auto outcome = std::move(perform({&job, 1}).front());
  if (runs.placement) outcome.counts = read_back(outcome.counts, *runs.placement);
  ledger_.add_circuits(runs.cost, 1, static_cast<long long>(question.shots));
  ++ledger_.hardware_circuits;
  if (question.shots > 0 && runs.placement) {
    ledger_.device_seconds += runs.placement->seconds(question.shots, 1);
    ledger_.money += runs.placement->charge(question.shots, 1).amount;
  }
  return outcome;
}

Choice Executor::explain(const Circuit& circuit, const Question& question) const {
  return choose(job_of(circuit, question, execution_.seed), execution_.engine);
}

}  // namespace qupel
