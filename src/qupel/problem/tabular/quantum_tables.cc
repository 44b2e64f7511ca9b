#include "qupel/problem/tabular/quantum_tables.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <numbers>
#include <stdexcept>

#include "qupel/execute/executor.h"
#include "qupel/problem/tabular/median.h"

namespace qupel {
namespace {

using std::numbers::pi;
using Amplitude = std::complex<double>;

/// The features, then what `pair` makes of each two.
template <typename Pair>
Matrix<double> with_pairs(const Matrix<double>& x, Pair pair) {
  const auto d = x.columns();
  Matrix<double> slots(x.rows(), d + d * (d - 1) / 2);
  for (std::size_t r = 0; r < x.rows(); ++r) {
    auto out = std::copy(x.row(r).begin(), x.row(r).end(), slots.row(r).begin());
    for (std::size_t i = 0; i < d; ++i)
      for (std::size_t j = i + 1; j < d; ++j) *out++ = pair(x(r, i), x(r, j));
  }
  return slots;
}

/// RZ(scale[i] slot[i]) on every qubit, RZZ(scale[slot] slot) on every pair.
void add_phases(Circuit& circuit, const std::vector<double>& scales) {
  int slot = 0;
  const auto next = [&] {
    const auto angle = Angle::feature(slot, scales[static_cast<std::size_t>(slot)]);
    ++slot;
    return angle;
  };
  for (int q = 0; q < circuit.qubits(); ++q) circuit.add("rz", {q}, {next()});
  for (int i = 0; i < circuit.qubits(); ++i)
    for (int j = i + 1; j < circuit.qubits(); ++j) circuit.add("rzz", {i, j}, {next()});
}

void add_hadamards(Circuit& circuit) {
  for (int q = 0; q < circuit.qubits(); ++q) circuit.add("h", {q});
}

std::size_t pairs(int count) { return static_cast<std::size_t>(count * (count - 1) / 2); }

std::size_t width(int features) { return static_cast<std::size_t>(features); }
Planted empty_table(int features) { return {column_names(width(features)), {}, {}}; }

/// Collects rows until each label has half of them, then shuffles.
class HalfEach {
 public:
  HalfEach(std::size_t rows, int features) : half_(rows / 2), features_(width(features)) {}

  bool full() const { return above_.size() == half_ * features_ && below_.size() == half_ * features_; }
  void add(std::span<const double> row, double value) {
    auto& side = value > 0 ? above_ : below_;
    if (side.size() < half_ * features_) side.insert(side.end(), row.begin(), row.end());
  }
  Planted shuffled(Random& random) const {
    if (!full()) throw std::logic_error("too few rows of a label were drawn");
    auto table = empty_table(static_cast<int>(features_));
    table.x = Matrix<double>(2 * half_, features_);
    for (const auto at : random.permutation(2 * half_)) {
      const bool is_above = at < half_;
      const auto from = std::span(is_above ? above_ : below_).subspan((at % half_) * features_, features_);
      std::ranges::copy(from, table.x.row(table.labels.size()).begin());
      table.labels.emplace_back(is_above ? "a" : "b");
    }
    return table;
  }

 private:
  std::size_t half_, features_;
  std::vector<double> above_, below_;  // row after row
};

/// V+ Z..Z V.
Matrix<Amplitude> random_parity(std::size_t size, Random& random) {
  const auto v = haar_unitary(size, random);
  Matrix<Amplitude> observable(size, size);
  for (std::size_t s = 0; s < size; ++s)
    for (std::size_t t = 0; t < size; ++t)
      for (std::size_t k = 0; k < size; ++k)
        observable(s, t) += std::conj(v(k, s)) * v(k, t) * (std::popcount(k) % 2 == 0 ? 1.0 : -1.0);
  return observable;
}

double expectation(const Matrix<Amplitude>& observable, std::span<const Amplitude> state) {
  double sum = 0;
  for (std::size_t s = 0; s < state.size(); ++s)
    for (std::size_t t = 0; t < state.size(); ++t)
      sum += (std::conj(state[s]) * observable(s, t) * state[t]).real();
  return sum;
}

Circuit zz_map(int qubits) {
  Circuit circuit(qubits);
  const std::vector<double> scales(static_cast<std::size_t>(qubits) + pairs(qubits), -2);
  for (int layer = 0; layer < 2; ++layer) {
    add_hadamards(circuit);
    add_phases(circuit, scales);
  }
  return circuit;
}

/// <Z0 Z1> of each row after H, phases by the features and their products, H.
std::vector<double> iqp_values(const Matrix<double>& x, const std::vector<double>& scales) {
  Circuit circuit(static_cast<int>(x.columns()));
  add_hadamards(circuit);
  add_phases(circuit, scales);
  add_hadamards(circuit);
  const int measured[] = {0, 1};
  Executor executor(Precision::double_);
  const auto prepared = executor.prepare(circuit, {Observable::parity(measured)});
  const auto values = executor.expectations(prepared, with_pairs(x, std::multiplies{}), {}).values;
  return {values.values().begin(), values.values().end()};
}

/// A length around `middle`, with a random sign.
double coupling(Random& random, double middle) {
  const double length = middle * random.uniform(0.5, 1.5);
  return random.uniform() < 0.5 ? -length : length;
}

constexpr int line_features = 4, line_steps = 20;

/// A line of qubits in random product states, evolving with the features as couplings.
Circuit random_evolution(Random& random) {
  constexpr double time = 4.0 / 3 * line_features;
  Circuit circuit(line_features + 1);
  for (int q = 0; q < circuit.qubits(); ++q) {
    const double polar = std::acos(random.uniform(-1, 1));
    circuit.add("ry", {q}, {polar}).add("rz", {q}, {random.uniform(0, 2 * pi)});
  }
  for (int step = 0; step < line_steps; ++step)
    for (int j = 0; j < line_features; ++j)
      for (const auto* axes : {"rxx", "ryy", "rzz"})
        circuit.add(axes, {j, j + 1}, {Angle::feature(j, 2 * time / line_steps)});
  return circuit;
}

std::vector<Observable> one_qubit_paulis(int qubits) {
  std::vector<Observable> paulis;
  for (int q = 0; q < qubits; ++q)
    for (const char letter : {'X', 'Y', 'Z'}) paulis.push_back({{{1, {{q, letter}}}}});
  return paulis;
}

double squared_distance(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

/// A random sum of Gaussian bumps on some of the points, at every point.
std::vector<double> random_bumps(const Matrix<double>& points, std::size_t bumps, Random& random) {
  const auto rows = points.rows();
  std::vector<double> distances, values(rows);
  for (std::size_t a = 0; a < rows; ++a)
    for (std::size_t b = 0; b < a; ++b) distances.push_back(squared_distance(points.row(a), points.row(b)));
  const double gamma = 2 / median(distances);
  const auto order = random.permutation(rows);
  for (std::size_t k = 0; k < bumps; ++k) {
    const double weight = random.normal();
    for (std::size_t row = 0; row < rows; ++row)
      values[row] += weight * std::exp(-gamma * squared_distance(points.row(row), points.row(order[k])));
  }
  return values;
}

}  // namespace

Matrix<Amplitude> haar_unitary(std::size_t size, Random& random) {
  Matrix<Amplitude> v(size, size);
  for (auto& value : v.values()) {
    const double real = random.normal();
    value = {real, random.normal()};
  }
  for (std::size_t c = 0; c < size; ++c) {
    for (std::size_t before = 0; before < c; ++before) {
      Amplitude overlap = 0;
      for (std::size_t r = 0; r < size; ++r) overlap += std::conj(v(r, before)) * v(r, c);
      for (std::size_t r = 0; r < size; ++r) v(r, c) -= overlap * v(r, before);
    }
    double norm = 0;
    for (std::size_t r = 0; r < size; ++r) norm += std::norm(v(r, c));
    for (std::size_t r = 0; r < size; ++r) v(r, c) /= std::sqrt(norm);
  }
  return v;
}

Planted planted_circuit() {
  constexpr std::size_t rows = 600;
  constexpr double margin = 0.05;
  constexpr int qubits = 4;
  Random random(key_of("planted-circuit-4d"));
  const auto drawn = uniform_rows(random, 2 * rows, width(qubits), -1, 1);
  std::vector<double> scales(width(qubits), pi);
  scales.resize(scales.size() + pairs(qubits), pi * pi);
  const auto values = iqp_values(drawn, scales);
  auto sorted = values;
  std::nth_element(sorted.begin(), sorted.begin() + rows, sorted.end());
  const double middle = sorted[rows];
  auto table = empty_table(qubits);
  table.x = Matrix<double>(rows, width(qubits));
  for (std::size_t r = 0; r < drawn.rows() && table.labels.size() < rows; ++r) {
    if (std::abs(values[r] - middle) < margin) continue;
    std::ranges::copy(drawn.row(r), table.x.row(table.labels.size()).begin());
    table.labels.emplace_back(values[r] > middle ? "a" : "b");
  }
  return table;
}

Planted ad_hoc_table(std::string_view name, int features) {
  constexpr std::size_t rows = 400, draws = 2000;
  constexpr double gap = 0.3;
  Random random(key_of(name));
  const auto observable = random_parity(std::size_t{1} << features, random);
  Executor executor(Precision::double_);
  const auto prepared = executor.prepare(zz_map(features), {});
  HalfEach table(rows, features);
  while (!table.full()) {
    auto x = uniform_rows(random, draws, width(features), 0, 2 * pi);
    for (auto& value : x.values()) value = 2 * pi - value;
    const auto states =
        executor.states(prepared, with_pairs(x, [](double a, double b) { return (pi - a) * (pi - b); }), {});
    for (std::size_t r = 0; r < draws; ++r)
      if (const double value = expectation(observable, states.row(r)); std::abs(value) >= gap)
        table.add(x.row(r), value);
  }
  return table.shuffled(random);
}

Planted iqp_table(std::string_view name) {
  constexpr std::size_t rows = 600;
  constexpr double margin = 0.05;
  constexpr int qubits = 4;
  Random random(key_of(name));
  std::vector<double> scales;
  for (int i = 0; i < qubits; ++i) scales.push_back(coupling(random, pi));
  for (std::size_t i = 0; i < pairs(qubits); ++i) scales.push_back(coupling(random, pi * pi));
  const auto x = uniform_rows(random, 6 * rows, width(qubits), -1, 1);
  const auto values = iqp_values(x, scales);
  const double middle = median(values);
  HalfEach table(rows, qubits);
  for (std::size_t r = 0; r < x.rows(); ++r)
    if (std::abs(values[r] - middle) > margin) table.add(x.row(r), values[r] - middle);
  return table.shuffled(random);
}

Planted heisenberg_table(std::string_view name) {
  constexpr std::size_t rows = 400, bumps = 30;
  Random random(key_of(name));
  const auto circuit = random_evolution(random);
  Executor executor(Precision::double_);
  const auto prepared = executor.prepare(circuit, one_qubit_paulis(circuit.qubits()));
  auto table = empty_table(line_features);
  table.x = uniform_rows(random, rows, width(line_features), -1, 1);
  const auto values = random_bumps(executor.expectations(prepared, table.x, {}).values, bumps, random);
  const double middle = median(values);
  for (const double value : values) table.labels.emplace_back(value > middle ? "a" : "b");
  return table;
}

Planted product_of_cosines_table(std::string_view name, int features) {
  constexpr std::size_t rows = 400;
  Random random(key_of(name));
  auto table = empty_table(features);
  table.x = uniform_rows(random, rows, width(features), -1, 1);
  for (std::size_t r = 0; r < rows; ++r) {
    double product = 1;
    for (const double x : table.x.row(r)) product *= std::cos(pi * x);
    table.labels.emplace_back(product > 0 ? "a" : "b");
  }
  return table;
}

}  // namespace qupel
