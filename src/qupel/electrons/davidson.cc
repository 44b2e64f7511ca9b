#include "qupel/electrons/davidson.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "qupel/base/decompositions.h"
#include "qupel/base/error.h"
#include "qupel/base/interrupt.h"
#include "qupel/base/random.h"
#include "qupel/base/usable_memory.h"
#include "qupel/electrons/kernels.h"

namespace qupel {
namespace {

constexpr std::size_t model_space = 120;  // determinants whose Hamiltonian is diagonalised for a start
using Vector = std::vector<double>;

double dot(const Vector& a, const Vector& b) {
  return sector::kernels<double>().dot(a.data(), b.data(), a.size());
}
void add(double factor, const Vector& from, Vector& to) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] += factor * from[i];
}

std::vector<std::size_t> lowest_places(const Vector& diagonal, std::size_t count) {
  std::vector<std::size_t> order(diagonal.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  count = std::min(count, order.size());
  std::partial_sort(
      order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
      [&](std::size_t a, std::size_t b) { return std::pair(diagonal[a], a) < std::pair(diagonal[b], b); });
  order.resize(count);
  return order;
}

std::size_t most_vectors(const DavidsonOptions& options) {
  return std::max<std::size_t>(4 * options.states + 8, 12);
}

/// One run. Basis vectors and their images are kept.
class Davidson {
 public:
  Davidson(const SymmetricMatrix& matrix, std::vector<Vector> guesses, const DavidsonOptions& options)
      : options_(options), matrix_(matrix), diagonal_(matrix.diagonal) {
    for (auto& guess : guesses) take(std::move(guess));
  }

  Eigenstates run() {
    Eigenstates found;
    while (true) {
      check_interrupt();
      solve_within();
      ++found.iterations;
      const bool converged = add_corrections() == 0;
      if (converged || found.iterations >= options_.most_iterations || basis_.size() == images_.size()) {
        found.converged = converged;
        break;
      }
    }
    for (std::size_t k = 0; k < options_.states; ++k) {
      found.energies.push_back(values_[static_cast<Eigen::Index>(k)]);
      found.vectors.push_back(combined(basis_, k, images_.size()));
    }
    return found;
  }

 private:
  /// Adds a vector to the basis, orthonormal to the others. False: nothing of it is left.
  bool take(Vector vector) {
    const double before = std::sqrt(dot(vector, vector));
    if (before == 0) return false;
    for (int twice = 0; twice < 2; ++twice)
      for (const auto& other : basis_) add(-dot(other, vector), other, vector);
    const double left = std::sqrt(dot(vector, vector));
    if (left < 1e-8 * before) return false;
    for (double& value : vector) value /= left;
    basis_.push_back(std::move(vector));
    return true;
  }

  void solve_within() {
    while (images_.size() < basis_.size()) {
      Vector image(diagonal_.size());
      matrix_.apply(basis_[images_.size()], image);
      images_.push_back(std::move(image));
    }
    const auto n = static_cast<Eigen::Index>(basis_.size());
    const auto known = small_.rows();
    small_.conservativeResize(n, n);
    for (Eigen::Index i = known; i < n; ++i)
      for (Eigen::Index j = 0; j <= i; ++j)
        small_(i, j) = small_(j, i) =
            dot(basis_[static_cast<std::size_t>(j)], images_[static_cast<std::size_t>(i)]);
    auto solved = symmetric_eigen(small_);
    values_ = std::move(solved.values);
    weights_ = std::move(solved.vectors);
  }

  Vector combined(const std::vector<Vector>& vectors, std::size_t state, std::size_t count) const {
    Vector sum(diagonal_.size());
    for (std::size_t i = 0; i < count; ++i)
      add(weights_(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(state)), vectors[i], sum);
    return sum;
  }

  /// How many states are not converged; the basis gets a correction for each.
  std::size_t add_corrections() {
    std::vector<Vector> corrections, residuals;
    const auto solved = images_.size();
    for (std::size_t k = 0; k < options_.states; ++k) {
      const double energy = values_[static_cast<Eigen::Index>(k)];
      auto residual = combined(images_, k, solved);
      add(-energy, combined(basis_, k, solved), residual);
      if (std::sqrt(dot(residual, residual)) < options_.tolerance) continue;
      residuals.push_back(residual);
      for (std::size_t i = 0; i < residual.size(); ++i) {
        double gap = diagonal_[i] - energy;
        if (std::abs(gap) < 1e-4) gap = gap < 0 ? -1e-4 : 1e-4;
        residual[i] /= -gap;
      }
      corrections.push_back(std::move(residual));
    }
    if (corrections.empty()) return 0;
    if (solved + corrections.size() > most_vectors(options_)) restart();
    // Of a diagonal matrix, as one electron has, the correction is the vector again; the residual is not.
    for (std::size_t k = 0; k < corrections.size(); ++k)
      if (!take(std::move(corrections[k]))) take(std::move(residuals[k]));
    return corrections.size();
  }

  /// The basis becomes the states found so far.
  void restart() {
    std::vector<Vector> states, images;
    const auto solved = images_.size();
    for (std::size_t k = 0; k < options_.states; ++k) {
      states.push_back(combined(basis_, k, solved));
      images.push_back(combined(images_, k, solved));
    }
    basis_ = std::move(states);
    images_ = std::move(images);
    const auto n = static_cast<Eigen::Index>(options_.states);
    small_ = values_.head(n).asDiagonal();
    weights_ = Eigen::MatrixXd::Identity(n, n);
  }

  const DavidsonOptions& options_;
  const SymmetricMatrix& matrix_;
  const Vector& diagonal_;
  std::vector<Vector> basis_, images_;
  Eigen::MatrixXd small_, weights_;
  Eigen::VectorXd values_;
};

/// A small random vector. The lowest determinants may have another symmetry than the lowest state, which a
/// start without any part of it would never find.
Vector of_all_symmetries(const Vector& diagonal, std::size_t state) {
  constexpr double size = 0.03;
  Random random(derive(key_of("davidson"), {state}));
  const double lowest = *std::ranges::min_element(diagonal);
  Vector part(diagonal.size());
  for (std::size_t i = 0; i < part.size(); ++i) part[i] = random.normal() / (1 + diagonal[i] - lowest);
  const double norm = std::sqrt(dot(part, part));
  for (double& value : part) value *= size / norm;
  return part;
}

/// Eigenvectors of the Hamiltonian among the determinants with the lowest diagonal elements.
std::vector<Vector> model_states(const OrbitalIntegrals& integrals, const Sector& sector,
                                 const Vector& diagonal, std::size_t states) {
  const auto places = lowest_places(diagonal, std::max(model_space, 4 * states));
  const auto n = static_cast<Eigen::Index>(places.size());
  Eigen::MatrixXd small(n, n);
  for (Eigen::Index i = 0; i < n; ++i)
    for (Eigen::Index j = 0; j <= i; ++j)
      small(i, j) = small(j, i) =
          matrix_element(integrals, sector.determinant(places[static_cast<std::size_t>(i)]),
                         sector.determinant(places[static_cast<std::size_t>(j)]));
  const auto solved = symmetric_eigen(small);
  std::vector<Vector> guesses;
  for (std::size_t k = 0; k < states; ++k) {
    Vector guess = of_all_symmetries(diagonal, k);
    for (Eigen::Index i = 0; i < n; ++i)
      guess[places[static_cast<std::size_t>(i)]] += solved.vectors(i, static_cast<Eigen::Index>(k));
    guesses.push_back(std::move(guess));
  }
  return guesses;
}

}  // namespace

Eigenstates lowest_eigenstates(const SymmetricMatrix& matrix, std::vector<std::vector<double>> guesses,
                               const DavidsonOptions& options) {
  return Davidson(matrix, std::move(guesses), options).run();
}

Eigenstates lowest_states(const OrbitalIntegrals& integrals, const Sector& sector,
                          const DavidsonOptions& options) {
  if (options.states < 1 || options.states > sector.size())
    throw InputError(fmt::format("{} states of {} determinants", options.states, sector.size()));
  require_bytes(
      16.0 * static_cast<double>(sector.size()) * static_cast<double>(most_vectors(options) + options.states),
      fmt::format("the eigenvectors of {} determinants", sector.size()));
  const SectorHamiltonian<double> hamiltonian(integrals, sector);
  const SymmetricMatrix matrix{hamiltonian.diagonal(),
                               [&](std::span<const double> vector, std::span<double> image) {
                                 hamiltonian.apply(vector, image, options.threads);
                               }};
  auto found =
      lowest_eigenstates(matrix, model_states(integrals, sector, matrix.diagonal, options.states), options);
  for (double& energy : found.energies) energy += integrals.core;
  return found;
}

double spin_squared(const Sector& sector, std::span<const double> vector) {
  const double ms = 0.5 * (sector.strings(0).electrons() - sector.strings(1).electrons());
  double sum = ms * (ms + 1);  // S^2 = S- S+ + Sz (Sz + 1); with S- S+ = N_beta - sum a+_pa a_qa a+_qb a_pb
  for (std::size_t i = 0; i < vector.size(); ++i) {
    const auto d = sector.determinant(i);
    sum += vector[i] * vector[i] * std::popcount(d.beta & ~d.alpha);
    for (Occupation up = d.alpha & ~d.beta; up != 0; up &= up - 1) {
      for (Occupation down = d.beta & ~d.alpha; down != 0; down &= down - 1) {
        const int q = std::countr_zero(up), p = std::countr_zero(down);
        const Occupation flip = (Occupation{1} << p) | (Occupation{1} << q);
        const int sign = odd_between(d.alpha, p, q) != odd_between(d.beta, p, q) ? 1 : -1;
        sum += sign * vector[i] * vector[sector.index({d.alpha ^ flip, d.beta ^ flip})];
      }
    }
  }
  return sum;
}

}  // namespace qupel
