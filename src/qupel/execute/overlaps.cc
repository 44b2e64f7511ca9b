#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "qupel/base/parallel.h"
#include "qupel/base/random.h"
#include "qupel/engine/binomial.h"
#include "qupel/execute/executor.h"
#include "qupel/execute/implementation.h"
#include "qupel/execute/row_pairs.h"

namespace qupel {
namespace {

/// The circuit of one state followed by the inverse of another's.
CircuitCost twice(CircuitCost cost) {
  for (auto& [name, count] : cost.gates) count *= 2;
  for (long* count : {&cost.one_qubit, &cost.two_qubit, &cost.larger, &cost.depth, &cost.two_qubit_depth})
    *count *= 2;
  return cost;
}

/// Standard error of a frequency; infinite for a single shot.
double frequency_error(double frequency, std::uint64_t shots) {
  if (shots < 2) return std::numeric_limits<double>::infinity();
  return std::sqrt(frequency * (1 - frequency) / static_cast<double>(shots - 1));
}

/// Where the circuit's own qubits are at its end.
std::vector<int> measured_qubits(const Prepared::Implementation& circuit) {
  if (circuit.placement) return circuit.placement->ends;
  std::vector<int> all(static_cast<std::size_t>(circuit.circuit.qubits()));
  std::iota(all.begin(), all.end(), 0);
  return all;
}

/// |0...0><0...0| on some qubits as a sum of all products of Z.
Observable all_zero(const std::vector<int>& qubits) {
  Observable projector;
  for (std::uint64_t mask = 0; mask < std::uint64_t{1} << qubits.size(); ++mask) {
    std::vector<int> members;
    for (std::size_t q = 0; q < qubits.size(); ++q)
      if (mask >> q & 1) members.push_back(qubits[q]);
    auto term = Observable::parity(members).terms.front();
    term.weight = std::ldexp(1.0, -static_cast<int>(qubits.size()));
    projector.terms.push_back(std::move(term));
  }
  return projector;
}

/// The diagonal of a set with itself is known, and what is above it stands below it, too.
void complete(Matrix<double>& matrix, double diagonal) {
  for (std::size_t i = 0; i < matrix.rows(); ++i) {
    matrix(i, i) = diagonal;
    for (std::size_t j = 0; j < i; ++j) matrix(i, j) = matrix(j, i);
  }
}

/// The matrix with one value a pair.
Matrix<double> spread(const Matrix<double>& measured, const RowPairs& pairs, double diagonal) {
  Matrix<double> matrix(pairs.first().rows(), pairs.second().rows());
  std::size_t next = 0;
  pairs.for_each([&](std::size_t i, std::size_t j) { matrix(i, j) = measured(next++, 0); });
  if (pairs.of_itself()) complete(matrix, diagonal);
  return matrix;
}

Estimates frequencies_of_zero(const std::vector<ShotCounts>& counts, std::uint64_t shots) {
  Estimates frequencies{Matrix<double>(counts.size(), 1), Matrix<double>(counts.size(), 1)};
  for (std::size_t r = 0; r < counts.size(); ++r) {
    const bool seen = !counts[r].empty() && counts[r].front().first == 0;
    const double frequency =
        (seen ? static_cast<double>(counts[r].front().second) : 0) / static_cast<double>(shots);
    frequencies.values(r, 0) = frequency;
    frequencies.errors(r, 0) = frequency_error(frequency, shots);
  }
  return frequencies;
}

/// The same circuit, of which the frequency of 0 on all qubits is measured.
std::unique_ptr<Prepared::Implementation> reading_zeros(const Prepared::Implementation& circuit) {
  std::vector<Observable> projector{all_zero(measured_qubits(circuit))};
  auto made = circuit.placement
                  ? std::make_unique<Prepared::Implementation>(*circuit.placement, std::move(projector))
                  : std::make_unique<Prepared::Implementation>(circuit.circuit, std::move(projector));
  made->features = circuit.features;
  made->parameters = circuit.parameters;
  return made;
}

}  // namespace

EncodedRows Executor::encode(const Prepared& prepared, Matrix<double> features,
                             std::span<const double> parameters) {
  auto rows = std::make_shared<EncodedRows::Implementation>(EncodedRows::Implementation{
      prepared, std::move(features), {parameters.begin(), parameters.end()}, {}, execution_.precision});
  if (in_batches()) {
    admit([&] { return cost_of(*prepared.implementation_, static_cast<long long>(rows->features.rows())); });
    const StageTimer timer(&ledger_, Stage::execute);
    rows->states = states_of(*rows);
  }
  return EncodedRows(std::move(rows));
}

StateSet Executor::states_of(const EncodedRows::Implementation& rows) {
  const auto& circuit = *rows.circuit.implementation_;
  auto states = circuit.program(execution_.precision).prepare(rows.features, rows.parameters, threads_);
  ledger_.add_circuits(circuit.cost, static_cast<long long>(rows.features.rows()), 0);
  return states;
}

long long Executor::pairs(const EncodedRows& a, const EncodedRows& b) {
  const auto rows = static_cast<long long>(a.count()), columns = static_cast<long long>(b.count());
  return a.implementation_ == b.implementation_ ? rows * (rows - 1) / 2 : rows * columns;
}

Estimates Executor::overlaps(const EncodedRows& a, const EncodedRows& b, Stream stream) {
  admit([&] { return forecast_overlaps(a, b); });
  const StageTimer timer(&ledger_, Stage::execute);
  if (!in_batches()) return measured_overlaps(a, b, exact() ? 0 : next_seed(stream));
  auto fidelities = fidelities_of(a, b);
  ledger_.hardware_circuits += pairs(a, b);
  if (exact()) return {std::move(fidelities), {}};
  ledger_.add_circuits(twice(a.implementation_->circuit.implementation_->cost), pairs(a, b),
                       static_cast<long long>(execution_.shots));
  return drawn_overlaps(std::move(fidelities), a.implementation_ == b.implementation_, next_seed(stream));
}

Matrix<double> Executor::fidelities_of(const EncodedRows& a, const EncodedRows& b) {
  const auto usable = [&](const EncodedRows& rows) {
    return rows.implementation_->states && rows.implementation_->precision == execution_.precision;
  };
  std::optional<StateSet> made_a, made_b;  // of rows that another execution encoded
  if (!usable(a)) made_a = states_of(*a.implementation_);
  const auto& of_a = made_a ? *made_a : *a.implementation_->states;
  if (a.implementation_ == b.implementation_) return fidelities(of_a, of_a, threads_);
  if (!usable(b)) made_b = states_of(*b.implementation_);
  return fidelities(of_a, made_b ? *made_b : *b.implementation_->states, threads_);
}

Estimates Executor::drawn_overlaps(Matrix<double> probabilities, bool itself, std::uint64_t seed) const {
  Estimates result{std::move(probabilities), {}};
  auto& values = result.values;
  auto& errors = result.errors;
  errors = Matrix<double>(values.rows(), values.columns());
  const auto shots = execution_.shots;
  parallel_for(values.rows(), threads_, [&](std::size_t i) {
    for (std::size_t j = itself ? i + 1 : 0; j < values.columns(); ++j) {
      Random random(derive(seed, {i, j}));
      values(i, j) = static_cast<double>(binomial(random, shots, values(i, j))) / static_cast<double>(shots);
      errors(i, j) = frequency_error(values(i, j), shots);
    }
  });
  if (itself) complete(values, 1), complete(errors, 0);
  return result;
}

Estimates Executor::measured_overlaps(const EncodedRows& a, const EncodedRows& b, std::uint64_t seed) {
  const auto &of_a = *a.implementation_, &of_b = *b.implementation_;
  const auto& circuit = as_run(*of_a.circuit.implementation_);
  if (of_a.circuit.circuit() != of_b.circuit.circuit())
    throw InputError("overlaps of rows that were encoded by different circuits");
  if (of_a.parameters != of_b.parameters)
    throw InputError("overlaps of rows that were encoded with different parameters");
  const bool itself = a.implementation_ == b.implementation_;
  if (in_noisy_kernels(circuit) && !execution_.rehearsal) {
    auto entries = entries_noisy(a, b);
    if (!exact()) return drawn_overlaps(std::move(entries), itself, seed);
    if (itself) complete(entries, 1);
    return {std::move(entries), {}};
  }
  const RowPairs pairs(of_a.features, of_b.features, itself);
  const auto measured = zero_frequencies(circuit.compute_uncompute(), pairs, of_a.parameters, seed);
  Estimates result{spread(measured.values, pairs, 1), {}};
  if (!measured.errors.empty()) result.errors = spread(measured.errors, pairs, 0);
  return result;
}

// How often all qubits end as 0, one a pair: counted, or the expectation value of a projector, which a
// mitigation can work on, too.
Estimates Executor::zero_frequencies(const Prepared::Implementation& circuit, const RowPairs& pairs,
                                     std::span<const double> parameters, std::uint64_t seed) {
  constexpr int most_qubits = 14;
  const bool counted = execution_.shots > 0 && execution_.mitigation == nullptr;
  if (counted && !in_halves(circuit) && !execution_.rehearsal)
    return frequencies_of_zero(counts_of(circuit, pairs.features(), parameters, seed), execution_.shots);
  if (circuit.circuit.qubits() > most_qubits)
    throw InputError(
        fmt::format("overlaps with noise and without shots take up to {} qubits, "
                    "not {}: give the execution shots",
                    most_qubits, circuit.circuit.qubits()));
  const auto projected = reading_zeros(circuit);
  if (execution_.mitigation == nullptr) return measure_pairs(*projected, pairs, parameters, seed);
  return measure_mitigated(*projected, pairs.count(), seed,
                           [&](const Prepared::Implementation& part, std::uint64_t of_part) {
                             return measure_pairs(part, pairs, parameters, of_part);
                           });
}

Estimates Executor::measure_pairs(const Prepared::Implementation& circuit, const RowPairs& pairs,
                                  std::span<const double> parameters, std::uint64_t seed) {
  if (execution_.rehearsal) return charged_only(circuit, pairs.count());
  return in_halves(circuit) ? measure_halves(circuit, pairs, parameters, seed)
                            : measure_once(circuit, pairs.features(), parameters, seed);
}

}  // namespace qupel
