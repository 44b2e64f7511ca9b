#include "qupel/problem/optimization/portfolio.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "qupel/base/error.h"
#include "qupel/base/hash.h"
#include "qupel/problem/optimization/best_portfolio.h"
#include "qupel/problem/optimization/moments_of_returns.h"
#include "qupel/problem/optimization/solution_reader.h"

namespace qupel {
namespace {

std::vector<double> later_returns(const PortfolioChoice& choice, ValuesView held) {
  std::vector<double> returns;
  for (std::size_t t = 0; t < choice.later.rows(); ++t) {
    double sum = 0;
    for (std::size_t a = 0; a < held.size(); ++a)
      if (held[a] != 0) sum += static_cast<double>(held[a]) * choice.later(t, a);
    returns.push_back(sum / static_cast<double>(choice.picks));
  }
  return returns;
}

std::vector<std::size_t> by_mean(const PortfolioChoice& choice) {
  std::vector<std::size_t> order(choice.assets.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater{}, [&](std::size_t a) { return choice.mean[a]; });
  return order;
}

}  // namespace

Portfolio::Portfolio(PortfolioChoice choice) : choice_(std::move(choice)) {
  const auto most = choice_.assets.size() * choice_.limits.lots;
  if (choice_.picks < 1 || choice_.picks > most)
    throw InputError(fmt::format("{} picks of {} assets: no such portfolio; pick 1 to {}", choice_.picks,
                                 choice_.assets.size(), most));
  if (!(choice_.risk >= 0) || choice_.risk > 1e6)
    throw InputError(fmt::format("a risk of {}: it is from 0 to 1e6", choice_.risk));
  digits_ = digits_of_lots(choice_.assets.size(), choice_.limits.lots);
  if (choice_.limits.none()) return;
  const auto first = lots_in_order(choice_.limits, choice_.picks, by_mean(choice_));
  if (!first)
    throw InputError(fmt::format(
        "no {} lots keep the limits ({}): pick fewer, or allow more of an asset, of a sector or more assets",
        choice_.picks, size_words()));
  limits_ =
      std::make_shared<const IntegerDecision>(limits(), program_values(choice_.limits, digits_, *first));
}

IntegerProgram Portfolio::limits() const {
  return limits_program(choice_.limits, choice_.picks, choice_.assets, digits_);
}

std::optional<std::size_t> Portfolio::ones() const {
  return limits_ ? std::nullopt : std::optional(choice_.picks);
}

Values Portfolio::from_bits(std::span<const std::uint8_t> bits) const {
  Values held(choice_.assets.size());
  for (std::size_t d = 0; d < digits_.size(); ++d)
    if (bits[d] != 0) held[digits_[d].asset] += static_cast<std::int64_t>(digits_[d].lots);
  return held;
}

double Portfolio::objective(ValuesView held) const {
  double sum = 0;
  for (std::size_t a = 0; a < held.size(); ++a) {
    if (held[a] == 0) continue;
    const auto lots = static_cast<double>(held[a]);
    sum -= lots * choice_.mean[a];
    for (std::size_t b = 0; b < held.size(); ++b)
      if (held[b] != 0) sum += lots * static_cast<double>(held[b]) * choice_.risk * choice_.covariance(a, b);
  }
  return sum;
}

std::string Portfolio::violation(ValuesView held) const {
  return broken_limit(choice_.limits, choice_.picks, choice_.assets, held);
}

Values Portfolio::first_answer() const {
  return lots_in_order(choice_.limits, choice_.picks, by_mean(choice_)).value();
}

QuboBuilder Portfolio::costs(std::vector<std::string> names) const {
  QuboBuilder builder(std::move(names));
  for (std::size_t i = 0; i < digits_.size(); ++i) {
    const auto [a, lots] = digits_[i];
    builder.add(i, lots * (choice_.risk * choice_.covariance(a, a) * lots - choice_.mean[a]));
    for (std::size_t j = 0; j < i; ++j) {
      const auto [b, others] = digits_[j];
      builder.add(i, j, 2 * choice_.risk * choice_.covariance(a, b) * lots * others);
    }
  }
  return builder;
}

Qubo Portfolio::qubo_among_ones() const { return limits_ ? qubo() : costs(choice_.assets).build(); }

// No variance can make the objective lower than the means do, so what lies between that and an answer known
// to be feasible is a price that no broken limit is worth.
Qubo Portfolio::qubo_with_limits() const {
  const auto penalties = limits_->qubo();
  auto builder = costs(penalties.names);
  double lowest = 0;
  for (const double mean : choice_.mean)
    lowest -= std::max(0.0, mean) * static_cast<double>(choice_.limits.lots);
  const double first = objective(first_answer());
  const double price = 1.01 * (first - lowest) + 1e-9 * std::abs(first) + 1e-300;
  builder.add(price * penalties.constant);
  for (std::size_t i = 0; i < penalties.size(); ++i) builder.add(i, price * penalties.linear[i]);
  for (const auto& c : penalties.couplings) builder.add(c.a, c.b, price * c.weight);
  return std::move(builder).build();
}

Qubo Portfolio::qubo() const {
  if (limits_) return qubo_with_limits();
  auto builder = costs(choice_.assets);
  double most = 0;  // that one more or less asset changes the objective by
  std::vector<std::pair<std::size_t, double>> all;
  for (std::size_t a = 0; a < choice_.assets.size(); ++a) {
    all.emplace_back(a, 1);
    double change = std::abs(choice_.mean[a]) + choice_.risk * choice_.covariance(a, a);
    for (std::size_t b = 0; b < choice_.assets.size(); ++b)
      if (a != b) change += 2 * choice_.risk * std::abs(choice_.covariance(a, b));
    most = std::max(most, change);
  }
  builder.add_square(all, -static_cast<double>(choice_.picks), 1.01 * most);
  return std::move(builder).build();
}

std::optional<double> Portfolio::bound() const {
  // No variance at all, and the best means, whatever their sectors.
  const auto best = lots_in_order({.lots = choice_.limits.lots}, choice_.picks, by_mean(choice_)).value();
  return -std::inner_product(choice_.mean.begin(), choice_.mean.end(), best.begin(), 0.0);
}

std::optional<double> Portfolio::proven_optimum() const {
  if (!limits_) return Decision::proven_optimum();
  const auto best = best_portfolio(*this);
  return best ? std::optional(objective(*best)) : std::nullopt;
}

PortfolioChoice Portfolio::restricted(const Values& now, const std::vector<std::size_t>& free) const {
  PortfolioChoice part{.risk = choice_.risk, .limits = {.lots = choice_.limits.lots}};
  std::vector<bool> is_free(now.size());
  for (const auto a : free) is_free[a] = true;
  part.covariance = Matrix<double>(free.size(), free.size());
  part.picks = 0;
  for (std::size_t i = 0; i < free.size(); ++i) {
    double mean = choice_.mean[free[i]];
    for (std::size_t b = 0; b < now.size(); ++b)
      if (!is_free[b])
        mean -= 2 * choice_.risk * choice_.covariance(free[i], b) * static_cast<double>(now[b]);
    for (std::size_t j = 0; j < free.size(); ++j)
      part.covariance(i, j) = choice_.covariance(free[i], free[j]);
    part.assets.push_back(choice_.assets[free[i]]);
    part.mean.push_back(mean);
    part.picks += static_cast<std::size_t>(now[free[i]]);
  }
  for (const auto& sector : choice_.limits.sectors) {
    PortfolioLimits::Sector rest{.name = sector.name, .most = sector.most};
    for (const auto a : sector.assets) {
      const auto at = std::ranges::find(free, a);
      if (at != free.end())
        rest.assets.push_back(static_cast<std::size_t>(at - free.begin()));
      else
        rest.most -= static_cast<std::size_t>(now[a]);
    }
    if (!rest.assets.empty()) part.limits.sectors.push_back(std::move(rest));
  }
  if (choice_.limits.most_assets) {
    part.limits.most_assets = *choice_.limits.most_assets;
    for (std::size_t a = 0; a < now.size(); ++a)
      if (!is_free[a] && now[a] > 0) --*part.limits.most_assets;
    part.limits.most_assets = std::min(*part.limits.most_assets, free.size());
  }
  return part;
}

DecisionPart Portfolio::part(const Values& now, std::size_t most_bits, Random& random) const {
  if (!limits_) return Decision::part(now, most_bits, random);
  auto order = random.permutation(now.size());
  // Without a lot there is nothing to choose.
  std::iter_swap(order.begin(), std::ranges::find_if(order, [&](std::size_t a) { return now[a] > 0; }));
  std::vector<std::size_t> free;
  std::shared_ptr<const Portfolio> chosen;
  for (const auto a : order) {
    free.push_back(a);
    auto larger = std::make_shared<const Portfolio>(restricted(now, free));
    if (larger->variables() > most_bits) {
      free.pop_back();
      break;
    }
    chosen = std::move(larger);
  }
  if (free.size() < 2) return {};
  return {chosen->qubo(), [now, free, chosen](std::span<const std::uint8_t> bits) {
            auto whole = now;
            const auto lots = chosen->from_bits(bits);
            for (std::size_t i = 0; i < free.size(); ++i) whole[free[i]] = lots[i];
            return whole;
          }};
}

std::string Portfolio::solution(ValuesView held) const {
  if (choice_.limits.lots > 1) return bits_by_name(choice_.assets, held);
  std::vector<std::string> names;
  for (std::size_t a = 0; a < held.size(); ++a)
    if (held[a] != 0) names.push_back(json_text(choice_.assets[a]));
  return fmt::format("[{}]", fmt::join(names, ", "));
}

Values Portfolio::read_solution(std::string_view json) const {
  if (choice_.limits.lots > 1) return numbers_by_name(json, choice_.assets);
  Values held(choice_.assets.size());
  for (const auto place : places_of_names(json, choice_.assets, "asset")) {
    auto& asset = held[static_cast<std::size_t>(place)];
    if (asset != 0)
      throw InputError(
          fmt::format("a solution that names {} twice", choice_.assets[static_cast<std::size_t>(place)]));
    asset = 1;
  }
  return held;
}

std::string Portfolio::data() const {
  auto covariance = nlohmann::json::array();
  for (std::size_t a = 0; a < choice_.assets.size(); ++a) {
    const auto row = choice_.covariance.row(a);
    covariance.push_back(std::vector<double>(row.begin(), row.end()));
  }
  const auto& limits = choice_.limits;
  auto sectors = nlohmann::json::array();
  for (const auto& sector : limits.sectors) {
    std::vector<std::string> names;
    for (const auto a : sector.assets) names.push_back(choice_.assets[a]);
    sectors.push_back({{"name", sector.name}, {"assets", names}, {"most", sector.most}});
  }
  return text_of_json(nlohmann::json{
      {"assets", choice_.assets},
      {"lots", limits.lots},
      {"most_assets", limits.most_assets ? nlohmann::json(*limits.most_assets) : nlohmann::json(nullptr)},
      {"sectors", sectors},
      {"mean", choice_.mean},
      {"covariance", covariance},
      {"picks", choice_.picks},
      {"risk", choice_.risk}});
}

std::string Portfolio::size_words() const {
  const auto& limits = choice_.limits;
  if (limits.none()) return fmt::format("{} of {} assets", choice_.picks, choice_.assets.size());
  auto words = fmt::format("{} lots of {} assets, at most {} of one", choice_.picks, choice_.assets.size(),
                           limits.lots);
  if (limits.most_assets) words += fmt::format(", at most {} assets", *limits.most_assets);
  for (const auto& sector : limits.sectors)
    words += fmt::format(", at most {} in {}", sector.most, sector.name);
  return words;
}

std::string Portfolio::digest() const {
  auto all = fmt::format("portfolio {} {} {} {} {} {}", choice_.assets, choice_.mean,
                         choice_.covariance.values(), choice_.picks, choice_.risk, choice_.later.values());
  const auto& limits = choice_.limits;
  if (!limits.none()) all += fmt::format(" {} {}", limits.lots, limits.most_assets.value_or(0));
  for (const auto& sector : limits.sectors)
    all += fmt::format(" {} {} {}", sector.name, sector.assets, sector.most);
  return sha256(all);
}

std::vector<Metric> Portfolio::own_metrics() const {
  if (choice_.later.rows() == 0) return {};
  return {{.name = "later-return", .unit = "a day", .low = -1},
          {.name = "value-at-risk",
           .unit = "a day",
           .higher_is_better = false,
           .low = -1,
           .high = 1,
           .decides = true},
          {.name = "conditional-value-at-risk",
           .unit = "a day",
           .higher_is_better = false,
           .low = -1,
           .high = 1,
           .decides = true}};
}

std::map<std::string, double> Portfolio::own_scores(ValuesView held) const {
  if (choice_.later.rows() == 0) return {};
  const auto returns = later_returns(choice_, held);
  return {{"later-return",
           std::accumulate(returns.begin(), returns.end(), 0.0) / static_cast<double>(returns.size())},
          {"value-at-risk", value_at_risk(returns, loss_tail)},
          {"conditional-value-at-risk", conditional_value_at_risk(returns, loss_tail)}};
}

std::vector<PortfolioChoice> rolling_windows(const Prices& prices, const Windows& windows) {
  const auto returns = simple_returns(prices);
  const auto needed = windows.days + windows.later_days;
  if (returns.rows() < needed || windows.count < 1 || windows.days < 2)
    throw InputError(fmt::format("{} days of returns: a window takes {} to choose by and {} to be judged by",
                                 returns.rows(), windows.days, windows.later_days));
  const auto most = windows.later_days == 0 ? 1 : (returns.rows() - windows.days) / windows.later_days;
  const auto count = std::min(windows.count, most);
  const auto step = count == 1 ? 0 : (returns.rows() - needed) / (count - 1);
  std::vector<PortfolioChoice> choices;
  for (std::size_t w = 0; w < count; ++w) {
    const auto first = returns.rows() - needed - (count - 1 - w) * step;
    std::vector<std::size_t> before(windows.days), after(windows.later_days);
    std::iota(before.begin(), before.end(), first);
    std::iota(after.begin(), after.end(), first + windows.days);
    const auto seen = take_rows(returns, before);
    PortfolioChoice choice;
    choice.assets = prices.assets;
    choice.mean = mean_returns(seen);
    choice.covariance = windows.shrunk ? ledoit_wolf_covariance(seen) : sample_covariance(seen);
    choice.picks = windows.picks == 0 ? std::max<std::size_t>(1, prices.assets.size() / 2) : windows.picks;
    choice.risk = windows.risk;
    choice.limits = windows.limits;
    choice.later = take_rows(returns, after);
    choice.first_day = first;
    choice.days = windows.days;
    choice.when = fmt::format("{} to {}", prices.days[first + windows.days], prices.days[first + needed]);
    choices.push_back(std::move(choice));
  }
  return choices;
}

double shared_days(std::span<const PortfolioChoice> windows) {
  double shared = 0, pairs = 0;
  for (std::size_t a = 0; a < windows.size(); ++a)
    for (std::size_t b = 0; b < a; ++b) {
      const auto begin = std::max(windows[a].first_day, windows[b].first_day);
      const auto end =
          std::min(windows[a].first_day + windows[a].days, windows[b].first_day + windows[b].days);
      if (end > begin)
        shared += static_cast<double>(end - begin) /
                  static_cast<double>(std::min(windows[a].days, windows[b].days));
      ++pairs;
    }
  return pairs == 0 ? 0 : shared / pairs;
}

BackTest back_test(std::span<const PortfolioChoice> windows, std::span<const Values> held, double cost) {
  BackTest test;
  double value = 1, changed = 0;
  std::vector<double> weights(windows.empty() ? 0 : windows.front().assets.size());
  for (std::size_t w = 0; w < windows.size(); ++w) {
    const double part = 1 / static_cast<double>(windows[w].picks);
    double traded = 0;
    for (std::size_t a = 0; a < weights.size(); ++a) {
      const double wanted = part * static_cast<double>(held[w][a]);
      traded += std::abs(wanted - weights[a]);
      weights[a] = wanted;
    }
    if (w > 0) changed += traded / 2;
    test.costs += value * traded * cost;
    value *= 1 - traded * cost;
    for (std::size_t t = 0; t < windows[w].later.rows(); ++t) {
      double growth = 0;
      for (std::size_t a = 0; a < weights.size(); ++a) growth += weights[a] *= 1 + windows[w].later(t, a);
      for (double& weight : weights) weight /= growth;
      test.value.push_back(value *= growth);
    }
  }
  test.turnover = windows.size() < 2 ? 0 : changed / static_cast<double>(windows.size() - 1);
  return test;
}

std::vector<double> onto_simplex(std::vector<double> point, double sum, double most) {
  double low = *std::ranges::min_element(point) - most - 1, high = *std::ranges::max_element(point) + 1;
  const auto total = [&](double shift) {
    double all = 0;
    for (const double x : point) all += std::clamp(x - shift, 0.0, most);
    return all;
  };
  for (int k = 0; k < 100; ++k) {
    const double middle = (low + high) / 2;
    (total(middle) > sum ? low : high) = middle;
  }
  for (double& x : point) x = std::clamp(x - high, 0.0, most);
  return point;
}

std::vector<FrontierPoint> efficient_frontier(const std::vector<double>& mean,
                                              const Matrix<double>& covariance, std::size_t points) {
  const auto count = mean.size();
  double largest = 1e-12;
  for (std::size_t a = 0; a < count; ++a) {
    double sum = 0;
    for (std::size_t b = 0; b < count; ++b) sum += std::abs(covariance(a, b));
    largest = std::max(largest, sum);
  }
  std::vector<FrontierPoint> frontier;
  std::vector<double> weights(count, 1 / static_cast<double>(count));
  for (std::size_t k = 0; k < points; ++k) {
    // Risk prices from next to none to very many, relative to the largest variance and mean.
    const double risk = std::pow(
        10, -2 + 5 * static_cast<double>(k) / static_cast<double>(std::max<std::size_t>(points, 2) - 1));
    const double step = 1 / (2 * risk * largest + 1e-12);
    std::vector<double> product(count);
    const auto multiply = [&] {
      for (std::size_t a = 0; a < count; ++a)
        product[a] = std::inner_product(weights.begin(), weights.end(), covariance.row(a).begin(), 0.0);
    };
    for (int iteration = 0; iteration < 2000; ++iteration) {
      multiply();
      auto next = weights;
      for (std::size_t a = 0; a < count; ++a) next[a] += step * (mean[a] - 2 * risk * product[a]);
      next = onto_simplex(std::move(next), 1, 1);
      double moved = 0;
      for (std::size_t a = 0; a < count; ++a) moved = std::max(moved, std::abs(next[a] - weights[a]));
      weights = std::move(next);
      if (moved < 1e-10) break;
    }
    multiply();
    const double variance = std::inner_product(weights.begin(), weights.end(), product.begin(), 0.0);
    frontier.push_back({std::inner_product(weights.begin(), weights.end(), mean.begin(), 0.0),
                        std::sqrt(std::max(0.0, variance)), weights});
  }
  return frontier;
}

}  // namespace qupel
