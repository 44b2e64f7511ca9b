#include <fmt/format.h>

#include "qupel/baseline/optimization/records.h"
#include "qupel/baseline/optimization/solver.h"
#include "qupel/problem/optimization/branch_and_cut.h"
#include "qupel/problem/optimization/integer_decision.h"
#include "qupel/problem/optimization/portfolio.h"

namespace qupel {
namespace {

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

Solved solve_program(const Decision& decision, const Settings& settings, const FitContext&) {
  const auto* portfolio = dynamic_cast<const Portfolio*>(&decision);
  const auto found = branch_and_cut(
      portfolio ? linearised(*portfolio) : dynamic_cast<const IntegerDecision&>(decision).program(),
      static_cast<std::size_t>(count(cbc, settings, "nodes")));
  Tries tries(decision);
  tries.add(portfolio ? lots_of(*portfolio, found.values) : found.values);
  return {std::move(tries).take(),
          {.converged = found.proven,
           .reason = found.proven ? "the optimum, proven" : "stopped at the limit of nodes",
           .losses = {},
           .parameters = 0}};
}

std::string cannot(const Instance& instance) {
  if (!has_branch_and_cut()) return "this qupel was built without CBC (coinor-libcbc-dev)";
  constexpr std::size_t most_digits = 40;  // of the lots of a portfolio: it takes a variable for each pair
  const auto* portfolio = dynamic_cast<const Portfolio*>(&instance);
  if (!portfolio || portfolio->digits().size() <= most_digits) return "";
  return fmt::format("{} digits of lots, and it takes {}", portfolio->digits().size(), most_digits);
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
    solve_program);

}  // namespace qupel
