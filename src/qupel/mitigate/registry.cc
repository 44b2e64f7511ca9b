#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "qupel/base/error.h"
#include "qupel/mitigate/records.h"

namespace qupel {
namespace {

// Circuits in place of one: more are neither held in memory nor run by anybody.
constexpr double most_circuits = 100'000;

/// Several techniques, one inside the other.
class Composed : public Mitigation {
 public:
  Composed(std::unique_ptr<Mitigation> outer, std::unique_ptr<Mitigation> inner)
      : name_(fmt::format("{}, {}", outer->name(), inner->name())),
        outer_(std::move(outer)),
        inner_(std::move(inner)) {}

  std::string_view name() const override { return name_; }

  /// The inner technique works on circuits with more noise, too; what it states is of the job itself.
  Overhead overhead(const Job& job) const override {
    const auto outside = outer_->overhead(job), inside = inner_->overhead(job);
    require_few(outside.circuits, inside.circuits, "in place of each");
    require_few(outside.learning_circuits, inside.circuits, "to learn from");
    return {.circuits = outside.circuits * inside.circuits,
            .variance = outside.variance * inside.variance,
            .drawn = outside.drawn + outside.variance * inside.drawn,
            .learning_circuits = outside.learning_circuits * inside.circuits +
                                 (outside.circuits + outside.learning_circuits) * inside.learning_circuits};
  }

  /// @throws InputError for too many circuits, before any is made
  MitigationPlan plan(const Job& job, const RunJobs& run) const override {
    (void)overhead(job);
    const auto run_mitigated = [&](std::span<const Job> learned_from) {
      std::vector<Estimate> estimates;
      for (const auto& each : learned_from) {
        const auto inside = inner_->plan(each, run);
        estimates.push_back(inside.combine(run(inside.jobs)));
      }
      return estimates;
    };
    auto outside = outer_->plan(job, run_mitigated);
    MitigationPlan all;
    std::vector<Part> parts;
    for (const auto& part : outside.jobs) {
      auto inside = inner_->plan(part, run);
      parts.push_back({inside.jobs.size(), std::move(inside.combine)});
      std::ranges::move(inside.jobs, std::back_inserter(all.jobs));
    }
    all.combine = [parts = std::move(parts),
                   combine = std::move(outside.combine)](std::span<const Estimate> results) {
      std::vector<Estimate> estimates;
      for (const auto& part : parts) {
        estimates.push_back(part.combine(results.first(part.jobs)));
        results = results.subspan(part.jobs);
      }
      return combine(estimates);
    };
    return all;
  }

 private:
  /// One job of the outer technique.
  struct Part {
    std::size_t jobs;
    std::function<Estimate(std::span<const Estimate>)> combine;
  };

  void require_few(double outside, double inside, std::string_view why) const {
    if (outside * inside <= most_circuits) return;
    throw InputError(fmt::format(
        "{} together take {:.6g} x {:.6g} = {:.6g} circuits {}, more than {:.6g}: leave one out, or give it fewer "
        "circuits, as in pec(20)",
        name_, outside, inside, outside * inside, why, most_circuits));
  }

  std::string name_;
  std::unique_ptr<Mitigation> outer_, inner_;
};

struct Named {
  const MitigationSpec* spec;
  std::string options;
};

Named named(const std::string& text) {
  const auto open = text.find('(');
  const auto name = text.substr(0, open);
  std::vector<std::string> known;
  for (const auto* spec : mitigations()) {
    if (spec->name == name) {
      if (open == std::string::npos) return {spec, ""};
      if (text.back() != ')') throw InputError(fmt::format("\"{}\": \")\" is missing at the end", text));
      return {spec, text.substr(open + 1, text.size() - open - 2)};
    }
    known.emplace_back(spec->name);
  }
  throw InputError(unknown_name(name, "an error mitigation", known));
}

}  // namespace

std::span<const MitigationSpec* const> mitigations() {
  static const std::array all{&mitigate::virtual_distillation,
                              &mitigate::symmetry_verification,
                              &mitigate::clifford_data_regression,
                              &mitigate::layerwise_richardson,
                              &mitigate::zero_noise_extrapolation,
                              &mitigate::dynamical_decoupling,
                              &mitigate::probabilistic_error_amplification,
                              &mitigate::twirling,
                              &mitigate::probabilistic_error_cancellation,
                              &mitigate::readout,
                              &mitigate::correlated_readout,
                              &mitigate::twirled_readout};
  return all;
}

std::unique_ptr<Mitigation> mitigation(std::span<const std::string> names) {
  std::vector<Named> wanted;
  for (const auto& name : names) {
    wanted.push_back(named(name));
    const auto& last = *wanted.back().spec;
    for (std::size_t i = 0; i + 1 < wanted.size(); ++i) {
      if (wanted[i].spec == &last)
        throw InputError(fmt::format("the error mitigation {} stands twice", last.name));
      if (!last.corrects.empty() && wanted[i].spec->corrects == last.corrects)
        throw InputError(fmt::format("{} and {} both correct {}: choose one", wanted[i].spec->name, last.name,
                                     last.corrects));
    }
  }
  std::ranges::stable_sort(wanted, {}, [](const Named& each) { return each.spec->order; });
  std::unique_ptr<Mitigation> made;
  for (auto each = wanted.rbegin(); each != wanted.rend(); ++each) {
    auto outer = each->spec->make(each->options);
    made = made ? std::make_unique<Composed>(std::move(outer), std::move(made)) : std::move(outer);
  }
  return made;
}

}  // namespace qupel
