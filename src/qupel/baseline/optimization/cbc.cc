#include <fmt/format.h>

#include <cmath>

#include "qupel/base/error.h"
#include "qupel/baseline/optimization/records.h"
#include "qupel/baseline/optimization/solver.h"
#include "qupel/problem/optimization/integer_decision.h"
#include "qupel/problem/optimization/portfolio.h"

#ifdef QUPEL_CBC
#include <coin/Cbc_C_Interface.h>

#include <mutex>
#endif

namespace qupel {
namespace {

#ifdef QUPEL_CBC

/// An integer program as CBC's model.
class CbcProgram {
 public:
  explicit CbcProgram(const IntegerProgram& program)
      : columns_(static_cast<int>(program.variables.size())), model_(Cbc_newModel()) {
    std::vector<std::vector<std::pair<int, double>>> by_column(program.variables.size());
    std::vector<double> row_low, row_high;
    for (std::size_t r = 0; r < program.rows.size(); ++r) {
      row_low.push_back(program.rows[r].low);
      row_high.push_back(program.rows[r].high);
      for (const auto& [i, factor] : program.rows[r].terms)
        by_column[i].emplace_back(static_cast<int>(r), factor);
    }
    std::vector<CoinBigIndex> start{0};
    std::vector<int> rows;
    std::vector<double> factors, low, high, cost;
    for (std::size_t i = 0; i < by_column.size(); ++i) {
      for (const auto& [row, factor] : by_column[i]) rows.push_back(row), factors.push_back(factor);
      start.push_back(static_cast<CoinBigIndex>(rows.size()));
      low.push_back(static_cast<double>(program.variables[i].low));
      high.push_back(static_cast<double>(program.variables[i].high));
      cost.push_back(program.variables[i].cost);
    }
    Cbc_loadProblem(model_, columns_, static_cast<int>(row_low.size()), start.data(), rows.data(),
                    factors.data(), low.data(), high.data(), cost.data(), row_low.data(), row_high.data());
    for (int i = 0; i < columns_; ++i) Cbc_setInteger(model_, i);
    Cbc_setObjSense(model_, program.maximised ? -1 : 1);
  }
  ~CbcProgram() { Cbc_deleteModel(model_); }
  CbcProgram(const CbcProgram&) = delete;
  CbcProgram& operator=(const CbcProgram&) = delete;

  /// The best whole numbers found; none if there are none.
  Values solve(const std::string& nodes) {
    Cbc_setParameter(model_, "log", "0");
    Cbc_setParameter(model_, "threads", "0");
    Cbc_setParameter(model_, "maxNodes", nodes.c_str());
    Cbc_solve(model_);
    const double* found = Cbc_bestSolution(model_);
    Values values;
    for (int i = 0; found != nullptr && i < columns_; ++i) values.push_back(std::llround(found[i]));
    return values;
  }
  bool proven() { return Cbc_isProvenOptimal(model_) != 0; }

 private:
  int columns_;
  Cbc_Model* model_;
};

/// A portfolio with a variable for each product of two digits of lots. The budget times each digit says how
/// many lots its products make up together (Adams and Sherali 1986): without these rows the relaxation is
/// worth little.
IntegerProgram linearised(const Portfolio& portfolio) {
  const auto& choice = portfolio.choice();
  const auto& digits = portfolio.digits();
  auto program = portfolio.limits();
  const double budget = static_cast<double>(choice.picks);
  std::vector<IntegerProgram::Row> budgets(digits.size());
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const auto [a, lots] = digits[i];
    program.variables[i].cost = lots * (choice.risk * choice.covariance(a, a) * lots - choice.mean[a]);
    budgets[i].terms.emplace_back(i, lots - budget);
    budgets[i].low = budgets[i].high = 0;
  }
  for (std::size_t i = 0; i < digits.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      const auto both = program.variables.size();
      const double cost = 2 * choice.risk * choice.covariance(digits[i].asset, digits[j].asset) *
                          digits[i].lots * digits[j].lots;
      program.variables.push_back({.name = fmt::format("{} and {}", i, j), .cost = cost});
      program.rows.push_back({.name = {}, .terms = {{i, 1}, {j, 1}, {both, -1}}, .high = 1});
      program.rows.push_back({.name = {}, .terms = {{both, 1}, {i, -1}}, .high = 0});
      program.rows.push_back({.name = {}, .terms = {{both, 1}, {j, -1}}, .high = 0});
      budgets[i].terms.emplace_back(both, digits[j].lots);
      budgets[j].terms.emplace_back(both, digits[i].lots);
    }
  program.rows.insert(program.rows.end(), budgets.begin(), budgets.end());
  return program;
}

/// The values of a portfolio's program as lots.
Values lots_of(const Portfolio& portfolio, const Values& values) {
  return values.empty() ? Values{} : portfolio.from_bits(bits_of(values));
}

Solved branch_and_cut(const Decision& decision, const Settings& settings, const FitContext&) {
  static std::mutex one_at_a_time;  // it keeps state of its own between its calls
  const std::lock_guard lock(one_at_a_time);
  const auto* portfolio = dynamic_cast<const Portfolio*>(&decision);
  CbcProgram program(portfolio ? linearised(*portfolio)
                               : dynamic_cast<const IntegerDecision&>(decision).program());
  const auto found = program.solve(fmt::format("{}", count(cbc, settings, "nodes")));
  Tries tries(decision);
  tries.add(portfolio ? lots_of(*portfolio, found) : found);
  return {std::move(tries).take(),
          {.converged = program.proven(),
           .reason = program.proven() ? "the optimum, proven" : "stopped at the limit of nodes",
           .losses = {},
           .parameters = 0}};
}

#else

Solved branch_and_cut(const Decision&, const Settings&, const FitContext&) {
  throw InputError("this qupel was built without CBC");
}

#endif

std::string cannot(const Instance& instance) {
#ifdef QUPEL_CBC
  constexpr std::size_t most_digits = 40;  // of the lots of a portfolio: it takes a variable for each pair
  const auto* portfolio = dynamic_cast<const Portfolio*>(&instance);
  if (!portfolio || portfolio->digits().size() <= most_digits) return "";
  return fmt::format("{} digits of lots, and it takes {}", portfolio->digits().size(), most_digits);
#else
  static_cast<void>(instance);
  return "this qupel was built without CBC (coinor-libcbc-dev)";
#endif
}

}  // namespace

const Contender cbc = with_solver(
    {
        .name = "cbc",
        .summary =
            "branch and cut over linear relaxations: the optimum, proven, unless it meets its limit of nodes",
        .source = "CBC of COIN-OR, Forrest and Lougee-Heimer 2005",
        .family = Family::classical,
        .hyperparameters = {{"nodes", "of the search tree, at most", {100000.0}, whole(1e6)}},
        .fit = nullptr,
        .solves = {"mip", "portfolio"},
        .refuses = cannot,
    },
    branch_and_cut);

}  // namespace qupel
