#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <limits>
#include <numeric>

#include "qupel/base/error.h"
#include "qupel/study/sample.h"
#include "qupel/study/statistics.h"

// Tests on ranks: Friedman with Iman-Davenport and Nemenyi, Wilcoxon.
namespace qupel {
namespace {

struct Ranked {
  std::vector<double> ranks;  ///< 1 = smallest; ties share their mean rank
  double tie_term = 0;        ///< sum of t^3 - t over groups of t ties
};

/// @param tolerance values that follow each other within it are ties
Ranked rank(std::span<const double> values, double tolerance) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return values[a] < values[b]; });
  Ranked ranked{std::vector<double>(values.size()), 0};
  for (std::size_t first = 0, end = 0; first < order.size(); first = end) {
    for (end = first + 1; end < order.size() && values[order[end]] - values[order[end - 1]] <= tolerance;)
      ++end;
    const auto ties = static_cast<double>(end - first);
    for (auto i = first; i < end; ++i) ranked.ranks[order[i]] = 0.5 * static_cast<double>(first + 1 + end);
    ranked.tie_term += ties * (ties * ties - 1);
  }
  return ranked;
}

/// What rounding may make of equal values.
double tie_tolerance(std::span<const double> values) {
  double largest = 0;
  for (const double value : values) largest = std::max(largest, std::abs(value));
  return 1e-12 * largest;
}

/// P(range of `models` standard normals <= q) = k * integral of phi(z) (Phi(z) - Phi(z - q))^(k-1).
double studentised_range_cdf(double q, std::size_t models) {
  const boost::math::normal normal;
  const auto k = static_cast<double>(models);
  const auto density = [&](double z) {
    return k * pdf(normal, z) * std::pow(cdf(normal, z) - cdf(normal, z - q), k - 1);
  };
  return boost::math::quadrature::gauss_kronrod<double, 61>::integrate(density, -9.0, 9.0 + q, 5, 1e-10);
}

/// Two-sided: twice the share of sign patterns of the ranks 1 .. n whose sum is at most `smaller`.
double exact_signed_rank_p(std::size_t n, std::size_t smaller) {
  std::vector<double> patterns(n * (n + 1) / 2 + 1);  // by sum
  patterns[0] = 1;
  for (std::size_t r = 1; r <= n; ++r)
    for (std::size_t sum = patterns.size() - 1; sum >= r; --sum) patterns[sum] += patterns[sum - r];
  const double tail =
      std::accumulate(patterns.begin(), patterns.begin() + static_cast<std::ptrdiff_t>(smaller) + 1, 0.0);
  return std::min(1.0, 2 * tail / std::pow(2.0, static_cast<double>(n)));
}

double normal_signed_rank_p(double n, double smaller, double tie_term) {
  const double mean = n * (n + 1) / 4;
  const double variance = n * (n + 1) * (2 * n + 1) / 24 - tie_term / 48;
  return std::min(1.0, 2 * cdf(boost::math::normal(), (smaller - mean) / std::sqrt(variance)));
}

}  // namespace

double nemenyi_q(std::size_t models) {
  if (models < 2) throw InputError("Nemenyi compares 2 models or more; " + std::to_string(models) + " given");
  const auto excess = [&](double q) { return studentised_range_cdf(q, models) - 0.95; };
  std::uintmax_t iterations = 100;
  const auto [low, high] = boost::math::tools::toms748_solve(
      excess, 1.0, 20.0, boost::math::tools::eps_tolerance<double>(40), iterations);
  return 0.5 * (low + high) / std::sqrt(2.0);
}

std::vector<double> score_ranks(std::span<const double> scores) {
  std::vector<double> negated(scores.size());
  std::ranges::transform(scores, negated.begin(), std::negate<>());
  return rank(negated, tie_tolerance(scores)).ranks;
}

Friedman friedman(const Matrix<double>& scores) {
  require_finite(scores.values(), "score");
  std::vector<double> mean_ranks(scores.columns());
  for (std::size_t set = 0; set < scores.rows(); ++set) {
    const auto ranks = score_ranks(scores.row(set));
    for (std::size_t model = 0; model < mean_ranks.size(); ++model) mean_ranks[model] += ranks[model];
  }
  for (auto& r : mean_ranks) r /= static_cast<double>(scores.rows());
  return friedman_from_ranks(mean_ranks, scores.rows());
}

Friedman friedman_from_ranks(std::span<const double> mean_ranks, std::size_t data_sets) {
  if (mean_ranks.size() < 2 || data_sets < 2)
    throw InputError("Friedman's test needs 2 models and 2 data sets or more; " +
                     std::to_string(mean_ranks.size()) + " and " + std::to_string(data_sets) + " given");
  const auto k = static_cast<double>(mean_ranks.size()), n = static_cast<double>(data_sets);
  Friedman result{.mean_ranks = {mean_ranks.begin(), mean_ranks.end()}};
  double squares = 0;  // about the mean rank (k + 1) / 2: the same as sum R^2 - k (k + 1)^2 / 4
  for (const double r : mean_ranks) squares += (r - (k + 1) / 2) * (r - (k + 1) / 2);
  result.chi2 = 12 * n / (k * (k + 1)) * squares;
  result.p_chi2 = cdf(complement(boost::math::chi_squared(k - 1), result.chi2));
  const double rest = n * (k - 1) - result.chi2;
  const bool all_agree = rest <= 1e-9 * n;
  result.f = all_agree ? std::numeric_limits<double>::infinity() : (n - 1) * result.chi2 / rest;
  result.p_f = all_agree ? 0 : cdf(complement(boost::math::fisher_f(k - 1, (k - 1) * (n - 1)), result.f));
  result.critical_difference = nemenyi_q(mean_ranks.size()) * std::sqrt(k * (k + 1) / (6 * n));
  return result;
}

SignedRank wilcoxon(std::span<const double> differences) {
  require_finite(differences, "difference");
  std::vector<double> used(differences.begin(), differences.end());
  if (const auto zeros = std::count(used.begin(), used.end(), 0.0); zeros % 2 == 1)
    used.erase(std::find(used.begin(), used.end(), 0.0));
  if (used.empty()) return {};

  std::vector<double> magnitudes(used.size());
  std::transform(used.begin(), used.end(), magnitudes.begin(), [](double d) { return std::abs(d); });
  const auto ranked = rank(magnitudes, tie_tolerance(magnitudes));
  SignedRank result;
  for (std::size_t i = 0; i < used.size(); ++i) {
    const double share = used[i] > 0 ? 1 : used[i] < 0 ? 0 : 0.5;
    result.plus += share * ranked.ranks[i];
    result.minus += (1 - share) * ranked.ranks[i];
  }
  result.rank_biserial = (result.plus - result.minus) / (result.plus + result.minus);
  const double smaller = std::min(result.plus, result.minus);
  const bool exact = used.size() <= 25 && ranked.tie_term == 0;
  result.p_value = exact ? exact_signed_rank_p(used.size(), static_cast<std::size_t>(std::lround(smaller)))
                         : normal_signed_rank_p(static_cast<double>(used.size()), smaller, ranked.tie_term);
  return result;
}

}  // namespace qupel
