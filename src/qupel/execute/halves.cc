#include <algorithm>
#include <array>

#include "qupel/base/parallel.h"
#include "qupel/base/random.h"
#include "qupel/engine/noisy_batch/noisy_kernel.h"
#include "qupel/execute/counted_shots.h"
#include "qupel/execute/executor.h"
#include "qupel/execute/implementation.h"
#include "qupel/execute/row_pairs.h"

// Circuits of pairs of rows under noise, each half of which runs once for each row.
namespace qupel {
namespace {

bool diagonal(const Observable& observable) {
  return std::ranges::all_of(observable.terms, [](const auto& term) { return term.pauli.diagonal(); });
}

/// The rows of a matrix with one column a row of the second set: one value a pair.
Matrix<double> in_order(const Matrix<double>& entries, const RowPairs& pairs) {
  Matrix<double> values(pairs.count(), 1);
  std::size_t next = 0;
  pairs.for_each([&](std::size_t i, std::size_t j) { values(next++, 0) = entries(i, j); });
  return values;
}

/// One value a pair for each number.
std::vector<Matrix<double>> means_of(const Prepared::Implementation& circuit, const NoiseModel& noise,
                                     const std::vector<std::vector<double>>& numbers, const RowPairs& pairs,
                                     std::span<const double> parameters, int threads) {
  const NoisyKernel kernel(circuit.circuit, circuit.features / 2, noise, numbers);
  const auto needed = parameters.first(static_cast<std::size_t>(circuit.circuit.parameters()));
  std::vector<Matrix<double>> means;
  for (const auto& entries : kernel.entries(pairs.first(), pairs.second(), needed, threads))
    means.push_back(in_order(entries, pairs));
  return means;
}

}  // namespace

bool Executor::in_halves(const Prepared::Implementation& circuit) const {
  return in_noisy_batches(circuit) && NoisyKernel::separates(circuit.circuit, circuit.features / 2) &&
         circuit.observables.size() == 1 && diagonal(circuit.observables.front());
}

Estimates Executor::measure_halves(const Prepared::Implementation& circuit, const RowPairs& pairs,
                                   std::span<const double> parameters, std::uint64_t seed) {
  const auto noise = noise_of(circuit);
  const auto counted = counted_by(circuit.observables.front(), circuit.circuit.qubits());
  const auto runs = static_cast<long long>(pairs.count());
  ledger_.add_circuits(circuit.cost, runs, static_cast<long long>(execution_.shots));
  ledger_.hardware_circuits += runs;
  if (exact()) return {means_of(circuit, noise, {counted}, pairs, parameters, threads_).front(), {}};
  charge_device(circuit, runs);
  const CountedShots drawn(counted);
  const auto means = means_of(circuit, noise, drawn.numbers(), pairs, parameters, threads_);
  Estimates found{Matrix<double>(pairs.count(), 1), Matrix<double>(pairs.count(), 1)};
  parallel_for(pairs.count(), threads_, [&](std::size_t pair) {
    std::vector<double> own;
    for (const auto& mean : means) own.push_back(mean(pair, 0));
    Random random(derive(seed, {pair}));
    std::tie(found.values(pair, 0), found.errors(pair, 0)) = drawn.draw(own, execution_.shots, random);
  });
  return found;
}

}  // namespace qupel
