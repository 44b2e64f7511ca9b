#include <fmt/format.h>

#include <cmath>

#include "qupel/base/error.h"
#include "qupel/baseline/optimization/records.h"
#include "qupel/baseline/optimization/solver.h"
#include "qupel/problem/optimization/integer_decision.h"

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

Solved branch_and_cut(const Decision& decision, const Settings& settings, const FitContext&) {
  static std::mutex one_at_a_time;  // it keeps state of its own between its calls
  const std::lock_guard lock(one_at_a_time);
  CbcProgram program(dynamic_cast<const IntegerDecision&>(decision).program());
  Tries tries(decision);
  tries.add(program.solve(fmt::format("{}", count(cbc, settings, "nodes"))));
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

std::string cannot(const Instance&) {
#ifdef QUPEL_CBC
  return "";
#else
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
        .solves = {"mip"},
        .refuses = cannot,
    },
    branch_and_cut);

}  // namespace qupel
