#pragma once
#include <memory>

#include "qupel/problem/optimization/decision_problem.h"
#include "qupel/problem/optimization/integer_decision.h"
#include "qupel/problem/optimization/portfolio_limits.h"
#include "qupel/problem/optimization/prices.h"

namespace qupel {

/// How many lots to hold of each asset, each lot an equal part: `picks` in all, so that risk x'Sx - m'x is
/// smallest over whole numbers x, with the mean m and the covariance S of daily returns (Markowitz with a
/// budget); one lot of an asset at most, and no other limit, unless `limits` says so. One qubit a binary
/// digit of an asset's lots; the penalty form couples every pair. A Dicke state with a mixer that keeps the
/// number of ones needs no penalty where there are no limits. A limit on a sector takes a qubit a digit of
/// its slack, a limit on the number of assets one an asset and one a digit of its slack.
struct PortfolioChoice {
  std::vector<std::string> assets = {};
  std::vector<double> mean = {};
  Matrix<double> covariance = {};
  std::size_t picks = 1;
  double risk = 0.5;
  Matrix<double> later = {};  ///< returns of days after those that mean and covariance are of: days x assets
  std::string when = {};      ///< the days, for people
  std::size_t first_day = 0, days = 0;  ///< of the returns that mean and covariance are of
  PortfolioLimits limits = {};
};

class Portfolio final : public Decision {
 public:
  /// @throws InputError for no picks or more than the limits allow, or a risk below 0
  explicit Portfolio(PortfolioChoice choice);
  const PortfolioChoice& choice() const { return choice_; }

  std::string_view kind() const override { return "portfolio"; }
  double objective(ValuesView held) const override;
  std::string violation(ValuesView held) const override;
  /// Those with the highest mean return, as many lots of each as the limits allow.
  Values first_answer() const override;
  std::size_t unknowns() const override { return choice_.assets.size(); }
  std::size_t variables() const override { return limits_ ? limits_->variables() : choice_.assets.size(); }
  Qubo qubo() const override;
  Values from_bits(std::span<const std::uint8_t> bits) const override;
  std::optional<std::size_t> ones() const override;
  Qubo qubo_among_ones() const override;
  /// With limits some assets, the others as they are: a smaller portfolio.
  DecisionPart part(const Values& now, std::size_t most_bits, Random& random) const override;
  std::optional<double> proven_optimum() const override;
  std::optional<double> bound() const override;
  /// The names of the assets held; where there may be several lots of one, the lots by name.
  std::string solution(ValuesView held) const override;
  Values read_solution(std::string_view json) const override;
  std::string data() const override;
  std::string size_words() const override;
  std::string digest() const override;
  /// Of the later days, for equal parts at the begin of each day: mean return, value at risk and its
  /// conditional form at 5 %.
  std::vector<Metric> own_metrics() const override;
  std::map<std::string, double> own_scores(ValuesView held) const override;

  /// The digits that lots are written as: the first variables of the QUBO and of limits().
  const std::vector<LotDigit>& digits() const { return digits_; }
  /// The budget and the limits as constraints, without an objective.
  IntegerProgram limits() const;

 private:
  QuboBuilder costs(std::vector<std::string> names) const;
  Qubo qubo_with_limits() const;
  PortfolioChoice restricted(const Values& now, const std::vector<std::size_t>& free) const;

  PortfolioChoice choice_;
  std::vector<LotDigit> digits_;
  std::shared_ptr<const IntegerDecision> limits_;  ///< limits() as penalties; nothing without limits
};

/// How windows are cut from prices. Nothing of a window's later days enters its choice.
struct Windows {
  std::size_t count = 10;
  std::size_t days = 504;       ///< of returns that a choice is made from: two years
  std::size_t later_days = 63;  ///< that it is judged by: a quarter; 0: by none, and there is one window
  std::size_t picks = 0;        ///< 0: half of the assets
  double risk = 0.5;
  PortfolioLimits limits = {};
  bool shrunk = true;  ///< Ledoit and Wolf's covariance; else the sample's
};

/// Windows whose later days do not overlap, the last one at the end of the prices, evenly spaced; as many as
/// there are days for.
/// @throws InputError if there are not enough days for one window, and as Portfolio
std::vector<PortfolioChoice> rolling_windows(const Prices& prices, const Windows& windows);

inline constexpr double usual_trading_cost = 0.001;  ///< of what changes hands

/// Windows in the order of time. All answers of a contender together are a back-test: metrics
/// "back-test-return" (with costs), "back-test-costs", "turnover", and "back-test-value-at-risk" and
/// "back-test-conditional-value-at-risk" at 5 % a day over all later days; charts of its value and of the
/// choices beside the efficient frontier. Windows that choose by the same days are not independent
/// (Problem::overlap()).
/// @param facts their names and source are kept. @param cost of trading, a share of what changes hands
/// @param known as DecisionProblem
std::unique_ptr<DecisionProblem> portfolio_problem(Facts facts, std::vector<PortfolioChoice> choices,
                                                   std::vector<std::optional<Reference>> known = {},
                                                   double cost = usual_trading_cost);

/// The mean, over pairs of windows, of the share of the days that both choose by.
double shared_days(std::span<const PortfolioChoice> windows);

/// What the choices of consecutive windows would have come to. The assets of a window are bought in equal
/// parts (a lot each) and held: their parts drift with their prices until the next window.
struct BackTest {
  std::vector<double> value;  ///< after each day, of 1 at the beginning
  double turnover = 0;        ///< mean share of the value that changes hands between windows
  double costs = 0;           ///< paid in all, as a share of the beginning's value
};
/// @param held an answer for each window. @param cost of trading, a share of what changes hands
BackTest back_test(std::span<const PortfolioChoice> windows, std::span<const Values> held, double cost);

/// Weights from 0 to 1 that sum to 1.
struct FrontierPoint {
  double mean = 0, deviation = 0;  ///< of daily returns
  std::vector<double> weights;
};
/// Portfolios that no other has less variance for the same mean than: by projected gradients, for several
/// prices of risk.
std::vector<FrontierPoint> efficient_frontier(const std::vector<double>& mean,
                                              const Matrix<double>& covariance, std::size_t points);

/// The nearest point with parts from 0 to `most` that sum to `sum`.
std::vector<double> onto_simplex(std::vector<double> point, double sum, double most);

}  // namespace qupel
