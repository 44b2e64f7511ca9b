#include "qupel/circuit/observable.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <unordered_map>

#include "qupel/base/error.h"

namespace qupel {
namespace {

// Adds up the weights of equal strings.
class Collection {
 public:
  void add(double weight, PauliString string) { weights_[std::move(string)] += weight; }

  Observable take() {
    Observable sum;
    sum.terms.reserve(weights_.size());
    while (!weights_.empty()) {
      auto node = weights_.extract(weights_.begin());
      sum.terms.push_back({node.mapped(), std::move(node.key())});
    }
    std::ranges::sort(sum.terms, {}, &Observable::Term::pauli);
    return sum;
  }

 private:
  std::unordered_map<PauliString, double> weights_;
};

}  // namespace

Observable Observable::z(int qubit) { return parity(std::span(&qubit, 1)); }

Observable Observable::parity(std::span<const int> qubits) {
  Term term;
  for (const int qubit : qubits) {
    if (qubit < 0)
      throw InputError(fmt::format("an observable on qubit {}: qubits are numbered from 0", qubit));
    if (term.pauli.letter(qubit) != 'I')
      throw InputError(fmt::format("the parity takes qubit {} twice", qubit));
    term.pauli.set(qubit, 'Z');
  }
  return {{std::move(term)}};
}

bool Observable::diagonal() const {
  return std::ranges::all_of(terms, [](const Term& term) { return term.pauli.diagonal(); });
}

int Observable::qubits() const {
  int count = 0;
  for (const Term& term : terms) count = std::max(count, term.pauli.qubits());
  return count;
}

Observable collected(std::span<const Observable::Term> terms) {
  Collection collection;
  for (const auto& term : terms) collection.add(term.weight, term.pauli);
  return collection.take();
}

Observable squared(const Observable& observable) {
  Collection products;
  const auto& terms = observable.terms;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    for (std::size_t j = i; j < terms.size(); ++j) {
      auto [string, turns] = terms[i].pauli * terms[j].pauli;
      if (turns % 2 != 0) continue;  // strings that anticommute cancel
      const double factor = (i == j ? 1 : 2) * (turns == 0 ? 1 : -1);
      products.add(factor * terms[i].weight * terms[j].weight, std::move(string));
    }
  }
  return products.take();
}

void require_on_qubits(std::span<const Observable> observables, int qubits) {
  for (const auto& observable : observables)
    if (observable.qubits() > qubits)
      throw InputError(fmt::format("the observable acts on qubit {}: the circuit has qubits 0 to {}",
                                   observable.qubits() - 1, qubits - 1));
}

double dense_expectation(const Observable& observable, std::span<const Complex> state) {
  if (!std::has_single_bit(state.size()) || std::countr_zero(state.size()) < observable.qubits()) {
    throw InputError(
        fmt::format("an observable on {} qubits needs a state of at least 2^{} "
                    "amplitudes, a power of two, not {}",
                    observable.qubits(), observable.qubits(), state.size()));
  }
  const Complex powers[] = {1, {0, 1}, -1, {0, -1}};
  double value = 0;
  for (const auto& [weight, pauli] : observable.terms) {
    const auto [phase, flips, signs] = pauli.word();
    Complex term = 0;
    for (std::size_t basis = 0; basis < state.size(); ++basis)
      term += std::conj(state[basis ^ flips]) * (odd(basis & signs) ? -1.0 : 1.0) * state[basis];
    value += weight * (powers[phase] * term).real();
  }
  return value;
}

}  // namespace qupel
