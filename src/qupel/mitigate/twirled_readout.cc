#include <fmt/format.h>

#include <cmath>
#include <map>

#include "qupel/base/error.h"
#include "qupel/base/random.h"
#include "qupel/mitigate/native_gates.h"
#include "qupel/mitigate/pauli_frame.h"
#include "qupel/mitigate/readout_overhead.h"
#include "qupel/mitigate/records.h"

namespace qupel::mitigate {
namespace {

/// Draw `number` of Paulis out of these letters. Four draws that follow each other have each of the letters
/// I, X, Y and Z on each qubit, so that what is misread one way in one is misread the other way in another.
PauliString any_paulis(int qubits, std::string_view letters, std::uint64_t seed, std::size_t number) {
  Random random(derive(seed, {number / 4}));
  PauliString paulis;
  for (int q = 0; q < qubits; ++q)
    paulis.set(q, letters[(random.below(letters.size()) + number % 4) % letters.size()]);
  return paulis;
}

/// The job with Paulis before its measurement, and the signs that they turn turned back.
Job twirled(const Job& job, const PauliString& paulis) {
  auto made = job;
  made.circuit = with_paulis_at_the_end(job.circuit, paulis, job.noise);
  for (auto& observable : made.observables)
    for (auto& term : observable.terms)
      if (!commute(term.pauli, paulis)) term.weight = -term.weight;
  return made;
}

PauliString support(const PauliString& string) {
  PauliString diagonal;
  for (const auto& [q, letter] : string.letters()) diagonal.set(q, 'Z');
  return diagonal;
}

class TwirledReadout : public Mitigation {
 public:
  explicit TwirledReadout(std::size_t circuits) : circuits_(circuits) {}

  std::string_view name() const override { return "trex"; }

  Overhead overhead(const Job& job) const override {
    const auto count = static_cast<double>(circuits_);
    return {.circuits = count, .variance = readout_variance(job) / count, .learning_circuits = count};
  }

  MitigationPlan plan(const Job& job, const RunJobs& run) const override {
    const auto kept = learn(job, run);
    auto undone = job;
    for (auto& observable : undone.observables)
      for (auto& term : observable.terms)
        if (!term.pauli.identity()) term.weight /= kept.at(support(term.pauli));
    MitigationPlan plan{{}, mean_of_draws};
    for (std::size_t i = 0; i < circuits_; ++i)
      plan.jobs.push_back(
          twirled(undone, any_paulis(job.circuit.qubits(), "IXYZ", derive(job.seed, {key_of("trex")}), i)));
    return plan;
  }

 private:
  /// What twirled reading leaves of products of Z: seen in |0...0>, where they are 1.
  std::map<PauliString, double> learn(const Job& job, const RunJobs& run) const {
    constexpr double least_kept = 0.01;
    std::map<PauliString, double> kept;
    for (const auto& observable : job.observables)
      for (const auto& term : observable.terms)
        if (!term.pauli.identity()) kept[support(term.pauli)] = 0;
    auto nothing = job;
    nothing.circuit = job.circuit.without_operations();
    nothing.observables.clear();
    for (const auto& [string, factor] : kept) nothing.observables.push_back({{{1, string}}});
    std::vector<Job> jobs;
    for (std::size_t i = 0; i < circuits_; ++i)
      jobs.push_back(twirled(
          nothing, any_paulis(job.circuit.qubits(), "IX", derive(job.seed, {key_of("trex learns")}), i)));
    const auto means = mean_of_draws(run(jobs));
    std::size_t next = 0;
    for (auto& [string, factor] : kept) {
      factor = means.values[next++];
      if (!(factor > least_kept))
        throw InputError(fmt::format(
            "trex: reading leaves {:.3g} of {}: too little; leave readout mitigation out, use other qubits, or "
            "more shots",
            factor, to_string(string)));
    }
    return kept;
  }

  std::size_t circuits_;
};

}  // namespace

const MitigationSpec twirled_readout{
    .name = "trex",
    .summary = "random flips before measuring make readout errors a factor, which is measured and divided by",
    .source = "van den Berg, Minev and Temme, Phys. Rev. A 105, 032620 (2022), arXiv:2012.09738",
    .assumes =
        "nothing about how readout errors depend on each other; flips without errors; errors of the measured "
        "factor are not in the standard error",
    .options =
        "the number of circuits that are drawn, a multiple of 4, and of those from which the factor is learned: \"16\"",
    .order = 30,
    .corrects = "readout",
    .make = [](std::string_view text) -> std::unique_ptr<Mitigation> {
      const Options options("trex", text);
      options.require_known({""});
      const auto circuits = circuits_drawn(options, "", 16);
      if (circuits % 4 != 0) options.fail("the number of circuits is a multiple of 4, so that flips balance");
      return std::make_unique<TwirledReadout>(circuits);
    }};

}  // namespace qupel::mitigate
