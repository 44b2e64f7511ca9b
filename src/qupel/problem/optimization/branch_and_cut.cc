#include "qupel/problem/optimization/branch_and_cut.h"

#include <fmt/format.h>

#include <cmath>

#include "qupel/base/error.h"

#ifdef QUPEL_CBC
#include <coin/Cbc_C_Interface.h>

#include <mutex>
#endif

namespace qupel {

#ifdef QUPEL_CBC

namespace {

/// A row that the same whole numbers keep, with whole factors and sides where it can have them: of two-sided
/// rows with fractions CBC 2.10.8 at times calls an answer optimal that is not.
IntegerProgram::Row with_whole_sides(IntegerProgram::Row row) {
  constexpr double rounding = 1e-6;
  const auto scale = scale_to_whole(row);
  if (!scale) return row;
  for (auto& [i, factor] : row.terms) factor = std::round(factor * *scale);
  row.low = std::ceil(row.low * *scale - rounding);
  row.high = std::floor(row.high * *scale + rounding);
  return row;
}

/// An integer program as CBC's model.
class CbcProgram {
 public:
  explicit CbcProgram(const IntegerProgram& program)
      : program_(program), columns_(static_cast<int>(program.variables.size())), model_(Cbc_newModel()) {
    std::vector<std::vector<std::pair<int, double>>> by_column(program.variables.size());
    std::vector<double> row_low, row_high;
    for (std::size_t r = 0; r < program.rows.size(); ++r) {
      const auto row = with_whole_sides(program.rows[r]);
      row_low.push_back(row.low);
      row_high.push_back(row.high);
      for (const auto& [i, factor] : row.terms) by_column[i].emplace_back(static_cast<int>(r), factor);
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

  BranchAndCut solve(std::size_t nodes) {
    Cbc_setParameter(model_, "log", "0");
    Cbc_setParameter(model_, "threads", "0");
    Cbc_setParameter(model_, "maxNodes", fmt::format("{}", nodes).c_str());
    Cbc_solve(model_);
    const double* found = Cbc_bestSolution(model_);
    BranchAndCut best{.values = {}, .proven = Cbc_isProvenOptimal(model_) != 0};
    for (int i = 0; found != nullptr && i < columns_; ++i) best.values.push_back(std::llround(found[i]));
    best.bound = bound();
    return best;
  }

 private:
  /// As the solver says, but for its tolerance; where all costs are whole numbers rounded to one.
  double bound() const {
    constexpr double beyond = 1e30, tolerance = 1e-6;
    const double unknown = program_.maximised ? HUGE_VAL : -HUGE_VAL;
    const double best = Cbc_getBestPossibleObjValue(model_);
    if (!(std::abs(best) < beyond)) return unknown;
    bool whole = true;
    for (const auto& v : program_.variables) whole = whole && v.cost == std::round(v.cost);
    const double slack = tolerance * std::max(1.0, std::abs(best));
    const double sure = program_.maximised ? best + slack : best - slack;
    if (!whole) return sure + program_.constant;
    return (program_.maximised ? std::floor(sure) : std::ceil(sure)) + program_.constant;
  }

  const IntegerProgram& program_;
  int columns_;
  Cbc_Model* model_;
};

}  // namespace

bool has_branch_and_cut() { return true; }

BranchAndCut branch_and_cut(const IntegerProgram& program, std::size_t nodes) {
  static std::mutex one_at_a_time;  // it keeps state of its own between its calls
  const std::lock_guard lock(one_at_a_time);
  return CbcProgram(program).solve(nodes);
}

#else

bool has_branch_and_cut() { return false; }

BranchAndCut branch_and_cut(const IntegerProgram&, std::size_t) {
  throw InputError("this qupel was built without CBC (coinor-libcbc-dev)");
}

#endif

}  // namespace qupel
