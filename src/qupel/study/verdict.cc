#include "qupel/study/verdict.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "qupel/base/error.h"
#include "qupel/study/sample.h"

namespace qupel {
namespace {

/// Repeats and rows that stand for as many as one likes.
constexpr std::size_t unbounded_repeats = 1'000'000;
constexpr double most_rows = 10;  // times the rows: beyond that the estimate misleads

double folds_of(std::span<const double> differences, const Design& design) {
  return static_cast<double>(differences.size()) / design.repeats;
}

/// The least variance of a fold's difference: what follows from counting rows alone or, where it is not known
/// of how many rows a score is made, what one more difference of 0 would add. Equal differences are few
/// coarse scores, and no certainty.
double least_variance(std::span<const double> differences, const Design& design) {
  if (design.test_rows <= 0) {
    const double mean = sample(differences).mean;
    return mean * mean / static_cast<double>(differences.size() + 1);
  }
  double size = 0;
  for (const double d : differences) size += std::abs(d) / static_cast<double>(differences.size());
  const double rows = design.test_rows * folds_of(differences, design);
  const double share = std::min(0.5, (size * rows + 1) / (rows + 2));
  return share * (1 - share) / design.test_rows;
}

Posterior by_folds(const Comparison& c, const Design& design, double repeats, double row_factor) {
  const auto seen = sample(c.differences);
  const double folds = folds_of(c.differences, design);
  const double variance = std::max(seen.variance, least_variance(c.differences, design)) / row_factor;
  const double shared =
      design.independent ? shared_variance(design.overlap) : 1 / (folds - 1) + overlap_allowance;
  return mean_of_resplits(seen.mean, variance, folds * repeats, shared);
}

Posterior by_rows(const Comparison& c, const Design& design, double repeats, double row_factor) {
  const auto& spread = c.spread;
  const double folds = folds_of(c.differences, design);
  const double rows = std::max(spread.rows - spread.within / design.repeats + spread.within / repeats,
                               spread.grain * spread.grain / (spread.count - 1));
  const double sampling = (rows + (folds + 1) / 2 * spread.within) / spread.count;
  const double fits = spread.fits * design.repeats / repeats, all = sampling + fits;
  const double degrees =
      all * all /
      (sampling * sampling / (spread.count - 1) + fits * fits / std::max(1.0, folds * repeats - 1));
  return {
      .location = sample(c.differences).mean, .scale2 = all / row_factor, .degrees = degrees * row_factor};
}

double two_sided(const Posterior& mean) {
  if (mean.degrees == 0) return 1;
  const double below = mean.below(0);
  return 2 * std::min(below, 1 - below);
}

/// What a family knows of each of its members, after Holm.
struct Judged {
  std::vector<Probabilities> probabilities;
  std::vector<double> p_values;  ///< of no difference, two-sided: one by one
  std::vector<double> p_holm;    ///< and after Holm
  std::vector<double> no_lead;   ///< P(difference <= rope)
};

Judged judged(std::span<Comparison* const> members, const Design& design, std::size_t more_repeats,
              double row_factor) {
  Judged found;
  std::vector<double> no_lead;
  for (const auto* c : members) {
    const auto mean = mean_difference(*c, design, more_repeats, row_factor);
    found.probabilities.push_back(region_probabilities(mean, design.rope));
    found.p_values.push_back(two_sided(mean));
    no_lead.push_back(std::min(1.0, 1 - found.probabilities.back().better));
  }
  found.p_holm = holm(found.p_values);
  found.no_lead = holm(no_lead);
  return found;
}

Verdict judge(const Judged& family, std::size_t member, const Levels& levels) {
  const double certain = 1 - levels.claim;
  const auto& p = family.probabilities[member];
  if (family.no_lead[member] <= levels.claim && family.p_holm[member] < levels.test)
    return Verdict::quantum_better;
  if (p.worse >= certain && family.p_values[member] < levels.claim) return Verdict::classical_better;
  if (p.equivalent >= certain) return Verdict::equivalent;
  return p.better <= levels.claim ? Verdict::no_advantage : Verdict::inconclusive;
}

/// A family of comparisons, and what would be said of its members if there were more repeats or rows.
class FamilyOfTests {
 public:
  FamilyOfTests(std::vector<Comparison*> members, const Design& design)
      : members_(std::move(members)), design_(design) {}

  void decide() {
    const auto now = judged(members_, design_, 0, 1);
    for (std::size_t i = 0; i < members_.size(); ++i) {
      auto& c = *members_[i];
      c.p_holm = now.p_holm[i];
      c.verdict = judge(now, i, levels_of(design_.look));
      c.repeats_needed = c.verdict == Verdict::inconclusive ? repeats_needed(i) : 0;
      c.rows_needed = c.verdict == Verdict::inconclusive ? rows_needed(i) : 0;
    }
  }

 private:
  bool decided(std::size_t member, std::size_t more_repeats, double row_factor, int look) const {
    return judge(judged(members_, design_, more_repeats, row_factor), member, levels_of(look)) !=
           Verdict::inconclusive;
  }

  /// More repeats only sharpen the mean, so bisection finds the fewest that decide as the next look.
  std::size_t repeats_needed(std::size_t member) const {
    const int next = design_.look + 1;
    if (!decided(member, unbounded_repeats, 1, next)) return 0;
    std::size_t low = 0, high = unbounded_repeats;  // undecided, decided
    while (high - low > 1) {
      const auto middle = low + (high - low) / 2;
      (decided(member, middle, 1, next) ? high : low) = middle;
    }
    return high;
  }

  /// New rows are a new study: its first look.
  std::size_t rows_needed(std::size_t member) const {
    if (design_.rows == 0 || !decided(member, 0, most_rows, 1)) return 0;
    double low = 1, high = most_rows;
    while (high > 1.005 * low) {
      const double middle = std::sqrt(low * high);
      (decided(member, 0, middle, 1) ? high : low) = middle;
    }
    return static_cast<std::size_t>(std::ceil(high * static_cast<double>(design_.rows)));
  }

  std::vector<Comparison*> members_;
  const Design& design_;
};

}  // namespace

Levels levels_of(int look) {
  return look <= 1 ? Levels{.test = 0.04, .claim = 0.05} : Levels{.test = 0.02, .claim = 0.025};
}

Spread spread_of(const Matrix<double>& right, const Matrix<double>& weights, std::span<const int> group,
                 std::span<const std::size_t> equals, std::span<const double> differences, double grain) {
  const auto count = static_cast<double>(right.rows()), repeats = static_cast<double>(right.columns());
  const double folds = static_cast<double>(differences.size()) / repeats;
  std::map<int, std::pair<double, double>> groups;  // sum and number of differences
  for (std::size_t i = 0; i < right.rows(); ++i)
    for (const double r : right.row(i)) groups[group[i]].first += r, groups[group[i]].second += 1;

  double square = 0;                                // mean of e^2, row by row
  std::map<std::size_t, std::vector<double>> sums;  // of e, by set of equal rows and repeat
  for (std::size_t i = 0; i < right.rows(); ++i) {
    const auto& [sum, number] = groups[group[i]];
    auto& of_set = sums[equals[i]];
    of_set.resize(right.columns());
    for (std::size_t t = 0; t < right.columns(); ++t) {
      const double e = weights(i, t) * (right(i, t) - sum / number);
      square += e * e / (count * repeats);
      of_set[t] += e;
    }
  }
  Spread spread{.rows = 0,
                .within = 0,
                .fits = 0,
                .count = count,
                .distinct = static_cast<double>(sums.size()),
                .grain = grain};
  double squared_means = 0;
  for (const auto& [set, e] : sums) {
    const auto seen = sample(e);
    squared_means += seen.mean * seen.mean;
    spread.within += (e.size() > 1 ? seen.variance : seen.mean * seen.mean / std::sqrt(folds)) / count;
  }
  spread.rows = std::max(squared_means, grain * grain) / (count - 1);
  double between = 0;
  const auto k = static_cast<std::size_t>(folds);
  for (std::size_t t = 0; t < right.columns(); ++t)
    between += sample(differences.subspan(t * k, k)).variance / repeats;
  spread.fits = std::max(0.0, between - square * folds / count) / (folds * repeats);
  return spread;
}

Posterior mean_difference(const Comparison& c, const Design& design, std::size_t more_repeats,
                          double row_factor) {
  if (design.complete) return {.location = sample(c.differences).mean, .scale2 = 0, .degrees = 1};
  if (c.differences.size() < 2 || folds_of(c.differences, design) < 2)
    return {.location = sample(c.differences).mean, .scale2 = 0, .degrees = 0};
  const double repeats = design.repeats + static_cast<double>(more_repeats);
  return c.spread.count > 1 ? by_rows(c, design, repeats, row_factor)
                            : by_folds(c, design, repeats, row_factor);
}

Comparison compare(std::string contender, std::string against, std::string metric,
                   std::vector<double> differences, const Design& design, const Spread& spread) {
  const auto n = differences.size();
  if (design.repeats < 1 || n == 0 || n % static_cast<std::size_t>(design.repeats) != 0)
    throw InputError(
        fmt::format("{} differences of {} against {} do not make {} repeats of equally many folds", n,
                    contender, against, design.repeats));
  Comparison result;
  result.contender = std::move(contender);
  result.against = std::move(against);
  result.metric = std::move(metric);
  result.repeats = design.repeats;
  result.differences = std::move(differences);
  result.spread = spread;
  const auto mean = mean_difference(result, design);
  const auto p = region_probabilities(mean, design.rope);
  result.difference = mean.location;
  result.low = std::clamp(mean.quantile(0.025), -design.widest, design.widest);
  result.high = std::clamp(mean.quantile(0.975), -design.widest, design.widest);
  result.p_worse = p.worse;
  result.p_equivalent = p.equivalent;
  result.p_better = p.better;
  result.p_value = result.p_holm = two_sided(mean);
  return result;
}

void decide(std::span<Comparison> comparisons, const Design& design) {
  std::vector<Comparison*> deciding;
  for (auto& comparison : comparisons) {
    if (comparison.decides)
      deciding.push_back(&comparison);
    else
      FamilyOfTests({&comparison}, design).decide();
  }
  FamilyOfTests(std::move(deciding), design).decide();
}

Verdict overall_verdict(std::span<const Comparison> comparisons) {
  std::vector<Verdict> said;
  for (const auto& c : comparisons)
    if (c.decides) said.push_back(c.verdict);
  const auto all = [&](auto... verdicts) {
    return !said.empty() && std::ranges::all_of(said, [&](Verdict v) { return ((v == verdicts) || ...); });
  };
  using enum Verdict;
  if (std::ranges::count(said, quantum_better) > 0) return quantum_better;
  if (all(classical_better)) return classical_better;
  if (all(equivalent)) return equivalent;
  return all(classical_better, equivalent, no_advantage) ? no_advantage : inconclusive;
}

const Comparison* decisive(std::span<const Comparison> comparisons) {
  const auto rank = [](const Comparison& c) {
    return std::tuple(c.verdict == Verdict::quantum_better, c.contender == best_quantum, c.p_better,
                      c.difference);
  };
  const Comparison* best = nullptr;
  for (const auto& c : comparisons)
    if (c.decides && (!best || rank(c) > rank(*best))) best = &c;
  return best;
}

Learning learning(std::span<const Comparison> comparisons, std::string_view side) {
  const auto found = std::ranges::find_if(
      comparisons, [&](const Comparison& c) { return c.contender == side && c.against_floor; });
  if (found == comparisons.end() || found->verdict == Verdict::quantum_better) return Learning::shown;
  return found->verdict == Verdict::inconclusive ? Learning::open : Learning::ruled_out;
}

}  // namespace qupel
