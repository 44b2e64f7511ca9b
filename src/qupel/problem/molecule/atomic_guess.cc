#include "qupel/problem/molecule/atomic_guess.h"

#include <array>
#include <map>

#include "qupel/base/decompositions.h"

namespace qupel {
namespace {

/// How many electrons of a neutral atom have each angular momentum, by the order in which subshells fill.
std::array<double, 4> electrons_by_momentum(int number) {
  constexpr int order[] = {0, 0, 1, 0, 1, 0, 2, 1, 0, 2,
                           1, 0, 3, 2, 1, 0, 3, 2, 1};  // 1s 2s 2p 3s 3p 4s 3d 4p ...
  std::array<double, 4> electrons{};
  int left = number;
  for (const int momentum : order) {
    const int put = std::min(left, 2 * (2 * momentum + 1));
    electrons[static_cast<std::size_t>(momentum)] += put;
    left -= put;
  }
  return electrons;
}

/// The density of the orbitals of one angular momentum, filled from below, orbitals of a shell alike.
void add_density(const RowMatrix& fock, const RowMatrix& overlap, const std::vector<Eigen::Index>& functions,
                 int momentum, double electrons, RowMatrix& density) {
  const RowMatrix f = fock(functions, functions), s = overlap(functions, functions);
  const auto solved = symmetric_eigen(f, s);
  const int shell = 2 * momentum + 1;
  for (Eigen::Index first = 0; first + shell <= f.rows() && electrons > 0; first += shell) {
    const double each = std::min(electrons / shell, 2.0);
    const Eigen::MatrixXd orbitals = solved.vectors.middleCols(first, shell);
    density(functions, functions) += each * orbitals * orbitals.transpose();
    electrons -= each * shell;
  }
}

RowMatrix atomic_density(int number, const BasisSet& basis) {
  Molecule atom;
  atom.atoms = {{number, {0, 0, 0}, false}};
  const auto integrals = atomic_integrals(atom, basis);
  const RowMatrix core = as_eigen(integrals.core), overlap = as_eigen(integrals.overlap);
  std::array<std::vector<Eigen::Index>, 6> functions;
  for (std::size_t f = 0; f < integrals.momenta.size(); ++f)
    functions[static_cast<std::size_t>(integrals.momenta[f])].push_back(static_cast<Eigen::Index>(f));
  const auto electrons = electrons_by_momentum(number);
  RowMatrix fock = core, density = RowMatrix::Zero(core.rows(), core.cols());
  for (int iteration = 0; iteration < 40; ++iteration) {
    RowMatrix next = RowMatrix::Zero(core.rows(), core.cols());
    for (std::size_t l = 0; l < electrons.size(); ++l)
      if (!functions[l].empty())
        add_density(fock, overlap, functions[l], static_cast<int>(l), electrons[l], next);
    density = iteration == 0 ? next : RowMatrix(0.5 * (density + next));
    const auto [coulomb, exchange] = coulomb_exchange(integrals.repulsion, density);
    fock = core + coulomb - 0.5 * exchange;
  }
  return density;
}

}  // namespace

RowMatrix atomic_densities(const Molecule& molecule, const BasisSet& basis) {
  std::map<int, RowMatrix> by_element;
  const auto size = static_cast<Eigen::Index>(basis_functions(molecule, basis));
  RowMatrix density = RowMatrix::Zero(size, size);
  Eigen::Index first = 0;
  for (const auto& atom : molecule.atoms) {
    auto& own = by_element[atom.number];
    if (own.size() == 0) own = atomic_density(atom.number, basis);
    if (!atom.ghost) density.block(first, first, own.rows(), own.cols()) = own;
    first += own.rows();
  }
  return density;
}

}  // namespace qupel
