#include "qupel/problem/planted.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "qupel/base/random.h"
#include "qupel/engine/statevector/batch.h"

namespace qupel {
namespace {

constexpr std::size_t row_count = 600;

Matrix<double> uniform_rows(Random& random, std::size_t count, std::size_t columns) {
  Matrix<double> x(count, columns);
  for (auto& value : x.values()) value = random.uniform(-1, 1);
  return x;
}

std::vector<std::string> column_names(std::size_t count) {
  std::vector<std::string> names;
  for (std::size_t c = 0; c < count; ++c) names.push_back(fmt::format("x{}", c));
  return names;
}

/// A table with the labels of `rule`, 2 % of them flipped.
template <typename Rule>
Planted classical_table(std::string_view name, Rule rule) {
  constexpr std::size_t columns = 6;
  constexpr double flipped = 0.02;
  Random random(key_of(name));
  Planted table{column_names(columns), uniform_rows(random, row_count, columns), {}};
  for (std::size_t r = 0; r < row_count; ++r) {
    const bool flip = random.uniform() < flipped;
    table.labels.emplace_back(rule(table.x.row(r)) != flip ? "a" : "b");
  }
  return table;
}

constexpr int circuit_qubits = 4;

/// Slots: the features, then the products of pairs.
Circuit circuit_rule() {
  using std::numbers::pi;
  Circuit circuit(circuit_qubits);
  for (int q = 0; q < circuit_qubits; ++q) circuit.add("h", {q}).add("rz", {q}, {Angle::feature(q, pi)});
  int slot = circuit_qubits;
  for (int i = 0; i < circuit_qubits; ++i)
    for (int j = i + 1; j < circuit_qubits; ++j)
      circuit.add("rzz", {i, j}, {Angle::feature(slot++, pi * pi)});
  for (int q = 0; q < circuit_qubits; ++q) circuit.add("h", {q});
  return circuit;
}

std::vector<double> circuit_values(const Matrix<double>& x) {
  const auto circuit = circuit_rule();
  Matrix<double> slots(x.rows(), static_cast<std::size_t>(circuit.features()));
  for (std::size_t r = 0; r < x.rows(); ++r) {
    auto out = std::copy(x.row(r).begin(), x.row(r).end(), slots.row(r).begin());
    for (std::size_t i = 0; i < x.columns(); ++i)
      for (std::size_t j = i + 1; j < x.columns(); ++j) *out++ = x(r, i) * x(r, j);
  }
  const int measured[] = {0, 1};
  const BatchProgram program(circuit, {Observable::parity(measured)}, Precision::double_);
  const auto values = program.expectations(slots, {}, 1);
  return {values.values().begin(), values.values().end()};
}

}  // namespace

Planted planted_circuit() {
  constexpr double margin = 0.05;
  Random random(key_of("planted-circuit-4d"));
  const auto drawn = uniform_rows(random, 2 * row_count, circuit_qubits);
  const auto values = circuit_values(drawn);
  auto sorted = values;
  std::nth_element(sorted.begin(), sorted.begin() + row_count, sorted.end());
  const double median = sorted[row_count];
  Planted table{column_names(circuit_qubits), Matrix<double>(row_count, circuit_qubits), {}};
  for (std::size_t r = 0; r < drawn.rows() && table.labels.size() < row_count; ++r) {
    if (std::abs(values[r] - median) < margin) continue;
    std::copy(drawn.row(r).begin(), drawn.row(r).end(), table.x.row(table.labels.size()).begin());
    table.labels.emplace_back(values[r] > median ? "a" : "b");
  }
  return table;
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
