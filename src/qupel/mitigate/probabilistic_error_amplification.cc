#include <fmt/format.h>

#include <cmath>

#include "qupel/base/random.h"
#include "qupel/mitigate/channel_power.h"
#include "qupel/mitigate/combining.h"
#include "qupel/mitigate/damping.h"
#include "qupel/mitigate/options.h"
#include "qupel/mitigate/pauli_frame.h"
#include "qupel/mitigate/records.h"

namespace qupel::mitigate {
namespace {

class ErrorAmplification : public Mitigation {
 public:
  ErrorAmplification(std::vector<double> factors, const Extrapolation& method, std::size_t circuits)
      : factors_(std::move(factors)), method_(method), circuits_(circuits) {}

  std::string_view name() const override { return "pea"; }

  Overhead overhead(const Job& job) const override {
    const auto by_value = weights(factors_, method_);
    const auto count = static_cast<double>(circuits_);
    const double kept = damping(job);
    Overhead overhead{.circuits = static_cast<double>(factors_.size()) * count, .variance = 0};
    for (std::size_t i = 0; i < factors_.size(); ++i) {
      const bool logarithms = method_.family == Extrapolation::Family::exponential;
      const double weight = by_value[i] * (logarithms ? std::pow(kept, -factors_[i]) : 1);
      overhead.variance += weight * weight / count;
      overhead.drawn += weight * weight * (std::pow(kept, 2) - std::pow(kept, 2 * factors_[i])) / count;
    }
    return overhead;
  }

  MitigationPlan plan(const Job& job, const RunJobs&) const override {
    MitigationPlan plan;
    const auto kept = kept_by_noise(job, "pea");
    std::vector<double> missed;  // by factor: the probability of an insertion, if none was drawn
    for (std::size_t f = 0; f < factors_.size(); ++f) {
      const auto added = power(kept, factors_[f] - 1);
      missed.push_back(add_drawn(job, added, circuits_, derive(job.seed, {key_of("pea"), f}), plan.jobs));
    }
    plan.combine = [factors = factors_, method = method_, circuits = circuits_, missed,
                    ranges = ranges_of(job.observables)](std::span<const Estimate> results) {
      std::vector<Estimate> means;
      for (std::size_t f = 0; f < factors.size(); ++f)
        means.push_back(mean_of_insertions(results.subspan(f * circuits, circuits), missed[f]));
      return combined(means, ranges, [&](auto values, auto errors, const Range& range) {
        return extrapolated(factors, values, errors, method, range);
      });
    };
    return plan;
  }

 private:
  std::vector<double> factors_;
  Extrapolation method_;
  std::size_t circuits_;
};

std::unique_ptr<Mitigation> make_probabilistic_error_amplification(std::string_view text) {
  const Options options("pea", text);
  options.require_known({"", "circuits", "linear", "exponential"});
  std::vector<double> factors{1, 2, 3};
  if (const auto* given = options.find("")) factors = given->numbers;
  for (std::size_t i = 0; i < factors.size(); ++i)
    if (!(factors[i] >= 1 && factors[i] <= 99) || (i > 0 && factors[i] <= factors[i - 1]))
      options.fail("noise factors are numbers from 1 to 99 and ascend, as in pea(1 2 3)");
  if (factors.size() < 2) options.fail("it needs 2 noise factors, as in pea(1 2 3)");
  if (options.has("linear") && options.has("exponential"))
    options.fail("there is one extrapolation; leave the other out");
  return std::make_unique<ErrorAmplification>(std::move(factors),
                                              options.has("linear") ? linear_fit : exponential_fit,
                                              circuits_drawn(options, "circuits", 32));
}

}  // namespace

const MitigationSpec probabilistic_error_amplification{
    .name = "pea",
    .summary = "adds noise like that of the device, drawn as Paulis, and extrapolates to none",
    .source = "Kim et al., Nature 618, 500 (2023); Li and Benjamin, Phys. Rev. X 7, 021050 (2017)",
    .assumes =
        "noise is known, and is what its Pauli part says; values decay with its strength as the extrapolation "
        "says",
    .options =
        "noise factors; the extrapolation (exponential, linear); circuits drawn for each factor: \"1 2 3, "
        "exponential, circuits 32\"",
    .order = 12,
    .make = make_probabilistic_error_amplification};

}  // namespace qupel::mitigate
