#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "qupel/problem/optimization/moments_of_returns.h"
#include "qupel/problem/optimization/portfolio.h"

namespace qupel {
namespace {

/// Windows of prices as one problem, with what they come to one after the other.
class PortfolioProblem final : public DecisionProblem {
 public:
  PortfolioProblem(Facts facts, std::vector<Row> rows, std::vector<PortfolioChoice> choices, FloorWords floor,
                   std::vector<std::optional<Reference>> known, double cost)
      : DecisionProblem(std::move(facts), std::move(rows), std::move(floor), std::move(known)),
        choices_(std::move(choices)),
        cost_(cost) {
    set_overlap(shared_days(choices_));
  }

  Scores overall_scores(std::span<const Answered> answers, std::span<const AnswerTime> times) const override {
    auto scores = DecisionProblem::overall_scores(answers, times);
    const auto held = held_by(answers);
    if (held.empty()) return scores;
    const auto test = back_test(choices_, held, cost_);
    const auto returns = daily_returns(test.value);
    scores["turnover"] = test.turnover;
    scores["back-test-return"] = test.value.back() - 1;
    scores["back-test-costs"] = test.costs;
    scores["back-test-value-at-risk"] = value_at_risk(returns, loss_tail);
    scores["back-test-conditional-value-at-risk"] = conditional_value_at_risk(returns, loss_tail);
    return scores;
  }

  std::vector<Plot> overview(std::span<const ContenderAnswers> contenders) const override {
    auto plots = DecisionProblem::overview(contenders);
    if (choices_.front().later.rows() > 0) plots.push_back(values_over_time(contenders));
    plots.push_back(frontier(contenders));
    return plots;
  }

 private:
  /// The answer for each window; nothing if there are no later days or a window has no answer.
  std::vector<Values> held_by(std::span<const Answered> answers) const {
    std::vector<Values> held;
    for (std::size_t row = 0; row < choices_.size() && choices_[row].later.rows() > 0; ++row)
      if (const auto* best = best_answer(answers, row)) held.push_back(best->values);
    return held.size() == choices_.size() ? held : std::vector<Values>{};
  }

  static std::vector<double> daily_returns(const std::vector<double>& value) {
    std::vector<double> returns;
    for (std::size_t t = 0; t < value.size(); ++t)
      returns.push_back(value[t] / (t == 0 ? 1 : value[t - 1]) - 1);
    return returns;
  }

  Plot values_over_time(std::span<const ContenderAnswers> contenders) const {
    constexpr std::size_t most_points = 300;  // more are no more to see
    Plot plot{
        .title = fmt::format("what 1 became in the later days of {} windows, with costs of {:g} % of what "
                             "changes hands",
                             choices_.size(), 100 * cost_),
        .x_label = "days",
        .y_label = "value",
        .series = {}};
    for (const auto& contender : contenders) {
      const auto held = held_by(contender.answers);
      if (held.empty()) continue;
      const auto value = back_test(choices_, held, cost_).value;
      const auto step = std::max<std::size_t>(1, value.size() / most_points);
      Series series{.name = contender.name, .points = {{0, 1}}};
      for (auto t = step - 1; t < value.size(); t += step)
        series.points.emplace_back(static_cast<double>(t + 1), value[t]);
      plot.series.push_back(std::move(series));
    }
    return plot;
  }

  /// Of the last window.
  Plot frontier(std::span<const ContenderAnswers> contenders) const {
    const auto& choice = choices_.back();
    Plot plot{
        .title =
            "the last window: mean and deviation of its returns, and the efficient frontier of any weights",
        .x_label = "deviation a day",
        .y_label = "mean a day",
        .series = {}};
    Series line{.name = "efficient frontier", .points = {}};
    for (const auto& point : efficient_frontier(choice.mean, choice.covariance, 20))
      line.points.emplace_back(point.deviation, point.mean);
    plot.series.push_back(std::move(line));
    const double part = 1 / static_cast<double>(choice.picks);
    for (const auto& contender : contenders) {
      const auto* best = best_answer(contender.answers, choices_.size() - 1);
      if (best == nullptr) continue;
      double mean = 0, variance = 0;
      for (std::size_t a = 0; a < choice.assets.size(); ++a) {
        const double weight = part * static_cast<double>(best->values[a]);
        mean += weight * choice.mean[a];
        for (std::size_t b = 0; b < choice.assets.size(); ++b)
          variance += weight * part * static_cast<double>(best->values[b]) * choice.covariance(a, b);
      }
      plot.series.push_back(
          {.name = contender.name, .points = {{std::sqrt(std::max(0.0, variance)), mean}}, .line = false});
    }
    return plot;
  }

  std::vector<PortfolioChoice> choices_;
  double cost_;
};

}  // namespace

std::unique_ptr<DecisionProblem> portfolio_problem(Facts facts, std::vector<PortfolioChoice> choices,
                                                   std::vector<std::optional<Reference>> known, double cost) {
  facts.target = "the assets to hold";
  std::vector<DecisionProblem::Row> rows;
  for (const auto& choice : choices) rows.push_back(std::make_shared<const Portfolio>(choice));
  return std::make_unique<PortfolioProblem>(std::move(facts), std::move(rows), std::move(choices),
                                            FloorWords{"highest-means", "the assets of highest mean",
                                                       "holding the assets with the highest mean return"},
                                            std::move(known), cost);
}

}  // namespace qupel
