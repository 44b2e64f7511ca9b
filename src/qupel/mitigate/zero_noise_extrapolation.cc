#include <fmt/format.h>

#include <cmath>
#include <optional>

#include "qupel/base/error.h"
#include "qupel/mitigate/combining.h"
#include "qupel/mitigate/damping.h"
#include "qupel/mitigate/folding.h"
#include "qupel/mitigate/options.h"
#include "qupel/mitigate/records.h"

namespace qupel::mitigate {
namespace {

constexpr double most_noise = 99;

/// Giurgica-Tiron et al., section V: for a decay exp(-rate factor) measured at 1 and at one other factor, the
/// error of the continued value is least where (factor - 1) rate = 1.27846.
std::vector<double> adapted_scales(const Job& job) {
  constexpr double best = 1.27846, largest = 9;
  const double rate = -std::log(damping(job));
  return {1, rate > best / (largest - 1) ? std::max(1.5, 1 + best / rate) : largest};
}

class ZeroNoise : public Mitigation {
 public:
  /// @param scales none: adapted to the noise of each job
  ZeroNoise(std::vector<double> scales, const Extrapolation& method, Folding folding)
      : scales_(std::move(scales)), method_(method), folding_(folding) {}

  std::string_view name() const override { return "zne"; }

  Overhead overhead(const Job& job) const override {
    std::vector<double> reached;
    for (const auto& made : all_folded(job)) reached.push_back(made.scale);
    return {.circuits = static_cast<double>(reached.size()), .variance = variance_of(job, reached)};
  }

  MitigationPlan plan(const Job& job, const RunJobs&) const override {
    MitigationPlan plan;
    std::vector<double> reached;
    for (auto& made : all_folded(job)) {
      plan.jobs.push_back(job);
      plan.jobs.back().circuit = std::move(made.circuit);
      reached.push_back(made.scale);
    }
    plan.combine = [scales = std::move(reached), method = method_,
                    ranges = ranges_of(job.observables)](std::span<const Estimate> results) {
      return combined(results, ranges, [&](auto values, auto errors, const Range& range) {
        return extrapolated(scales, values, errors, method, range);
      });
    };
    return plan;
  }

 private:
  std::vector<Folded> all_folded(const Job& job) const {
    std::vector<Folded> all;
    for (const double scale : scales_.empty() ? adapted_scales(job) : scales_) {
      auto made = folded(job.circuit, scale, folding_, job.noise);
      if (all.empty() || made.scale > all.back().scale) all.push_back(std::move(made));
    }
    return all;
  }

  /// An exponential is linear in logarithms, whose errors grow as values decay.
  double variance_of(const Job& job, std::span<const double> scales) const {
    const auto by_value = weights(scales, method_);
    const double kept = method_.family == Extrapolation::Family::exponential ? damping(job) : 1;
    double variance = 0;
    for (std::size_t i = 0; i < scales.size(); ++i)
      variance += std::pow(by_value[i] * std::pow(kept, -scales[i]), 2);
    return variance;
  }

  std::vector<double> scales_;
  Extrapolation method_;
  Folding folding_;
};

std::vector<double> read_scales(const Options& options) {
  const auto* given = options.find("");
  if (given == nullptr) return {1, 3, 5};
  for (std::size_t i = 0; i < given->numbers.size(); ++i) {
    if (!(given->numbers[i] >= 1 && given->numbers[i] <= most_noise))
      options.fail(fmt::format("noise factors are numbers from 1 to {}, as in zne(1 3 5)", most_noise));
    if (i > 0 && given->numbers[i] <= given->numbers[i - 1]) options.fail("noise factors must ascend");
  }
  return given->numbers;
}

std::optional<Folding> folding_named(std::string_view name) {
  if (name == "local") return Folding::local;
  if (name == "global") return Folding::global;
  if (name == "layer") return Folding::layer;
  if (name == "identity") return Folding::identity;
  return std::nullopt;
}

/// @throws InputError for a number where none belongs, or a degree out of range
Extrapolation extrapolation_of(const Option& option, const Options& options) {
  const bool of_degree = option.name == "polynomial" || option.name == "poly-exponential";
  if (!of_degree && !option.numbers.empty()) options.fail(option.name + " takes no number");
  const auto degree =
      option.numbers.empty()
          ? 2
          : static_cast<int>(options.whole(option.name, 2, 1, 8, "the degree of " + option.name));
  if (option.name == "linear") return linear_fit;
  if (option.name == "richardson") return richardson;
  if (option.name == "quadratic" || option.name == "polynomial")
    return {Extrapolation::Family::polynomial, degree};
  return option.name == "poly-exponential" ? Extrapolation{Extrapolation::Family::exponential, degree}
                                           : exponential_fit;
}

std::unique_ptr<Mitigation> make_zero_noise_extrapolation(std::string_view text) {
  const Options options("zne", text);
  options.require_known({"", "linear", "quadratic", "polynomial", "richardson", "exponential",
                         "poly-exponential", "adaptive", "local", "global", "layer", "identity"});
  std::optional<Extrapolation> method;
  std::optional<Folding> folding;
  for (const auto& option : options.all()) {
    if (option.name.empty()) continue;
    if (const auto found = folding_named(option.name)) {
      if (folding) options.fail("it folds in one way: local, global, layer or identity");
      folding = found;
    } else {
      if (method) options.fail("there is one extrapolation; leave the others out");
      method = extrapolation_of(option, options);
    }
  }
  auto scales = read_scales(options);
  if (options.has("adaptive")) {
    if (options.has("")) options.fail("adaptive chooses its noise factors itself; leave them out");
    scales.clear();
  } else if (const auto least = least_factors(method.value_or(linear_fit)); scales.size() < least) {
    options.fail(fmt::format("this extrapolation needs {} noise factors, not {}", least, scales.size()));
  }
  return std::make_unique<ZeroNoise>(std::move(scales), method.value_or(linear_fit),
                                     folding.value_or(Folding::local));
}

}  // namespace

const MitigationSpec zero_noise_extrapolation{
    .name = "zne",
    .summary = "runs circuits with more noise, made by folding two-qubit gates, and extrapolates to none",
    .source =
        "Temme, Bravyi and Gambetta, Phys. Rev. Lett. 119, 180509 (2017); Giurgica-Tiron et al. 2020, "
        "arXiv:2005.10921",
    .assumes =
        "noise grows with the number of two-qubit gates as the extrapolation says; a value that is not to be "
        "believed (not finite, a standard error above 1 and above half the width of its range, or more than "
        "three standard errors out of range) gives way to the straight line, then to the value without "
        "mitigation",
    .options =
        "noise factors; the extrapolation (linear, quadratic, polynomial 3, richardson, exponential, "
        "poly-exponential 2, adaptive: two factors chosen by the noise); what is folded (local, global, layer, "
        "identity): \"1 3 5, linear, local\"",
    .order = 10,
    .make = make_zero_noise_extrapolation};

}  // namespace qupel::mitigate
