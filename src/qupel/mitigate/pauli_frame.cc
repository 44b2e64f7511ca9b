#include "qupel/mitigate/pauli_frame.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "qupel/circuit/dense.h"
#include "qupel/circuit/standard_error.h"

namespace qupel::mitigate {
namespace {

const OpSpec& gate_of(char letter) { return operation(letter == 'X' ? "x" : letter == 'Y' ? "y" : "z"); }

/// The letter of a product of two, whatever its phase.
char product(char a, char b) {
  if (a == b) return 'I';
  if (a == 'I') return b;
  if (b == 'I') return a;
  return static_cast<char>('X' + 'Y' + 'Z' - a - b);
}

}  // namespace

PauliFrame::PauliFrame(const Job& job) : job_(job) { job_.circuit = job.circuit.without_operations(); }

void PauliFrame::add(Operation operation) {
  std::vector<int> qubits;
  if (operation.spec->gate())
    for (const int q : operation.qubits)
      if (pending_.letter(q) != 'I') qubits.push_back(q);
  if (!qubits.empty()) {
    const auto whole = std::make_shared<const CompositeGate>(
        CompositeGate{std::string(operation.spec->name), operation.qubits, qubits.size() + 1});
    for (std::size_t i = 0; i < qubits.size(); ++i) {
      Operation pauli{&gate_of(pending_.letter(qubits[i])), {qubits[i]}, {}, {}};
      pauli.part = {whole, i};
      job_.circuit.add(std::move(pauli));
      pending_.set(qubits[i], 'I');
    }
    operation.part = {whole, qubits.size()};
  }
  job_.circuit.add(std::move(operation));
}

void PauliFrame::insert(const PauliString& pauli, std::span<const int> qubits) {
  for (std::size_t k = 0; k < qubits.size(); ++k)
    pending_.set(qubits[k], product(pending_.letter(qubits[k]), pauli.letter(static_cast<int>(k))));
}

Job PauliFrame::take(double factor) && {
  for (auto& observable : job_.observables)
    for (auto& term : observable.terms) {
      bool turned = false;
      for (const auto& [q, letter] : pending_.letters())
        turned ^= term.pauli.letter(q) != 'I' && term.pauli.letter(q) != letter;
      term.weight *= turned ? -factor : factor;
    }
  return std::move(job_);
}

std::vector<std::size_t> pauli_partners(const OpSpec& spec) {
  if (!spec.gate() || spec.qubits != 2 || spec.angles > 0) return {};
  const auto gate = full_matrix(spec, {});
  const auto letters = [](std::size_t index) {
    const auto pauli = PauliString::of_index(index);
    return std::string{pauli.letter(0), pauli.letter(1)};
  };
  std::vector<std::size_t> found;
  for (std::size_t before = 0; before < 16; ++before) {
    const auto after = product(product(gate, pauli_matrix(letters(before))), adjoint(gate));
    for (std::size_t p = 0; p < 16; ++p) {
      Complex trace = 0;
      const auto overlap = product(pauli_matrix(letters(p)), after);
      for (std::size_t i = 0; i < 4; ++i) trace += overlap(i, i);
      if (std::abs(trace) > 4 - 1e-9) found.push_back(p);
    }
    if (found.size() != before + 1) return {};
  }
  return found;
}

Estimate mean_of_draws(std::span<const Estimate> results) { return mean_of_insertions(results, 0); }

Estimate mean_of_insertions(std::span<const Estimate> results, double missed) {
  Estimate estimate;
  for (std::size_t o = 0; o < results.front().values.size(); ++o) {
    const double first = results.front().values[o];  // sums of differences from it keep their digits
    Draws draws{.count = static_cast<double>(results.size()), .untaken = missed};
    for (const auto& result : results) {
      const double value = result.values[o];
      draws.sum += value - first;
      draws.sum_of_squares += (value - first) * (value - first);
      draws.range = std::max(draws.range, 2 * std::abs(value));
    }
    estimate.values.push_back(first + draws.mean());
    estimate.errors.push_back(standard_error(draws));
  }
  return estimate;
}

std::size_t circuits_drawn(const Options& options, std::string_view name, std::size_t usual) {
  return options.whole(name, usual, 2, most_circuits, "the number of circuits");
}

}  // namespace qupel::mitigate
