#include "qupel/problem/optimization/program_builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace qupel {
namespace {

constexpr std::size_t most_program_variables = 5'000;

/// Factors of the same variable are added; those that are 0 leave.
void merge_terms(IntegerProgram::Row& row) {
  std::map<std::size_t, double> factors;
  for (const auto& [i, factor] : row.terms) factors[i] += factor;
  std::erase_if(factors, [](const auto& term) { return term.second == 0; });
  row.terms.assign(factors.begin(), factors.end());
}

}  // namespace

std::size_t ProgramBuilder::variable(const TextLine& line, std::string_view name) {
  if (const auto found = numbers_.find(name); found != numbers_.end()) return found->second;
  if (program.variables.size() == most_program_variables)
    lines_.fail(line, fmt::format("more than {} variables", most_program_variables));
  numbers_.emplace(name, program.variables.size());
  program.variables.push_back({.name = std::string(name)});
  low_.emplace_back();
  high_.emplace_back();
  whole_.push_back(false);
  return program.variables.size() - 1;
}

std::int64_t ProgramBuilder::bound(std::size_t i, double value, std::string_view which) const {
  if (!(std::abs(value) <= static_cast<double>(most_whole)))
    lines_.fail(fmt::format("{} has no {} bound within {}, and no constraint gives it one: add it",
                            program.variables[i].name, which, most_whole));
  return static_cast<std::int64_t>(which == "lower" ? std::ceil(value - 1e-9) : std::floor(value + 1e-9));
}

bool ProgramBuilder::limit_by(const IntegerProgram::Row& row, double sign, double most) {
  bool any = false;
  for (const auto& [i, factor] : row.terms) {
    const bool above = sign * factor > 0;
    auto& bound = above ? high_[i] : low_[i];
    if (std::isfinite(bound.value_or(above ? unlimited : 0))) continue;
    double rest = most;
    for (const auto& [k, other] : row.terms)
      if (k != i)
        rest -= sign * other * (sign * other > 0 ? low_[k].value_or(0) : high_[k].value_or(unlimited));
    if (!std::isfinite(rest)) continue;
    bound = rest / (sign * factor);
    any = true;
  }
  return any;
}

void ProgramBuilder::limit_by_rows() {
  for (bool again = true; again;) {
    again = false;
    for (const auto& row : program.rows) {
      if (std::isfinite(row.high)) again = limit_by(row, 1, row.high) || again;
      if (std::isfinite(row.low)) again = limit_by(row, -1, -row.low) || again;
    }
  }
}

IntegerProgram ProgramBuilder::finish(double usual_high) {
  if (program.variables.empty()) lines_.fail("no variable in it");
  for (auto& row : program.rows) merge_terms(row);
  for (std::size_t i = 0; i < high_.size(); ++i)
    if (!high_[i] && !low_[i] && std::isfinite(usual_high)) high_[i] = usual_high;
  limit_by_rows();
  for (std::size_t i = 0; i < program.variables.size(); ++i) {
    auto& variable = program.variables[i];
    if (!whole_[i])
      lines_.fail(fmt::format(
          "{} is not said to be a whole number: Qupel decides about whole numbers; list it as General "
          "or Binary (in MPS between integer markers)",
          variable.name));
    variable.low = bound(i, low_[i].value_or(0), "lower");
    variable.high = bound(i, high_[i].value_or(unlimited), "upper");
    if (variable.low > variable.high)
      lines_.fail(
          fmt::format("{} is from {} to {}: no number is", variable.name, variable.low, variable.high));
  }
  return std::move(program);
}

}  // namespace qupel
