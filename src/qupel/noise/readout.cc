#include "qupel/noise/readout.h"

#include <fmt/format.h>

#include "qupel/base/error.h"

namespace qupel {
namespace {

constexpr std::size_t most_terms = std::size_t{1} << 22;

std::vector<Observable::Term> as_read(const Observable::Term& term, const NoiseModel& noise) {
  std::vector<Observable::Term> terms{{term.weight, {}}};
  for (const auto& [qubit, letter] : term.pauli.letters()) {
    const auto error = noise.readout(qubit);
    const double kept = 1 - error.one_for_zero - error.zero_for_one;
    const double shift = error.zero_for_one - error.one_for_zero;
    if (shift != 0 && 2 * terms.size() > most_terms)
      throw InputError(
          fmt::format("readout errors of {}: more than {} terms; equal errors of |0> and |1> have one",
                      to_string(term.pauli), most_terms));
    for (std::size_t k = 0, size = terms.size(); k < size; ++k) {
      if (shift != 0) terms.push_back({terms[k].weight * shift, terms[k].pauli});
      terms[k].weight *= kept;
      terms[k].pauli.set(qubit, letter);
    }
  }
  return terms;
}

}  // namespace

bool misreads(const NoiseModel& noise, int qubits) {
  for (int q = 0; q < qubits; ++q) {
    if (!noise.readout(q).none()) return true;
  }
  return false;
}

Observable as_read(const Observable& observable, const NoiseModel& noise) {
  std::vector<Observable::Term> terms;
  for (const auto& term : observable.terms) {
    const auto read = as_read(term, noise);
    terms.insert(terms.end(), read.begin(), read.end());
    if (terms.size() > most_terms) terms = collected(terms).terms;
    if (terms.size() > most_terms)
      throw InputError(fmt::format("readout errors of an observable of {} terms: more than {} terms",
                                   observable.terms.size(), most_terms));
  }
  return collected(terms);
}

}  // namespace qupel
