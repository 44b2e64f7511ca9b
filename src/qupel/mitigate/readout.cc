#include <fmt/format.h>

#include <cmath>

#include "qupel/base/error.h"
#include "qupel/mitigate/options.h"
#include "qupel/mitigate/readout_overhead.h"
#include "qupel/mitigate/records.h"

namespace qupel::mitigate {
namespace {

/// As if readout were perfect. A letter P that is read with errors p1 of |0> and p0 of |1> averages to
/// (1 - p1 - p0) P + (p0 - p1); here the sum that averages to P is put in its place, letter by letter.
Observable unfolded(const Observable& observable, const NoiseModel& noise) {
  constexpr std::size_t most_terms = std::size_t{1} << 20;
  constexpr double least_contrast = 0.01;
  std::vector<Observable::Term> all;
  for (const auto& term : observable.terms) {
    std::vector<Observable::Term> parts{{term.weight, {}}};
    for (const auto& [qubit, letter] : term.pauli.letters()) {
      const auto error = noise.readout(qubit);
      const double kept = 1 - error.one_for_zero - error.zero_for_one;
      const double shift = error.zero_for_one - error.one_for_zero;
      if (std::abs(kept) < least_contrast)
        throw InputError(fmt::format(
            "readout of qubit {} tells |0> from |1> with a contrast of {:.3g}: no inverse; leave readout "
            "mitigation out or use another qubit",
            qubit, kept));
      for (std::size_t k = 0, size = parts.size(); k < size; ++k) {
        if (shift != 0) parts.push_back({-parts[k].weight * shift / kept, parts[k].pauli});
        parts[k].weight /= kept;
        parts[k].pauli.set(qubit, letter);
      }
    }
    all.insert(all.end(), parts.begin(), parts.end());
    if (all.size() > most_terms)
      throw InputError(fmt::format("readout mitigation of {} terms needs more than {}",
                                   observable.terms.size(), most_terms));
  }
  return collected(all);
}

class Readout : public Mitigation {
 public:
  std::string_view name() const override { return "readout"; }

  Overhead overhead(const Job& job) const override { return {.variance = readout_variance(job)}; }

  MitigationPlan plan(const Job& job, const RunJobs&) const override {
    MitigationPlan plan{{job}, [](std::span<const Estimate> results) { return results.front(); }};
    for (auto& observable : plan.jobs.front().observables) observable = unfolded(observable, job.noise);
    return plan;
  }
};

}  // namespace

const MitigationSpec readout{
    .name = "readout",
    .summary = "inverts each qubit's confusion matrix, as the calibration states it",
    .source = "Bravyi et al., Phys. Rev. A 103, 042605 (2021), arXiv:2006.14044, section II",
    .assumes = "readout errors of qubits are independent, and as they were when the device was calibrated",
    .options = "",
    .order = 30,
    .corrects = "readout",
    .make = [](std::string_view text) -> std::unique_ptr<Mitigation> {
      Options("readout", text).require_known({});
      return std::make_unique<Readout>();
    }};

}  // namespace qupel::mitigate
