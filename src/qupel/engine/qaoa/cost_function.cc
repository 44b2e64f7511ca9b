#include "qupel/engine/qaoa/cost_function.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "qupel/base/error.h"
#include "qupel/base/usable_memory.h"
#include "qupel/base/walsh_hadamard.h"

namespace qupel {

CostFunction::CostFunction(std::vector<double> values) : values_(std::move(values)) {
  if (values_.size() < 2 || !std::has_single_bit(values_.size()))
    throw InputError(
        fmt::format("a cost function has a value for each of 2^n bit strings, n at least 1, not {} values",
                    values_.size()));
  finish();
}

CostFunction::CostFunction(const Observable& observable, int qubits) {
  if (qubits < 1 || observable.qubits() > qubits)
    throw InputError(
        fmt::format("the cost acts on qubit {}: there are {} qubits", observable.qubits() - 1, qubits));
  require_bytes(std::ldexp(8, qubits), fmt::format("a cost function of {} qubits", qubits));
  values_.resize(std::size_t{1} << qubits);
  for (const auto& term : observable.terms) {
    for (const auto& [qubit, letter] : term.pauli.letters()) {
      if (letter != 'Z')
        throw InputError(fmt::format("the cost has {}{}: it must be a sum of products of Z", letter, qubit));
    }
    values_[term.pauli.word().z] += term.weight;
  }
  walsh_hadamard(values_);
  finish();
}

void CostFunction::finish() {
  qubits_ = std::countr_zero(values_.size());
  for (std::size_t s = 0; s < values_.size(); ++s) {
    if (!std::isfinite(values_[s]))
      throw InputError(
          fmt::format("the cost of bit string {:0{}b} is {}: it must be finite", s, qubits_, values_[s]));
  }
  const auto [low, high] = std::ranges::minmax(values_);
  lowest_ = low;
  highest_ = high;
}

}  // namespace qupel
