#include "qupel/engine/stabilizer/walks.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <map>

#include "qupel/base/error.h"
#include "qupel/base/interrupt.h"
#include "qupel/base/random.h"
#include "qupel/engine/binomial.h"
#include "qupel/engine/stabilizer/outcomes.h"

namespace qupel::stabilizer {
namespace {

// Shots that went the same way so far: first .. first + count - 1 of all.
struct Crowd {
  Tableau tableau;
  std::vector<bool> bits;
  std::uint64_t first = 0, count = 0;
};

class Walk {
 public:
  using Arrived = std::function<void(const Crowd&)>;
  Walk(const Program& program, std::uint64_t seed, Arrived arrived)
      : steps_(program.steps()), seed_(seed), arrived_(std::move(arrived)) {}

  void run(Crowd crowd, std::size_t step = 0) const {
    for (; step < steps_.size(); ++step) {
      const auto& [operation, gate] = steps_[step];
      const bool happens = std::ranges::all_of(
          operation->conditions, [&](const Condition& condition) { return condition.holds(crowd.bits); });
      if (!happens) continue;
      if (gate != nullptr)
        crowd.tableau.apply(*gate, operation->qubits);
      else if (operation->spec->classical())
        write(crowd, operation->spec->structure == Structure::set, *operation);
      else if (!operation->spec->idle())
        measure(crowd, step);
    }
    arrived_(crowd);
  }

 private:
  static void write(Crowd& crowd, bool value, const Operation& operation) {
    crowd.bits[static_cast<std::size_t>(operation.bits[0])] = value;
  }

  static void finish(Crowd& crowd, bool one, const Operation& operation) {
    if (operation.spec->structure == Structure::measure)
      write(crowd, one, operation);
    else if (one)
      crowd.tableau.flip(operation.qubits[0]);
  }

  // Also a reset, which is a measurement that nobody hears of, and a flip of 1.
  void measure(Crowd& crowd, std::size_t step) const {
    check_interrupt();
    const auto& operation = *steps_[step].operation;
    const int qubit = operation.qubits[0];
    if (crowd.tableau.certain(qubit)) return finish(crowd, crowd.tableau.value(qubit), operation);
    Random random(derive(seed_, {key_of("way"), step, crowd.first}));
    const auto ones = binomial(random, crowd.count, 0.5);
    const bool one = ones == crowd.count;  // of those who go on here
    if (ones > 0 && !one) {
      Crowd other{crowd.tableau, crowd.bits, crowd.first + crowd.count - ones, ones};
      crowd.count -= ones;
      other.tableau.collapse(qubit, true);
      finish(other, true, operation);
      run(std::move(other), step + 1);
    }
    crowd.tableau.collapse(qubit, one);
    finish(crowd, one, operation);
  }

  std::span<const Program::Step> steps_;
  std::uint64_t seed_;
  Arrived arrived_;
};

// The qubits that are measured at the end: of the readout, or all.
std::vector<int> measured_qubits(const Job& job) {
  std::vector<int> qubits;
  for (const auto& bit : job.readout)
    if (bit.from == FinalBit::From::qubit) qubits.push_back(bit.qubit);
  for (int q = 0; job.readout.empty() && q < job.circuit.qubits(); ++q) qubits.push_back(q);
  return qubits;
}

// The classical bits at the end, bit 0 last. @param measured those of measured_qubits()
std::string text_of(std::span<const FinalBit> readout, const std::vector<bool>& written,
                    const Bits& measured) {
  std::string text(readout.size(), '0');
  std::size_t next = 0;
  for (std::size_t k = 0; k < readout.size(); ++k) {
    const auto& bit = readout[k];
    const bool one = bit.from == FinalBit::From::qubit  ? bit_of(measured, next++)
                     : bit.from == FinalBit::From::body ? written[k]
                                                        : bit.value;
    if (one) text[readout.size() - 1 - k] = '1';
  }
  return text;
}

}  // namespace

Program::Program(const Circuit& circuit) {
  for (const auto& operation : circuit.operations()) {
    const Clifford* gate = operation.spec->gate() ? gates_.find(operation) : nullptr;
    if (operation.spec->gate() && gate == nullptr)
      throw InputError(fmt::format("{} on qubits {} is no Clifford gate", operation.spec->name,
                                   fmt::join(operation.qubits, ", ")));
    steps_.push_back({&operation, gate});
  }
}

std::string Program::other_gate(const Circuit& circuit) {
  CliffordGates gates;
  for (const auto& operation : circuit.operations())
    if (operation.spec->gate() && gates.find(operation) == nullptr)
      return fmt::format("{} on qubit{} {}", operation.spec->name, operation.qubits.size() == 1 ? "" : "s",
                         fmt::join(operation.qubits, ", "));
  return "";
}

Outcome counts(const Job& job) {
  const Program program(job.circuit);
  const auto qubits = measured_qubits(job);
  Outcome outcome;
  std::map<std::uint64_t, std::uint64_t> by_basis;
  const Walk walk(program, derive(job.seed, {key_of("shots")}), [&](const Crowd& crowd) {
    const Outcomes outcomes(crowd.tableau, qubits);
    outcomes.draw(crowd.count, derive(job.seed, {key_of("end"), crowd.first}),
                  [&](const Bits& bits, std::uint64_t count) {
                    check_interrupt();
                    if (job.readout.empty())
                      by_basis[bits[0]] += count;
                    else
                      outcome.bit_counts[text_of(job.readout, crowd.bits, bits)] += count;
                  });
  });
  walk.run({Tableau(job.circuit.qubits()), std::vector<bool>(static_cast<std::size_t>(job.circuit.bits())), 0,
            job.shots});
  outcome.counts.assign(by_basis.begin(), by_basis.end());
  return outcome;
}

Tableau final_state(const Circuit& circuit) {
  const Program program(circuit);
  Tableau tableau(circuit.qubits());
  for (const auto& [operation, gate] : program.steps())
    if (gate != nullptr) tableau.apply(*gate, operation->qubits);
  return tableau;
}

}  // namespace qupel::stabilizer
