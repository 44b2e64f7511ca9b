#include "qupel/problem/tabular/quantum_tables.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

#include "qupel/problem/tabular/tabular.h"

// The definitions in quantum_tables.h again, by sums over basis states and small matrices.
namespace qupel {
namespace {

using std::numbers::pi;
using Amplitude = std::complex<double>;
using State = std::vector<Amplitude>;

double sign(std::size_t basis, std::size_t qubit) { return (basis >> qubit & 1) != 0 ? -1 : 1; }

State hadamards(const State& state) {
  State out(state.size());
  for (std::size_t s = 0; s < state.size(); ++s)
    for (std::size_t t = 0; t < state.size(); ++t)
      out[s] += state[t] * (std::popcount(s & t) % 2 == 0 ? 1.0 : -1.0) /
                std::sqrt(static_cast<double>(state.size()));
  return out;
}

State zeros(std::size_t qubits) {
  State state(std::size_t{1} << qubits);
  state[0] = 1;
  return state;
}

std::vector<std::string> families() {
  std::vector<std::string> names;
  for (const auto* family : {"ad-hoc-2d", "ad-hoc-3d", "ad-hoc-4d", "iqp-4d", "heisenberg-4d",
                             "product-of-cosines-3d", "product-of-cosines-4d"})
    for (int seed = 1; seed <= 9; ++seed) names.push_back(fmt::format("{}-seed-{}", family, seed));
  return names;
}

TEST(QuantumTables, AreBuiltInBalancedAndDifferent) {
  std::vector<double> first_cells;
  for (const auto& name : families()) {
    const auto problem = load_data_set(name, {});
    const auto rows = name.starts_with("iqp") ? 600u : 400u;
    ASSERT_EQ(problem.labels.size(), rows) << name;
    const auto ones = static_cast<std::size_t>(std::ranges::count(problem.labels, 1));
    if (name.starts_with("product"))
      EXPECT_NEAR(static_cast<double>(ones), 200, 40) << name;  // four deviations of fair labels
    else
      EXPECT_EQ(2 * ones, rows) << name;
    first_cells.push_back(problem.table.columns[0].numbers[0]);
    for (const auto& column : problem.table.columns)
      for (const double v : column.numbers) {
        if (name.starts_with("ad-hoc"))
          EXPECT_TRUE(v > 0 && v <= 2 * pi);
        else
          EXPECT_TRUE(v >= -1 && v <= 1);
      }
  }
  std::ranges::sort(first_cells);
  EXPECT_EQ(std::ranges::adjacent_find(first_cells), first_cells.end());
}

TEST(QuantumTables, HaarUnitariesAreUnitaryAndHaveNoPreferredPhase) {
  Random random(5);
  Amplitude sum = 0;
  double fourth = 0;
  constexpr int draws = 2000;
  for (int draw = 0; draw < draws; ++draw) {
    const auto v = haar_unitary(4, random);
    for (std::size_t a = 0; a < 4; ++a)
      for (std::size_t b = 0; b < 4; ++b) {
        Amplitude overlap = 0;
        for (std::size_t r = 0; r < 4; ++r) overlap += std::conj(v(r, a)) * v(r, b);
        EXPECT_NEAR(std::abs(overlap - (a == b ? 1.0 : 0.0)), 0, 1e-12);
      }
    sum += v(3, 3);
    fourth += std::pow(std::norm(v(3, 3)), 2);
  }
  EXPECT_LT(std::abs(sum) / draws, 4 * 0.5 / std::sqrt(draws));
  EXPECT_NEAR(fourth / draws, 2.0 / (4 * 5), 0.01);  // E |v|^4 = 2 / (n (n + 1))
}

void check_ad_hoc(const std::string& name, std::size_t qubits) {
  const auto table = ad_hoc_table(name, static_cast<int>(qubits));
  Random random(key_of(name));
  const auto size = std::size_t{1} << qubits;
  const auto v = haar_unitary(size, random);
  for (std::size_t row = 0; row < table.labels.size(); ++row) {
    const auto x = table.x.row(row);
    auto state = zeros(qubits);
    for (int layer = 0; layer < 2; ++layer) {
      state = hadamards(state);
      for (std::size_t s = 0; s < size; ++s) {
        double phase = 0;
        for (std::size_t i = 0; i < qubits; ++i) {
          phase += x[i] * sign(s, i);
          for (std::size_t j = i + 1; j < qubits; ++j)
            phase += (pi - x[i]) * (pi - x[j]) * sign(s, i) * sign(s, j);
        }
        state[s] *= std::polar(1.0, phase);
      }
    }
    double value = 0;
    for (std::size_t k = 0; k < size; ++k) {
      Amplitude amplitude = 0;
      for (std::size_t s = 0; s < size; ++s) amplitude += v(k, s) * state[s];
      value += std::norm(amplitude) * (std::popcount(k) % 2 == 0 ? 1 : -1);
    }
    EXPECT_GE(std::abs(value), 0.3 - 1e-9) << name << " row " << row;
    EXPECT_EQ(value > 0 ? "a" : "b", table.labels[row]) << name << " row " << row;
  }
}

TEST(QuantumTables, AdHocLabelsFollowTheDefinition) {
  check_ad_hoc("ad-hoc-2d-seed-1", 2);
  check_ad_hoc("ad-hoc-3d-seed-4", 3);
  check_ad_hoc("ad-hoc-4d-seed-9", 4);
}

TEST(QuantumTables, IqpLabelsFollowTheDefinition) {
  const auto table = iqp_table("iqp-4d-seed-2");
  Random random(key_of("iqp-4d-seed-2"));
  std::vector<double> weights;
  for (const double middle : {pi, pi, pi, pi, pi * pi, pi * pi, pi * pi, pi * pi, pi * pi, pi * pi}) {
    const double length = middle * random.uniform(0.5, 1.5);
    weights.push_back(random.uniform() < 0.5 ? -length : length);
  }
  double lowest_a = 1, highest_b = -1;
  for (std::size_t row = 0; row < table.labels.size(); ++row) {
    const auto x = table.x.row(row);
    auto state = hadamards(zeros(4));
    for (std::size_t s = 0; s < state.size(); ++s) {
      double angle = 0;
      auto weight = weights.begin();
      for (std::size_t i = 0; i < 4; ++i) angle += *weight++ * x[i] * sign(s, i);
      for (std::size_t i = 0; i < 4; ++i)
        for (std::size_t j = i + 1; j < 4; ++j) angle += *weight++ * x[i] * x[j] * sign(s, i) * sign(s, j);
      state[s] *= std::polar(1.0, -angle / 2);
    }
    state = hadamards(state);
    double value = 0;
    for (std::size_t s = 0; s < state.size(); ++s) value += std::norm(state[s]) * sign(s, 0) * sign(s, 1);
    if (table.labels[row] == "a")
      lowest_a = std::min(lowest_a, value);
    else
      highest_b = std::max(highest_b, value);
  }
  EXPECT_GT(lowest_a - highest_b, 0.1 - 1e-9);
}

TEST(QuantumTables, HeisenbergLabelsFollowTheDefinition) {
  const std::string name = "heisenberg-4d-seed-3";
  const auto table = heisenberg_table(name);
  constexpr std::size_t qubits = 5, size = 32, rows = 400;
  Random random(key_of(name));
  State start(size, 1);
  for (std::size_t q = 0; q < qubits; ++q) {
    const double polar = std::acos(random.uniform(-1, 1));
    const double phase = random.uniform(0, 2 * pi);
    for (std::size_t s = 0; s < size; ++s)
      start[s] *= (s >> q & 1) != 0 ? std::polar(std::sin(polar / 2), phase) : std::cos(polar / 2);
  }
  for (int i = 0; i < 4 * 400; ++i) random.uniform();  // the rows

  Matrix<double> paulis(rows, 3 * qubits);
  for (std::size_t row = 0; row < rows; ++row) {
    auto state = start;
    for (int step = 0; step < 20; ++step)
      for (std::size_t j = 0; j < 4; ++j) {
        // XX + YY + ZZ = 2 SWAP - 1
        const double angle = 16.0 / 3 / 20 * table.x(row, j);
        auto next = state;
        for (std::size_t s = 0; s < size; ++s) {
          const auto low = s >> j & 1, high = s >> (j + 1) & 1;
          const auto swapped = low == high ? s : s ^ (std::size_t{3} << j);
          next[s] = std::polar(1.0, angle) *
                    (std::cos(2 * angle) * state[s] - Amplitude(0, std::sin(2 * angle)) * state[swapped]);
        }
        state = next;
      }
    for (std::size_t q = 0; q < qubits; ++q) {
      Amplitude coherence = 0;
      double z = 0;
      for (std::size_t s = 0; s < size; ++s) {
        z += std::norm(state[s]) * sign(s, q);
        if ((s >> q & 1) == 0) coherence += std::conj(state[s]) * state[s | std::size_t{1} << q];
      }
      paulis(row, 3 * q) = 2 * coherence.real();
      paulis(row, 3 * q + 1) = 2 * coherence.imag();
      paulis(row, 3 * q + 2) = z;
    }
  }

  const auto distance = [&](std::size_t a, std::size_t b) {
    double sum = 0;
    for (std::size_t k = 0; k < 3 * qubits; ++k) sum += std::pow(paulis(a, k) - paulis(b, k), 2);
    return sum;
  };
  std::vector<double> distances;
  for (std::size_t a = 0; a < rows; ++a)
    for (std::size_t b = 0; b < a; ++b) distances.push_back(distance(a, b));
  std::ranges::sort(distances);
  const double gamma = 4 / (distances[distances.size() / 2 - 1] + distances[distances.size() / 2]);
  const auto order = random.permutation(rows);
  std::vector<double> values(rows);
  for (std::size_t k = 0; k < 30; ++k) {
    const double weight = random.normal();
    for (std::size_t row = 0; row < rows; ++row)
      values[row] += weight * std::exp(-gamma * distance(row, order[k]));
  }
  double lowest_a = 1e9, highest_b = -1e9;
  for (std::size_t row = 0; row < rows; ++row)
    if (table.labels[row] == "a")
      lowest_a = std::min(lowest_a, values[row]);
    else
      highest_b = std::max(highest_b, values[row]);
  EXPECT_GT(lowest_a, highest_b);
}

TEST(QuantumTables, ProductOfCosinesLabelsFollowTheDefinition) {
  const auto table = product_of_cosines_table("product-of-cosines-3d-seed-1", 3);
  for (std::size_t row = 0; row < table.labels.size(); ++row) {
    int outside = 0;  // cosines below zero
    for (const double x : table.x.row(row)) outside += std::abs(x) > 0.5 ? 1 : 0;
    EXPECT_EQ(outside % 2 == 0 ? "a" : "b", table.labels[row]);
  }
}

}  // namespace
}  // namespace qupel
