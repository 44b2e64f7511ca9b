#pragma once
#include <cmath>
#include <limits>
#include <map>
#include <optional>

#include "qupel/problem/optimization/integer_program.h"
#include "qupel/problem/optimization/text_lines.h"

namespace qupel {

/// The bound of a variable that has none.
inline constexpr double unlimited = std::numeric_limits<double>::infinity();

/// A bound as solvers write it: 1e20 (CPLEX), 1e30 (others) and whatever is larger is none.
inline double limit_of(double written) {
  return std::abs(written) < 1e20 ? written : std::copysign(unlimited, written);
}

/// What the readers of integer programs share: variables by name, their bounds as far as they are known, and
/// what is checked at the end.
class ProgramBuilder {
 public:
  explicit ProgramBuilder(const TextLines& lines) : lines_(lines) {}

  /// The number of a variable, a new one if the name is. @throws InputError above the most there may be
  std::size_t variable(const TextLine& line, std::string_view name);
  bool has_variable(std::string_view name) const { return numbers_.contains(name); }
  void set_low(std::size_t i, double value) { low_[i] = value; }
  void set_low_if_none(std::size_t i, double value) { low_[i] = low_[i].value_or(value); }
  void set_high(std::size_t i, double value) { high_[i] = value; }
  void set_whole(std::size_t i) { whole_[i] = true; }
  void set_binary(std::size_t i) { whole_[i] = true, low_[i] = 0, high_[i] = 1; }
  bool whole(std::size_t i) const { return whole_[i]; }

  /// @param usual_high the upper bound of a variable without any bound
  /// @throws InputError naming a variable that is not whole, or without a bound within most_whole; or if
  /// there is nothing to decide
  IntegerProgram finish(double usual_high);

  IntegerProgram program;

 private:
  std::int64_t bound(std::size_t i, double value, std::string_view which) const;
  /// Gives variables without a bound the one that follows from the constraints and the others' bounds.
  void limit_by_rows();
  /// By sign * (sum of a row's terms) <= most. @returns whether there was one to give
  bool limit_by(const IntegerProgram::Row& row, double sign, double most);

  const TextLines& lines_;
  std::map<std::string, std::size_t, std::less<>> numbers_;
  std::vector<std::optional<double>> low_, high_;
  std::vector<bool> whole_;
};

}  // namespace qupel
