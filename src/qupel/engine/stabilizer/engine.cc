#include <fmt/format.h>

#include <cmath>

#include "qupel/base/usable_memory.h"
#include "qupel/engine/engines.h"
#include "qupel/engine/moments.h"
#include "qupel/engine/stabilizer/walks.h"

namespace qupel {
namespace {

// Of one thread. A gate multiplies a few rows of the tableau; a row of 64 qubits is a word of each mask.
constexpr double setup_seconds = 1e-3, gate_seconds = 1e-6, word_seconds = 4e-9;

double total_terms(const Job& job) {
  double terms = 0;
  for (std::size_t o = 0; o < job.observables.size(); ++o) {
    const auto count = static_cast<double>(job.observables[o].terms.size());
    terms += o < job.variances ? count + count * count / 2 : count;
  }
  return terms;
}

class StabilizerEngine : public Engine {
 public:
  std::string_view name() const override { return "stabilizer"; }
  std::string_view summary() const override {
    return "circuits of Clifford gates (h, s, cx, ...) on any number of qubits, as a table of Pauli "
           "operators";
  }

  Capabilities supports() const override { return {Ability::exact, Ability::feedback}; }

  Forecast predict(const Job& job) const override {
    constexpr int most_counted_qubits = 64;
    const double qubits = job.circuit.qubits(), words = std::ceil(qubits / 64);
    Forecast result;
    result.bytes = 4 * qubits * words * 8;
    result.refusal = memory_refusal(result.bytes);
    if (!result.refusal.empty()) return result;
    if (const auto other = stabilizer::Program::other_gate(job.circuit); !other.empty()) {
      result.refusal = fmt::format("it runs Clifford gates only, and there is {}", other);
      return result;
    }
    const bool unitary = job.circuit.unitary();
    if (!unitary && !job.observables.empty()) {
      result.refusal =
          "it computes no expectation values of circuits that measure or reset before their end: ask for shots";
      return result;
    }
    if (job.shots > 0 && job.readout.empty() && qubits > most_counted_qubits) {
      result.refusal = fmt::format("shots of more than {} qubits are counted by classical bits: measure some",
                                   most_counted_qubits);
      return result;
    }
    const auto gates = static_cast<double>(job.circuit.operations().size());
    const double run = gates * (gate_seconds + 8 * words * word_seconds);
    const auto shots = static_cast<double>(job.shots);
    const double readout = qubits * qubits * words * word_seconds;
    result.seconds = setup_seconds + run + total_terms(job) * qubits * words * word_seconds;
    if (job.shots > 0) result.seconds += readout + shots * qubits * word_seconds;
    if (job.shots > 0 && !unitary) result.seconds += shots * (run + readout);
    result.how = fmt::format("a table of {} by {} bits", 2 * qubits, 2 * qubits);
    return result;
  }

  Outcome run(const Job& job) const override {
    Outcome outcome;
    if (job.shots > 0) outcome = stabilizer::counts(job);
    if (job.observables.empty()) return outcome;
    const auto state = stabilizer::final_state(job.circuit);
    const auto expectation = [&](const Observable& observable) {
      double sum = 0;
      for (const auto& [weight, pauli] : observable.terms) sum += weight * state.expectation(pauli);
      return sum;
    };
    for (const auto& observable : job.observables) {
      outcome.expectations.push_back(expectation(observable));
      if (outcome.variances.size() == job.variances) continue;
      const double mean = outcome.expectations.back();
      outcome.variances.push_back(Moments{mean, expectation(squared(observable))}.variance());
    }
    return outcome;
  }
};

}  // namespace

const Engine& stabilizer_engine() {
  static const StabilizerEngine engine;
  return engine;
}

}  // namespace qupel
