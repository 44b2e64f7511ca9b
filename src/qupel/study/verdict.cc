#include "qupel/study/verdict.h"

#include <fmt/format.h>

#include <algorithm>

#include "qupel/base/error.h"
#include "qupel/baseline/contenders.h"
#include "qupel/study/sample.h"
#include "qupel/study/statistics.h"

namespace qupel {
namespace {

constexpr double certain = 0.95, significant = 0.05;
/// Below this chance of a gain the quantum model is dismissed: staying with the cheaper model needs less
/// proof.
constexpr double dismissed = 0.10;
/// Repeats that stand for as many as one likes.
constexpr std::size_t unbounded = 1'000'000;

Verdict judge(double p_better, double p_equivalent, double p_worse, double p_holm) {
  if (p_better >= certain && p_holm < significant) return Verdict::quantum_better;
  if (p_better > dismissed) return Verdict::inconclusive;
  return p_worse >= p_equivalent ? Verdict::classical_better : Verdict::equivalent;
}

/// The ratio of the posterior's variance that no number of repeats removes.
double floor_ratio(double folds) { return 1 / (folds - 1); }
/// The same of the t-test.
double guarded_ratio(double folds) { return floor_ratio(folds) + overlap_allowance; }

/// What a comparison would say after more repeats with the same mean and variance of the differences.
class Projection {
 public:
  explicit Projection(const Comparison& comparison)
      : seen_(sample(comparison.differences)),
        folds_(static_cast<double>(comparison.differences.size()) / comparison.repeats),
        repeats_(comparison.repeats) {}

  Posterior posterior(std::size_t more) const { return after(more, floor_ratio(folds_)); }
  double p_value(std::size_t more) const {
    const double below = after(more, guarded_ratio(folds_)).below(0);
    return 2 * std::min(below, 1 - below);
  }

 private:
  /// The mean's distribution with variance (1/n + ratio) var(d): of the posterior, and mirrored of the
  /// t-test.
  Posterior after(std::size_t more, double ratio) const {
    if (folds_ < 2) return {.location = seen_.mean, .scale2 = 0, .degrees = 0};
    const double n = folds_ * (repeats_ + static_cast<double>(more));
    return {.location = seen_.mean, .scale2 = seen_.variance * (1 / n + ratio), .degrees = n - 1};
  }

  Sample seen_;
  double folds_, repeats_;
};

/// The verdict on one member of the family if all members had `more` repeats.
Verdict projected_verdict(std::span<const Projection> family, std::size_t member, double rope,
                          std::size_t more) {
  std::vector<double> p_values;
  for (const auto& projection : family) p_values.push_back(projection.p_value(more));
  const auto p = region_probabilities(family[member].posterior(more), rope);
  return judge(p.better, p.equivalent, p.worse, holm(p_values)[member]);
}

/// The fewest repeats that decide; 0 if none do. More repeats only sharpen the posterior, so bisection finds
/// them.
std::size_t repeats_needed(std::span<const Projection> family, std::size_t member, double rope) {
  const auto decided = [&](std::size_t more) {
    return projected_verdict(family, member, rope, more) != Verdict::inconclusive;
  };
  if (!decided(unbounded)) return 0;
  std::size_t low = 0, high = unbounded;  // undecided, decided
  while (high - low > 1) {
    const auto middle = low + (high - low) / 2;
    (decided(middle) ? high : low) = middle;
  }
  return high;
}

void decide_family(const std::vector<Comparison*>& family, double rope) {
  std::vector<double> p_values;
  std::vector<Projection> projections;
  for (const auto* comparison : family) {
    p_values.push_back(comparison->p_value);
    projections.emplace_back(*comparison);
  }
  const auto adjusted = holm(p_values);
  for (std::size_t i = 0; i < family.size(); ++i) {
    auto& c = *family[i];
    c.p_holm = adjusted[i];
    c.verdict = judge(c.p_better, c.p_equivalent, c.p_worse, c.p_holm);
    c.repeats_needed = c.verdict == Verdict::inconclusive ? repeats_needed(projections, i, rope) : 0;
  }
}

}  // namespace

Comparison compare(std::string contender, std::string against, std::string metric,
                   std::vector<double> differences, int repeats, double rope) {
  const auto n = differences.size();
  if (repeats < 1 || n == 0 || n % static_cast<std::size_t>(repeats) != 0)
    throw InputError(
        fmt::format("{} differences of {} against {} do not make {} repeats of equally many folds", n,
                    contender, against, repeats));
  const auto runs = static_cast<std::size_t>(repeats), folds = n / runs;
  const auto posterior = bayesian_correlated_t(differences, runs);
  const auto p = region_probabilities(posterior, rope);
  Comparison result;
  result.contender = std::move(contender);
  result.against = std::move(against);
  result.metric = std::move(metric);
  result.difference = posterior.location;
  result.low = std::clamp(posterior.quantile(0.025), -1.0, 1.0);
  result.high = std::clamp(posterior.quantile(0.975), -1.0, 1.0);
  result.p_worse = p.worse;
  result.p_equivalent = p.equivalent;
  result.p_better = p.better;
  if (folds > 1)
    result.p_value = corrected_resampled_t(differences, guarded_ratio(static_cast<double>(folds))).p_value;
  result.p_holm = result.p_value;
  result.repeats = repeats;
  result.differences = std::move(differences);
  return result;
}

void decide(std::span<Comparison> comparisons, double rope) {
  std::vector<Comparison*> family;
  for (auto& comparison : comparisons) {
    if (comparison.decides)
      family.push_back(&comparison);
    else
      decide_family({&comparison}, rope);
  }
  decide_family(family, rope);
}

bool learned(std::span<const Comparison> comparisons, std::string_view side) {
  const auto found = std::ranges::find_if(comparisons, [&](const Comparison& c) {
    return c.contender == side && c.against == floor_contender().name;
  });
  return found == comparisons.end() || found->verdict == Verdict::quantum_better;
}

bool nothing_learned(std::span<const Comparison> comparisons, const Comparison& comparison) {
  return !learned(comparisons, comparison.contender) && !learned(comparisons, comparison.against);
}

}  // namespace qupel
