#pragma once
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "qupel/base/matrix.h"

namespace qupel {

/// Whole numbers within bounds that keep linear constraints, so that a linear objective is best.
struct IntegerProgram {
  struct Variable {
    std::string name;
    double cost = 0;
    std::int64_t low = 0, high = 1;
  };
  struct Row {
    std::string name;
    std::vector<std::pair<std::size_t, double>> terms;  ///< variable and factor, each variable once
    double low = -std::numeric_limits<double>::infinity(), high = std::numeric_limits<double>::infinity();
  };
  std::string name = {};
  bool maximised = false;
  double constant = 0;
  std::vector<Variable> variables = {};
  std::vector<Row> rows = {};
};

/// What a row is multiplied by to have whole factors: 1, 2, 3, 4, 5, 6, 10, 100 or 1000; nothing if none of
/// them makes them so.
std::optional<double> scale_to_whole(const IntegerProgram::Row& row);

inline constexpr std::int64_t most_whole = 1'000'000;  ///< that a variable may be, and minus it

/// The LP format of CPLEX: an objective ("Minimize", "Maximize"), "Subject To", "Bounds", "General",
/// "Binary", "End". @throws InputError with file and line; for a variable that is not said to be a whole
/// number or has no bound within most_whole, quadratic terms, and what else the format has
IntegerProgram read_lp(std::string_view text, std::string_view source);

/// MPS, free or fixed, with names without blanks: ROWS, COLUMNS with integer markers, RHS, RANGES, BOUNDS,
/// OBJSENSE. An integer variable without bounds is 0 or 1. @throws InputError as read_lp()
IntegerProgram read_mps(std::string_view text, std::string_view source);

/// The things of largest value that a sack holds. One qubit a thing, and as many more as the capacity has
/// binary digits.
IntegerProgram knapsack(const std::vector<double>& values, const std::vector<double>& weights,
                        double capacity);
/// Sets of largest value of which no two share an element. One qubit a set.
IntegerProgram set_packing(const std::vector<double>& values, const std::vector<std::vector<int>>& sets);
/// A job for each worker, at the least cost. One qubit a pair. @param costs workers x jobs, as many of each
IntegerProgram job_assignment(const Matrix<double>& costs);

}  // namespace qupel
