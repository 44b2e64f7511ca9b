#include "qupel/problem/optimization/vector_relaxation.h"

#include <fmt/format.h>

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <limits>

#include "qupel/base/error.h"
#include "qupel/base/interrupt.h"

namespace qupel {
namespace {

/// x = (1 - s) / 2: couplings between spins, linear terms as couplings with one more spin.
Qubo with_sign(const Qubo& qubo) {
  auto names = qubo.names;
  names.emplace_back("sign");
  QuboBuilder spins(std::move(names));
  spins.add(qubo.constant);
  for (std::size_t i = 0; i < qubo.size(); ++i) {
    spins.add(qubo.linear[i] / 2);
    spins.add(i, qubo.size(), -qubo.linear[i] / 2);
  }
  for (const auto& c : qubo.couplings) {
    spins.add(c.weight / 4);
    spins.add(c.a, c.b, c.weight / 4);
    spins.add(c.a, qubo.size(), -c.weight / 4);
    spins.add(c.b, qubo.size(), -c.weight / 4);
  }
  return std::move(spins).build();
}

double normalise(std::span<double> vector) {
  double square = 0;
  for (const double x : vector) square += x * x;
  const double length = std::sqrt(square);
  if (length > 0)
    for (double& x : vector) x /= length;
  return length;
}

bool is_whole(const Qubo& qubo) {
  const auto whole = [](double weight) { return weight == std::round(weight); };
  return whole(qubo.constant) && std::ranges::all_of(qubo.linear, whole) &&
         std::ranges::all_of(qubo.couplings, whole, &Coupling::weight);
}

}  // namespace

VectorRelaxation::VectorRelaxation(const Qubo& qubo, Random& random) {
  const auto spins = with_sign(qubo);
  constant_ = spins.constant;
  neighbours_ = neighbours_of(spins);
  const auto count = spins.size();
  const auto dimensions = static_cast<std::size_t>(std::ceil(std::sqrt(2 * static_cast<double>(count)))) + 1;
  vectors_ = Matrix<double>(count, dimensions);
  for (std::size_t i = 0; i < count; ++i) {
    for (double& x : vectors_.row(i)) x = random.normal();
    normalise(vectors_.row(i));
  }
}

void VectorRelaxation::solve() {
  constexpr double products = 1e9, fewest = 20, most = 2000;
  const double a_sweep =
      static_cast<double>(neighbours_.other.size()) * static_cast<double>(vectors_.columns());
  const auto most_sweeps =
      static_cast<std::size_t>(std::clamp(products / std::max(1.0, a_sweep), fewest, most));
  while (sweeps_ < most_sweeps) {
    check_interrupt();
    double moved = 0;
    for (std::size_t i = 0; i < vectors_.rows(); ++i) moved = std::max(moved, improve(i));
    ++sweeps_;
    if (moved < 1e-7) return;
  }
}

Bits VectorRelaxation::round(Random& random) const {
  std::vector<double> normal(vectors_.columns());
  for (double& x : normal) x = random.normal();
  const auto side = [&](std::size_t i) {
    double sum = 0;
    for (std::size_t d = 0; d < normal.size(); ++d) sum += normal[d] * vectors_(i, d);
    return sum >= 0;
  };
  const auto last = vectors_.rows() - 1;
  Bits bits(last);
  for (std::size_t i = 0; i < last; ++i) bits[i] = side(i) == side(last) ? 0 : 1;
  return bits;
}

void VectorRelaxation::pull(std::size_t i, std::vector<double>& direction) const {
  direction.assign(vectors_.columns(), 0);
  for (auto k = neighbours_.first[i]; k < neighbours_.first[i + 1]; ++k) {
    const auto other = vectors_.row(neighbours_.other[k]);
    for (std::size_t d = 0; d < direction.size(); ++d) direction[d] -= neighbours_.weight[k] * other[d];
  }
}

double VectorRelaxation::improve(std::size_t i) {
  pull(i, direction_);
  if (normalise(direction_) == 0) return 0;
  const auto own = vectors_.row(i);
  double moved = 0;
  for (std::size_t d = 0; d < direction_.size(); ++d) {
    moved = std::max(moved, std::abs(own[d] - direction_[d]));
    own[d] = direction_[d];
  }
  return moved;
}

// For signs s and numbers y: s'Js/2 = s'(J/2 + diag y)s - sum y, at least -sum y where that matrix has no
// negative eigenvalue, which a Cholesky decomposition shows.
double VectorRelaxation::lower_bound() const {
  const auto count = vectors_.rows();
  const auto n = static_cast<Eigen::Index>(count);
  Eigen::MatrixXd matrix = Eigen::MatrixXd::Zero(n, n);
  double sum = 0, largest = 0;
  std::vector<double> direction;
  for (std::size_t i = 0; i < count; ++i) {
    pull(i, direction);
    const double held = normalise(direction) / 2;
    sum += held, largest = std::max(largest, held);
    matrix(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(i)) = held;
    for (auto k = neighbours_.first[i]; k < neighbours_.first[i + 1]; ++k)
      matrix(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(neighbours_.other[k])) =
          neighbours_.weight[k] / 2;
  }
  if (largest == 0) return constant_;
  constexpr int most_trials = 20;  // the last adds more than the largest by far
  double added = 0, more = 1e-8 * largest;
  for (int trial = 0; trial < most_trials; ++trial, more *= 4) {
    check_interrupt();
    matrix.diagonal().array() += more;
    added += more;
    if (Eigen::LLT<Eigen::MatrixXd>(matrix).info() == Eigen::Success)
      return constant_ - sum - static_cast<double>(count) * added;
  }
  return -std::numeric_limits<double>::infinity();  // weights beyond what numbers hold
}

double relaxed_bound(const Qubo& qubo) {
  if (qubo.size() > most_bounded)
    throw InputError(fmt::format("a bound by the relaxation of {} variables: it takes up to {}", qubo.size(),
                                 most_bounded));
  Random random(key_of("bound"));
  VectorRelaxation relaxation(qubo, random);
  relaxation.solve();
  const double bound = relaxation.lower_bound();
  return is_whole(qubo) ? std::ceil(bound - 1e-6) : bound;
}

}  // namespace qupel
