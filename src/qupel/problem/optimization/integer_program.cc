#include "qupel/problem/optimization/integer_program.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace qupel {

std::optional<double> scale_to_whole(const IntegerProgram::Row& row) {
  for (const double scale : {1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 10.0, 100.0, 1000.0}) {
    const auto whole = [&](const auto& term) {
      return std::abs(term.second * scale - std::round(term.second * scale)) < 1e-9 * scale;
    };
    if (std::ranges::all_of(row.terms, whole)) return scale;
  }
  return std::nullopt;
}

IntegerProgram knapsack(const std::vector<double>& values, const std::vector<double>& weights,
                        double capacity) {
  IntegerProgram program;
  program.maximised = true;
  IntegerProgram::Row row{.name = "capacity", .terms = {}, .high = capacity};
  for (std::size_t i = 0; i < values.size(); ++i) {
    program.variables.push_back({.name = fmt::format("thing {}", i + 1), .cost = values[i]});
    row.terms.emplace_back(i, weights[i]);
  }
  program.rows.push_back(std::move(row));
  return program;
}

IntegerProgram set_packing(const std::vector<double>& values, const std::vector<std::vector<int>>& sets) {
  IntegerProgram program;
  program.maximised = true;
  std::map<int, std::vector<std::size_t>> holders;
  for (std::size_t s = 0; s < sets.size(); ++s) {
    program.variables.push_back({.name = fmt::format("set {}", s + 1), .cost = values[s]});
    for (const int element : sets[s]) holders[element].push_back(s);
  }
  for (const auto& [element, those] : holders) {
    if (those.size() < 2) continue;
    IntegerProgram::Row row{.name = fmt::format("element {}", element), .terms = {}, .high = 1};
    for (const auto s : those) row.terms.emplace_back(s, 1);
    program.rows.push_back(std::move(row));
  }
  return program;
}

IntegerProgram job_assignment(const Matrix<double>& costs) {
  IntegerProgram program;
  const auto count = costs.rows();
  for (std::size_t w = 0; w < count; ++w)
    for (std::size_t j = 0; j < count; ++j)
      program.variables.push_back(
          {.name = fmt::format("worker {} job {}", w + 1, j + 1), .cost = costs(w, j)});
  for (std::size_t k = 0; k < count; ++k) {
    IntegerProgram::Row one{.name = fmt::format("worker {}", k + 1), .terms = {}, .low = 1, .high = 1},
        other = one;
    other.name = fmt::format("job {}", k + 1);
    for (std::size_t i = 0; i < count; ++i) {
      one.terms.emplace_back(k * count + i, 1);
      other.terms.emplace_back(i * count + k, 1);
    }
    program.rows.push_back(std::move(one));
    program.rows.push_back(std::move(other));
  }
  return program;
}

}  // namespace qupel
