#include "qupel/problem/molecule/scf.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <limits>
#include <optional>
#include <vector>

#include "qupel/base/decompositions.h"
#include "qupel/base/error.h"
#include "qupel/base/interrupt.h"
#include "qupel/problem/molecule/atomic_guess.h"
#include "qupel/problem/molecule/fock.h"

namespace qupel {
namespace {

constexpr double dependent = 1e-8;  // eigenvalues of the overlap below this are left out

/// Columns that are orthonormal functions: S^(-1/2) without near dependencies.
RowMatrix orthonormal_functions(const RowMatrix& overlap) {
  const auto [values, vectors] = symmetric_eigen(overlap);
  Eigen::Index skipped = 0;
  while (skipped < values.size() && values[skipped] < dependent) ++skipped;
  const auto kept = values.size() - skipped;
  return vectors.rightCols(kept) * values.tail(kept).cwiseSqrt().cwiseInverse().asDiagonal();
}

/// Pulay's extrapolation: the combination of earlier Fock matrices with the smallest error.
class Extrapolation {
 public:
  RowMatrix next(const RowMatrix& fock, const RowMatrix& error) {
    if (focks_.size() == 8) {
      focks_.pop_front();
      errors_.pop_front();
    }
    focks_.push_back(fock);
    errors_.push_back(error);
    const auto n = static_cast<Eigen::Index>(focks_.size());
    Eigen::MatrixXd system = Eigen::MatrixXd::Constant(n + 1, n + 1, -1);
    system(n, n) = 0;
    for (Eigen::Index i = 0; i < n; ++i)
      for (Eigen::Index j = 0; j < n; ++j)
        system(i, j) =
            errors_[static_cast<std::size_t>(i)].cwiseProduct(errors_[static_cast<std::size_t>(j)]).sum();
    const double size = system.topLeftCorner(n, n).cwiseAbs().maxCoeff();
    if (size > 0) system.topLeftCorner(n, n) /= size;
    Eigen::VectorXd right = Eigen::VectorXd::Zero(n + 1);
    right[n] = -1;
    const Eigen::VectorXd weights = solution(system, right);
    if (!weights.allFinite()) return fock;
    RowMatrix mixed = RowMatrix::Zero(fock.rows(), fock.cols());
    for (Eigen::Index i = 0; i < n; ++i) mixed += weights[i] * focks_[static_cast<std::size_t>(i)];
    return mixed;
  }

 private:
  std::deque<RowMatrix> focks_, errors_;
};

struct SpinOrbitals {
  RowMatrix coefficients;
  Eigen::VectorXd energies;
};

/// What one attempt starts from and how it proceeds.
struct Attempt {
  RowMatrix density;  // both spins; empty: begin with the core Hamiltonian
  double level_shift = 0;
  std::string words;
  std::optional<std::array<RowMatrix, 2>> by_spin = std::nullopt;  // instead of `density`
};

/// One run of the self-consistent field. Index 0 is alpha, 1 is beta.
class SelfConsistentField {
 public:
  SelfConsistentField(const Molecule& molecule, const AtomicIntegrals& integrals, const ScfOptions& options)
      : options_(options),
        integrals_(integrals),
        core_(as_eigen(integrals.core)),
        overlap_(as_eigen(integrals.overlap)),
        functions_(orthonormal_functions(overlap_)),
        electrons_{molecule.alpha(), molecule.beta()},
        repulsion_(molecule.nuclear_repulsion()),
        open_(molecule.alpha() != molecule.beta()) {
    if (functions_.cols() < electrons_[0])
      throw InputError(
          fmt::format("{}: the basis has {} independent functions for {} electrons of one spin; choose a "
                      "larger basis",
                      molecule.name, functions_.cols(), electrons_[0]));
  }

  std::optional<MeanField> run(const Attempt& attempt) {
    start(attempt);
    Extrapolation extrapolation;
    for (int iteration = 1; iteration <= options_.most_iterations; ++iteration) {
      check_interrupt();
      build_fock();
      const auto fock = fock_to_diagonalise();
      const auto error = commutator(fock);
      if (error.cwiseAbs().maxCoeff() < options_.gradient_tolerance) return result(fock, iteration, attempt);
      diagonalise(extrapolation.next(fock, error), attempt.level_shift);
    }
    return std::nullopt;
  }

 private:
  bool unrestricted() const { return options_.reference == SpinReference::unrestricted; }
  Eigen::Index size() const { return core_.rows(); }

  void start(const Attempt& attempt) {
    if (attempt.by_spin) {
      densities_ = *attempt.by_spin;
      build_fock();
      diagonalise(unrestricted() ? stacked(focks_[0], focks_[1]) : RowMatrix(0.5 * (focks_[0] + focks_[1])),
                  attempt.level_shift);
      return;
    }
    if (attempt.density.size() == 0) {
      densities_.fill(RowMatrix::Zero(size(), size()));
      diagonalise(unrestricted() ? stacked(core_, core_) : core_, 0);
      return;
    }
    const double electrons = std::max(attempt.density.cwiseProduct(overlap_).sum(), 1e-9);
    for (std::size_t s = 0; s < 2; ++s) densities_[s] = attempt.density * (electrons_[s] / electrons);
    build_fock();
    diagonalise(unrestricted() ? stacked(focks_[0], focks_[1]) : RowMatrix(0.5 * (focks_[0] + focks_[1])), 0);
  }

  static RowMatrix stacked(const RowMatrix& a, const RowMatrix& b) {
    RowMatrix both(a.rows() + b.rows(), a.cols());
    both << a, b;
    return both;
  }

  void build_fock() {
    std::array<CoulombExchange, 2> parts;
    parts[0] = coulomb_exchange(integrals_.repulsion, densities_[0]);
    parts[1] = open_ || unrestricted() ? coulomb_exchange(integrals_.repulsion, densities_[1]) : parts[0];
    for (std::size_t s = 0; s < 2; ++s)
      focks_[s] = core_ + parts[0].coulomb + parts[1].coulomb - parts[s].exchange;
    energy_ = repulsion_;
    for (std::size_t s = 0; s < 2; ++s) energy_ += 0.5 * densities_[s].cwiseProduct(core_ + focks_[s]).sum();
  }

  /// One matrix; two on top of each other if unrestricted. With unpaired electrons in restricted orbitals
  /// that of Guest and Saunders (Mol. Phys. 28, 819, 1974): the mean in the blocks of doubly occupied, singly
  /// occupied and empty orbitals, beta between double and single, alpha between single and empty.
  RowMatrix fock_to_diagonalise() const {
    if (unrestricted()) return stacked(focks_[0], focks_[1]);
    const RowMatrix mean = 0.5 * (focks_[0] + focks_[1]);
    if (!open_ || orbitals_[0].coefficients.size() == 0) return mean;
    const auto& c = orbitals_[0].coefficients;
    RowMatrix blocks = c.transpose() * mean * c;
    const RowMatrix alpha = c.transpose() * focks_[0] * c, beta = c.transpose() * focks_[1] * c;
    const auto twice = electrons_[1], once = electrons_[0] - electrons_[1];
    const auto empty = c.cols() - electrons_[0];
    blocks.block(0, twice, twice, once) = beta.block(0, twice, twice, once);
    blocks.block(twice, 0, once, twice) = beta.block(twice, 0, once, twice);
    blocks.block(twice, twice + once, once, empty) = alpha.block(twice, twice + once, once, empty);
    blocks.block(twice + once, twice, empty, once) = alpha.block(twice + once, twice, empty, once);
    return overlap_ * c * blocks * c.transpose() * overlap_;
  }

  RowMatrix commutator(const RowMatrix& fock) const {
    const auto one = [&](const RowMatrix& f, const RowMatrix& density) -> RowMatrix {
      const RowMatrix product = f * density * overlap_;
      return functions_.transpose() * (product - product.transpose()) * functions_;
    };
    if (!unrestricted()) return one(fock, densities_[0] + densities_[1]);
    return stacked(one(fock.topRows(size()), densities_[0]), one(fock.bottomRows(size()), densities_[1]));
  }

  /// New orbitals and densities. A level shift raises all orbitals but the occupied ones of the last round.
  void diagonalise(const RowMatrix& fock, double shift) {
    for (std::size_t s = 0; s < (unrestricted() ? 2U : 1U); ++s) {
      RowMatrix f = unrestricted() && s == 1 ? fock.bottomRows(size()) : fock.topRows(size());
      if (shift > 0) {
        const RowMatrix occupied =
            unrestricted() ? densities_[s] : RowMatrix(0.5 * (densities_[0] + densities_[1]));
        f += shift * (overlap_ - overlap_ * occupied * overlap_);
      }
      const auto solved = symmetric_eigen(functions_.transpose() * f * functions_);
      orbitals_[s] = {functions_ * solved.vectors, solved.values};
    }
    if (!unrestricted()) orbitals_[1] = orbitals_[0];
    for (std::size_t s = 0; s < 2; ++s) {
      const RowMatrix occupied = orbitals_[s].coefficients.leftCols(electrons_[s]);
      densities_[s] = occupied * occupied.transpose();
    }
  }

  /// Orbitals of the last Fock matrix, without a shift.
  MeanField result(const RowMatrix& fock, int iterations, const Attempt& attempt) {
    if (attempt.level_shift > 0) diagonalise_within(fock);
    MeanField found;
    found.name = unrestricted() ? "UHF" : open_ ? "ROHF" : "RHF";
    found.energy = energy_;
    found.alpha = exported(orbitals_[0]);
    found.beta = exported(orbitals_[1]);
    found.alpha_electrons = electrons_[0];
    found.beta_electrons = electrons_[1];
    found.iterations = iterations;
    const double half = 0.5 * (electrons_[0] - electrons_[1]);
    const RowMatrix between = orbitals_[0].coefficients.leftCols(electrons_[0]).transpose() * overlap_ *
                              orbitals_[1].coefficients.leftCols(electrons_[1]);
    found.spin_squared = half * (half + 1) + electrons_[1] - between.squaredNorm();
    found.how = attempt.words;
    return found;
  }

  /// Energies without the shift: occupied and empty orbitals are diagonalised apart, so that none change
  /// places.
  void diagonalise_within(const RowMatrix& fock) {
    for (std::size_t s = 0; s < 2; ++s) {
      const RowMatrix f = unrestricted() && s == 1 ? fock.bottomRows(size()) : fock.topRows(size());
      auto& [c, energies] = orbitals_[s];
      const Eigen::Index ends[] = {0, unrestricted() ? electrons_[s] : electrons_[1],
                                   unrestricted() ? electrons_[s] : electrons_[0], c.cols()};
      for (int block = 0; block < 3; ++block) {
        const auto first = ends[block], count = ends[block + 1] - first;
        if (count == 0) continue;
        const RowMatrix own = c.middleCols(first, count);
        const auto solved = symmetric_eigen(own.transpose() * f * own);
        c.middleCols(first, count) = own * solved.vectors;
        energies.segment(first, count) = solved.values;
      }
    }
  }

  static Orbitals exported(const SpinOrbitals& orbitals) {
    return {as_matrix(orbitals.coefficients),
            std::vector<double>(orbitals.energies.begin(), orbitals.energies.end())};
  }

  const ScfOptions& options_;
  const AtomicIntegrals& integrals_;
  RowMatrix core_, overlap_, functions_;
  std::array<int, 2> electrons_;
  double repulsion_;
  bool open_;
  std::array<RowMatrix, 2> densities_, focks_;
  std::array<SpinOrbitals, 2> orbitals_;
  double energy_ = 0;
};

/// Densities of a closed shell with its highest occupied and lowest empty orbital mixed, one way for alpha
/// and the other for beta: what a broken spin symmetry starts from.
std::array<RowMatrix, 2> mixed_densities(const MeanField& field) {
  const RowMatrix c = as_eigen(field.alpha.coefficients);
  const auto electrons = static_cast<Eigen::Index>(field.alpha_electrons);
  std::array<RowMatrix, 2> densities;
  for (const double sign : {1.0, -1.0}) {
    RowMatrix occupied = c.leftCols(electrons);
    occupied.col(electrons - 1) = std::sqrt(0.5) * (c.col(electrons - 1) + sign * c.col(electrons));
    densities[sign > 0 ? 0 : 1] = occupied * occupied.transpose();
  }
  return densities;
}

/// Densities of one spin as it is, and of the other with an electron moved from one of the highest occupied
/// orbitals to one of the lowest empty ones.
std::vector<std::array<RowMatrix, 2>> excited_densities(const MeanField& field) {
  constexpr Eigen::Index near = 5;  // orbitals on either side of the gap
  const std::array coefficients{as_eigen(field.alpha.coefficients), as_eigen(field.beta.coefficients)};
  const std::array electrons{static_cast<Eigen::Index>(field.alpha_electrons),
                             static_cast<Eigen::Index>(field.beta_electrons)};
  std::array<RowMatrix, 2> densities;
  for (std::size_t s = 0; s < 2; ++s) {
    const RowMatrix occupied = coefficients[s].leftCols(electrons[s]);
    densities[s] = occupied * occupied.transpose();
  }
  std::vector<std::array<RowMatrix, 2>> all;
  for (std::size_t s = 0; s < 2; ++s) {
    const auto& c = coefficients[s];
    for (auto i = std::max<Eigen::Index>(0, electrons[s] - near); i < electrons[s]; ++i) {
      for (auto a = electrons[s]; a < std::min(c.cols(), electrons[s] + near); ++a) {
        auto& made = all.emplace_back(densities);
        made[s] += c.col(a) * c.col(a).transpose() - c.col(i) * c.col(i).transpose();
      }
    }
  }
  return all;
}

bool has_transition_metal(const Molecule& molecule) {
  return std::ranges::any_of(molecule.atoms,
                             [](const Atom& atom) { return atom.number >= 21 && atom.number <= 30; });
}

/// Unpaired electrons of metals have many self-consistent fields: lower ones are looked for from excitations
/// of the lowest that is known, which a level shift keeps at first, until none is found.
void go_lower(SelfConsistentField& field, MeanField& best) {
  constexpr int most_rounds = 8;
  for (int round = 0; round < most_rounds; ++round) {
    const double before = best.energy;
    for (const auto& densities : excited_densities(best)) {
      const auto found = field.run(
          {.density = {}, .level_shift = 0.3, .words = "DIIS from excited orbitals", .by_spin = densities});
      if (found && found->energy < best.energy - 1e-6) best = *found;
    }
    if (best.energy == before) return;
  }
}

/// UHF of a broken spin symmetry, if its energy is lower than the field's.
std::optional<MeanField> broken_symmetry(const MeanField& field, const Molecule& molecule,
                                         const AtomicIntegrals& integrals, ScfOptions options) {
  const auto orbitals = static_cast<int>(field.alpha.energies.size());
  if (field.alpha_electrons != field.beta_electrons || field.alpha_electrons == 0 ||
      field.alpha_electrons == orbitals)
    return std::nullopt;
  options.reference = SpinReference::unrestricted;
  auto found = SelfConsistentField(molecule, integrals, options)
                   .run({.density = {},
                         .words = "DIIS from orbitals that differ by spin",
                         .by_spin = mixed_densities(field)});
  return found && found->energy < field.energy - 1e-5 ? found : std::nullopt;
}

}  // namespace

MeanField mean_field(const Molecule& molecule, const BasisSet& basis, const AtomicIntegrals& integrals,
                     const ScfOptions& options) {
  SelfConsistentField field(molecule, integrals, options);
  const auto guess = atomic_densities(molecule, basis);
  std::optional<MeanField> best;
  std::string tried;
  const auto attempt = [&](const Attempt& next) {
    tried += (tried.empty() ? "" : ", ") + next.words;
    const auto found = field.run(next);
    if (found && (!best || found->energy < best->energy - 1e-9)) best = found;
  };
  attempt({guess, 0, "DIIS from atomic densities"});
  attempt({{}, 0, "DIIS from the core Hamiltonian"});
  for (const double shift : {0.3, 1.0}) {
    if (best) break;
    attempt({guess, shift, fmt::format("DIIS with a level shift of {} hartree", shift)});
  }
  if (!best)
    throw InputError(fmt::format(
        "{}: the self-consistent field does not converge in {} iterations; tried {}. Choose another geometry, "
        "charge, multiplicity or basis, or hand over integrals as FCIDUMP",
        molecule.name, options.most_iterations, tried));
  if (molecule.alpha() != molecule.beta() && has_transition_metal(molecule)) go_lower(field, *best);
  const auto broken = broken_symmetry(*best, molecule, integrals, options);
  if (!broken) return *best;
  if (options.reference == SpinReference::unrestricted) return *broken;
  best->instability = fmt::format(
      "{} is unstable: orbitals of their own for either spin are {:.4f} hartree lower (<S^2> {:.2f}), so that a "
      "single determinant is a poor start here; --unrestricted uses them",
      best->name, best->energy - broken->energy, broken->spin_squared);
  return *best;
}

}  // namespace qupel
