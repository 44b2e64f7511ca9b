#include "qupel/problem/tabular/planted.h"

#include <fmt/format.h>

#include <algorithm>

namespace qupel {
namespace {

constexpr std::size_t row_count = 600;

/// A table with the labels of `rule`, 2 % of them flipped.
template <typename Rule>
Planted classical_table(std::string_view name, Rule rule) {
  constexpr std::size_t columns = 6;
  constexpr double flipped = 0.02;
  Random random(key_of(name));
  Planted table{column_names(columns), uniform_rows(random, row_count, columns, -1, 1), {}};
  for (std::size_t r = 0; r < row_count; ++r) {
    const bool flip = random.uniform() < flipped;
    table.labels.emplace_back(rule(table.x.row(r)) != flip ? "a" : "b");
  }
  return table;
}

}  // namespace

Matrix<double> uniform_rows(Random& random, std::size_t rows, std::size_t columns, double low, double high) {
  Matrix<double> x(rows, columns);
  for (auto& value : x.values()) value = random.uniform(low, high);
  return x;
}

std::vector<std::string> column_names(std::size_t count) {
  std::vector<std::string> names;
  for (std::size_t c = 0; c < count; ++c) names.push_back(fmt::format("x{}", c));
  return names;
}

Planted planted_linear() {
  return classical_table("planted-linear-6d", [](std::span<const double> x) {
    return x[0] - 0.7 * x[1] + 0.5 * x[2] + 0.3 * x[3] - 0.2 * x[4] > 0.1;
  });
}

Planted planted_tree() {
  return classical_table("planted-tree-6d",
                         [](std::span<const double> x) { return x[0] > 0.1 ? x[1] > -0.3 : x[2] > 0.4; });
}

Planted planted_leak() {
  auto table = planted_linear();
  Matrix<double> x(row_count, table.x.columns() + 1);
  for (std::size_t r = 0; r < row_count; ++r) {
    const auto end = std::copy(table.x.row(r).begin(), table.x.row(r).end(), x.row(r).begin());
    *end = table.labels[r] == "a" ? 1 : 0;
  }
  table.x = std::move(x);
  table.columns.emplace_back("outcome_code");
  return table;
}

}  // namespace qupel
