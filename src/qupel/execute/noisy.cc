#include "qupel/execute/noisy.h"

#include <algorithm>

#include "qupel/base/parallel.h"
#include "qupel/base/random.h"
#include "qupel/engine/binomial.h"
#include "qupel/engine/readout_errors.h"
#include "qupel/engine/sampling.h"
#include "qupel/engine/shapes.h"
#include "qupel/execute/executor.h"
#include "qupel/execute/implementation.h"
#include "qupel/noise/circuit_noise.h"

// All samples of a noisy circuit together, as exact mixed states.
namespace qupel {
namespace {

constexpr int most_qubits = 8;  // beyond, a sample alone takes the processor's caches
constexpr double multiply_rate = 1e10, setup_seconds = 3e-5;  // of one thread; to set up one operation

/// The first columns, and columns of zeros for those that are missing.
Matrix<double> with_columns(const Matrix<double>& matrix, std::size_t columns) {
  Matrix<double> made(matrix.rows(), columns);
  for (std::size_t row = 0; row < matrix.rows(); ++row)
    std::copy_n(matrix.row(row).begin(), std::min(columns, matrix.columns()), made.row(row).begin());
  return made;
}

/// The slots that a compiled circuit still has: the last ones may have cancelled.
struct Inputs {
  Inputs(const Prepared::Implementation& circuit, const Matrix<double>& x, std::span<const double> values) {
    require_shapes(circuit.features, circuit.parameters, x, values);
    features = with_columns(x, static_cast<std::size_t>(circuit.circuit.features()));
    parameters = values.first(static_cast<std::size_t>(circuit.circuit.parameters()));
  }
  Matrix<double> features;
  std::span<const double> parameters;
};

/// Shots of a circuit whose basis states have these probabilities, as they are read.
ShotCounts draw(std::span<const double> chances, int qubits, const NoiseModel& noise, std::uint64_t shots,
                std::uint64_t seed) {
  return misread(draw_counts(chances, shots, seed, 1), noise, qubits, seed);
}

}  // namespace

NoisyPrograms::NoisyPrograms(Circuit circuit, std::vector<Observable> observables, NoiseModel noise,
                             std::optional<Placement> placement)
    : circuit_(in_time_order(circuit, noise)),
      observables_(std::move(observables)),
      noise_(std::move(noise)),
      placement_(std::move(placement)) {}

const NoisyBatch& NoisyPrograms::circuit() const {
  const std::scoped_lock lock(mutex_);
  if (!own_) own_.emplace(circuit_, noise_, observables_);
  return *own_;
}

const NoisyReadings& NoisyPrograms::readings(std::span<const MeasurementGroup> groups) const {
  const std::scoped_lock lock(mutex_);
  if (readings_) return *readings_;
  std::vector<Circuit> circuits;
  for (const auto& group : groups)
    circuits.push_back(
        group.diagonal()
            ? circuit_
            : in_time_order(rotated_to_z(circuit_, group, placement_ ? &*placement_ : nullptr), noise_));
  return readings_.emplace(circuits, noise_);
}

const NoisyKernel& NoisyPrograms::kernel() const {
  const std::scoped_lock lock(mutex_);
  if (!kernel_) kernel_.emplace(circuit_, noise_);
  return *kernel_;
}

bool Executor::in_noisy_batches(const Prepared::Implementation& circuit) const {
  return !noise_of(circuit).empty() && execution_.trajectories == 0 && execution_.backend == nullptr &&
         execution_.engine.empty() && circuit.circuit.qubits() <= most_qubits && circuit.circuit.unitary();
}

// The kernel gives the probability that all qubits are read as 0. It cannot be used under mitigation, which
// works on expectation values, nor if the compiled circuit has qubits beyond the logical ones (used for
// routing only), because it would read these, too.
bool Executor::in_noisy_kernels(const Prepared::Implementation& circuit) const {
  return in_noisy_batches(circuit) && execution_.mitigation == nullptr &&
         execution_.device_noise.idle_zz == 0 &&  // it would disturb rows and columns together
         (!circuit.placement || circuit.placement->ends.size() == circuit.placement->physical.size());
}

CostForecast Executor::cost_of_noisy(const Prepared::Implementation& circuit, double work, long long circuits,
                                     double runs) const {
  // Each circuit that a mitigation runs in place of one is set up on its own.
  const auto operations = static_cast<double>(mitigated_count(circuit, 1) *
                                              static_cast<long long>(circuit.circuit.operations().size()));
  return {.circuits = circuits,
          .shots = circuits * static_cast<long long>(execution_.shots),
          .seconds = setup_seconds * operations + runs * work / multiply_rate,
          .device_seconds = device_seconds(circuit, circuits),
          .money = circuit.placement ? circuit.placement->charge(execution_.shots, circuits).amount : 0};
}

Estimates Executor::measure_noisy(const Prepared::Implementation& circuit, const Matrix<double>& features,
                                  std::span<const double> parameters, std::uint64_t seed) {
  const auto programs = circuit.noisy(noise_of(circuit));
  const auto rows = static_cast<long long>(features.rows());
  const Inputs needed(circuit, features, parameters);
  Estimates found;
  if (exact()) {
    found.values = programs->circuit().expectations(needed.features, needed.parameters, threads_);
    ledger_.add_circuits(circuit.cost, rows, 0);
  } else {
    found = draw_noisy(circuit, *programs, needed.features, needed.parameters, seed);
    charge_device(circuit, rows * circuit.groups());
    ledger_.add_circuits(circuit.cost, rows * circuit.groups(), static_cast<long long>(execution_.shots));
  }
  ledger_.hardware_circuits += rows * circuit.groups();
  return found;
}

Estimates Executor::draw_noisy(const Prepared::Implementation& circuit, const NoisyPrograms& programs,
                               const Matrix<double>& features, std::span<const double> parameters,
                               std::uint64_t seed) const {
  const auto& estimator = circuit.estimator;
  const auto observables = circuit.observables.size();
  Estimates found{Matrix<double>(features.rows(), observables), Matrix<double>(features.rows(), observables)};
  std::vector<ShotEstimator::Sums> sums(features.rows(), estimator.empty());
  std::vector<Matrix<double>> of_groups;  // none of constants
  if (!estimator.groups().empty())
    of_groups = programs.readings(estimator.groups()).probabilities(features, parameters, threads_);
  for (std::size_t g = 0; g < of_groups.size(); ++g) {
    const auto& chances = of_groups[g];
    parallel_for(chances.rows(), threads_, [&](std::size_t row) {
      std::vector<std::uint64_t> states, counts;
      for (const auto& [state, count] : draw(chances.row(row), circuit.circuit.qubits(), noise_of(circuit),
                                             execution_.shots, derive(derive(seed, {row}), {g}))) {
        states.push_back(state);
        counts.push_back(count);
      }
      estimator.add(g, {states, counts}, sums[row]);
    });
  }
  for (std::size_t row = 0; row < sums.size(); ++row)
    estimator.finish(sums[row], found.values.row(row), found.errors.row(row));
  return found;
}

std::vector<ShotCounts> Executor::counts_noisy(const Prepared::Implementation& circuit,
                                               const Matrix<double>& features,
                                               std::span<const double> parameters, std::uint64_t seed) const {
  const Inputs needed(circuit, features, parameters);
  const auto chances =
      circuit.noisy(noise_of(circuit))->circuit().probabilities(needed.features, needed.parameters, threads_);
  std::vector<ShotCounts> counts(features.rows());
  parallel_for(counts.size(), threads_, [&](std::size_t row) {
    counts[row] = draw(chances.row(row), circuit.circuit.qubits(), noise_of(circuit), execution_.shots,
                       derive(seed, {row}));
  });
  return counts;
}

Matrix<double> Executor::entries_noisy(const EncodedRows& a, const EncodedRows& b) {
  const auto &of_a = *a.implementation_, &of_b = *b.implementation_;
  const auto& circuit = as_run(*of_a.circuit.implementation_);
  const Inputs first(circuit, of_a.features, of_a.parameters),
      second(circuit, of_b.features, of_b.parameters);
  auto entries = circuit.noisy(noise_of(circuit))
                     ->kernel()
                     .entries(first.features, second.features, first.parameters, threads_)
                     .front();
  for (double& entry : entries.values()) entry = std::clamp(entry, 0.0, 1.0);
  const auto& both = circuit.compute_uncompute();
  ledger_.add_circuits(both.cost, pairs(a, b), static_cast<long long>(execution_.shots));
  ledger_.hardware_circuits += pairs(a, b);
  charge_device(both, pairs(a, b));
  return entries;
}

BatchGradient Executor::gradient_noisy(const Prepared::Implementation& circuit,
                                       const Matrix<double>& features, std::span<const double> parameters,
                                       const Cotangent& cotangent, bool feature_gradient) {
  const Inputs needed(circuit, features, parameters);
  auto gradient = circuit.noisy(noise_of(circuit))
                      ->circuit()
                      .gradient(needed.features, needed.parameters, cotangent, feature_gradient, threads_);
  gradient.parameters.resize(parameters.size());
  if (feature_gradient) gradient.features = with_columns(gradient.features, features.columns());
  return gradient;
}

}  // namespace qupel
