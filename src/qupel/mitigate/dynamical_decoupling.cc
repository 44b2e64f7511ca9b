#include <fmt/format.h>

#include "qupel/base/error.h"
#include "qupel/mitigate/native_gates.h"
#include "qupel/mitigate/options.h"
#include "qupel/mitigate/records.h"
#include "qupel/noise/circuit_noise.h"

namespace qupel::mitigate {
namespace {

struct Pulse {
  char letter;
  bool backwards;
};
struct Sequence {
  std::string_view name;
  std::vector<Pulse> pulses;
};

const Sequence& sequence(std::size_t number) {
  static const Sequence all[] = {{"xx", {{'X', false}, {'X', false}}},
                                 {"xpxm", {{'X', false}, {'X', true}}},
                                 {"xy4", {{'X', false}, {'Y', false}, {'X', false}, {'Y', false}}}};
  return all[number];
}

/// Appends pulses, half a wait before the first and after the last and a whole one between two; a wait alone,
/// if they do not fit into the time. @param late the last pulse stands at the end instead: then a neighbour
/// whose pulses are not late is decoupled from this qubit, too
void add_sequence(const Sequence& sequence, bool late, int qubit, double time, const NoiseModel& noise,
                  Circuit& circuit) {
  double busy = 0;
  for (const auto& [letter, backwards] : sequence.pulses)
    busy += pauli_duration(letter, qubit, noise, backwards);
  const double wait = (time - busy) / static_cast<double>(sequence.pulses.size());
  if (!(wait > 0)) {
    circuit.delay(qubit, {time, Duration::Unit::us});
    return;
  }
  for (std::size_t i = 0; i < sequence.pulses.size(); ++i) {
    circuit.delay(qubit, {i == 0 && !late ? wait / 2 : wait, Duration::Unit::us});
    add_pauli(sequence.pulses[i].letter, qubit, noise, circuit, sequence.pulses[i].backwards);
  }
  if (!late) circuit.delay(qubit, {wait / 2, Duration::Unit::us});
}

class DynamicalDecoupling : public Mitigation {
 public:
  DynamicalDecoupling(const Sequence& sequence, bool staggered)
      : sequence_(sequence), staggered_(staggered) {}

  std::string_view name() const override { return "dd"; }
  Overhead overhead(const Job&) const override { return {}; }

  MitigationPlan plan(const Job& job, const RunJobs&) const override {
    MitigationPlan plan{{job}, [](std::span<const Estimate> results) { return results.front(); }};
    if (job.noise.empty() || !job.noise.source()->disturbs_waiting())
      return plan;  // nothing to decouple from
    const CircuitNoise noise(job.circuit, job.noise);
    auto& circuit = plan.jobs.front().circuit;
    circuit = job.circuit.without_operations();
    const auto operations = job.circuit.operations();
    for (std::size_t k = 0; k < operations.size(); ++k) {
      // As all waits are written out, gates keep their times without barriers, which would keep pulses apart.
      if (operations[k].spec->structure == Structure::barrier) continue;
      circuit.add(operations[k]);
      const auto waits = noise.waits_after(k);
      const auto event = gate_ended_by(operations[k]);
      for (std::size_t q = 0; q < waits.size(); ++q)
        if (waits[q] > 0)
          add_sequence(sequence_, staggered_ && event->qubits[q] % 2 == 1, event->qubits[q], waits[q],
                       job.noise, circuit);
    }
    circuit = in_time_order(circuit, job.noise);
    return plan;
  }

 private:
  const Sequence& sequence_;
  bool staggered_;
};

std::unique_ptr<Mitigation> make_dynamical_decoupling(std::string_view text) {
  const Options options("dd", text);
  options.require_known({"xx", "xpxm", "xy4", "staggered"});
  const bool staggered = options.has("staggered");
  if (options.all().size() > (staggered ? 2 : 1)) options.fail("one sequence of pulses at a time");
  std::size_t number = 1;
  for (std::size_t each = 0; each < 3; ++each)
    if (options.has(sequence(each).name)) number = each;
  return std::make_unique<DynamicalDecoupling>(sequence(number), staggered);
}

}  // namespace

const MitigationSpec dynamical_decoupling{
    .name = "dd",
    .summary = "pulses on waiting qubits, between which slow coherent errors cancel",
    .source =
        "Viola, Knill and Lloyd, Phys. Rev. Lett. 82, 2417 (1999); Ezzell et al., Phys. Rev. Applied 20, 064027 "
        "(2023), arXiv:2207.03670",
    .assumes =
        "waiting qubits suffer coherent errors (detuning, ZZ) that change slowly: relaxation it cannot undo, and "
        "its pulses have errors of their own",
    .options =
        "the pulses: \"xpxm\" (X and back), \"xx\" or \"xy4\"; \"xy4, staggered\": later on every second qubit, "
        "against ZZ between neighbours that wait together",
    .order = 11,
    .make = make_dynamical_decoupling};

}  // namespace qupel::mitigate
