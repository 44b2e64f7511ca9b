#include <map>

#include "qupel/base/random.h"
#include "qupel/mitigate/pauli_frame.h"
#include "qupel/mitigate/records.h"

namespace qupel::mitigate {
namespace {

class Twirling : public Mitigation {
 public:
  explicit Twirling(std::size_t circuits) : circuits_(circuits) {}

  std::string_view name() const override { return "twirl"; }

  /// What the circuits differ by is not stated: it depends on how much of the noise is coherent.
  Overhead overhead(const Job&) const override {
    return {static_cast<double>(circuits_), 1 / static_cast<double>(circuits_)};
  }

  MitigationPlan plan(const Job& job, const RunJobs&) const override {
    MitigationPlan plan{{}, mean_of_draws};
    for (std::size_t i = 0; i < circuits_; ++i)
      plan.jobs.push_back(twirled(job, derive(job.seed, {key_of("twirl"), i})));
    return plan;
  }

 private:
  static Job twirled(const Job& job, std::uint64_t seed) {
    Random random(seed);
    PauliFrame frame(job);
    std::map<const OpSpec*, std::vector<std::size_t>> known;
    for (const auto& operation : job.circuit.operations()) {
      const auto [found, fresh] = known.try_emplace(operation.spec);
      if (fresh) found->second = pauli_partners(*operation.spec);
      if (found->second.empty() || !operation.conditions.empty()) {
        frame.add(operation);
        continue;
      }
      const auto before = random.below(16);
      frame.insert(PauliString::of_index(before), operation.qubits);
      frame.add(operation);
      frame.insert(PauliString::of_index(found->second[before]), operation.qubits);
    }
    return std::move(frame).take(1);
  }

  std::size_t circuits_;
};

}  // namespace

const MitigationSpec twirling{
    .name = "twirl",
    .summary = "random Paulis around two-qubit Clifford gates turn their noise into Pauli noise",
    .source = "Wallman and Emerson, Phys. Rev. A 94, 052325 (2016), arXiv:1512.01098",
    .assumes =
        "nothing; it removes no noise, but makes coherent errors act like random ones, for which zne and pec "
        "are made",
    .options = "the number of circuits that are drawn: \"16\"",
    .order = 15,
    .make = [](std::string_view text) -> std::unique_ptr<Mitigation> {
      const Options options("twirl", text);
      options.require_known({""});
      return std::make_unique<Twirling>(circuits_drawn(options, "", 16));
    }};

}  // namespace qupel::mitigate
