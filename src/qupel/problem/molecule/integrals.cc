#include "qupel/problem/molecule/integrals.h"

#include <fmt/format.h>

#if defined(__GNUC__) && !defined(__clang__)
// GCC 12 sees reads beyond the vectors that Boost moves inside libint's shells, where there are none.
#pragma GCC diagnostic ignored "-Wstringop-overread"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <libint2.hpp>

#include <cmath>
#include <limits>
#include <mutex>

#include "qupel/base/error.h"
#include "qupel/base/interrupt.h"
#include "qupel/base/usable_memory.h"
#include "qupel/problem/molecule/element.h"

// The only source that includes libint, whose headers take long to compile.
namespace qupel {
namespace {

void start_libint() {
  static std::once_flag once;
  std::call_once(once, [] { libint2::initialize(); });
}

struct PlacedShell {
  libint2::Shell shell;
  std::size_t first = 0;  // of its functions
  int atom = 0;
};

const std::vector<BasisShell>& shells_of(const Atom& atom, const Molecule& molecule, const BasisSet& basis) {
  const auto found = basis.shells.find(atom.number);
  if (found == basis.shells.end())
    throw InputError(fmt::format("{}: the basis set {} lacks {}; it has {} elements, the heaviest is {}",
                                 molecule.name, basis.name, element_symbol(atom.number), basis.shells.size(),
                                 element_symbol(basis.shells.rbegin()->first)));
  return found->second;
}

std::vector<PlacedShell> placed_shells(const Molecule& molecule, const BasisSet& basis) {
  std::vector<PlacedShell> placed;
  std::size_t first = 0;
  for (std::size_t a = 0; a < molecule.atoms.size(); ++a) {
    const auto& atom = molecule.atoms[a];
    for (const auto& shell : shells_of(atom, molecule, basis)) {
      libint2::svector<double> exponents(shell.exponents.begin(), shell.exponents.end());
      libint2::svector<double> coefficients(shell.coefficients.begin(), shell.coefficients.end());
      libint2::Shell made(std::move(exponents),
                          {{shell.momentum, shell.momentum > 1, std::move(coefficients)}},
                          {{atom.position[0], atom.position[1], atom.position[2]}});
      const auto size = made.size();
      placed.push_back({std::move(made), first, static_cast<int>(a)});
      first += size;
    }
  }
  return placed;
}

std::size_t functions_of(const std::vector<PlacedShell>& shells) {
  return shells.empty() ? 0 : shells.back().first + shells.back().shell.size();
}

std::size_t most_primitives(const std::vector<PlacedShell>& shells) {
  std::size_t most = 0;
  for (const auto& placed : shells) most = std::max(most, placed.shell.nprim());
  return most;
}

int highest_momentum(const std::vector<PlacedShell>& shells) {
  int highest = 0;
  for (const auto& placed : shells) highest = std::max(highest, placed.shell.contr[0].l);
  return highest;
}

libint2::Engine engine_for(libint2::Operator what, const std::vector<PlacedShell>& shells) {
  return {what, most_primitives(shells), highest_momentum(shells), 0, std::numeric_limits<double>::epsilon()};
}

/// Adds the integrals of one operator.
void add_one_electron(libint2::Engine engine, const std::vector<PlacedShell>& shells, Matrix<double>& sum) {
  for (const auto& a : shells) {
    for (const auto& b : shells) {
      if (b.first > a.first) break;
      engine.compute(a.shell, b.shell);
      const double* found = engine.results()[0];
      if (found == nullptr) continue;
      for (std::size_t i = 0; i < a.shell.size(); ++i) {
        for (std::size_t j = 0; j < b.shell.size(); ++j, ++found) {
          sum(a.first + i, b.first + j) += *found;
          if (a.first != b.first) sum(b.first + j, a.first + i) += *found;
        }
      }
    }
  }
}

std::vector<std::pair<double, std::array<double, 3>>> nuclei(const Molecule& molecule) {
  std::vector<std::pair<double, std::array<double, 3>>> charges;
  for (const auto& atom : molecule.atoms)
    if (!atom.ghost) charges.emplace_back(atom.number, atom.position);
  return charges;
}

/// A quartet of shells with a >= b, c >= d, (a, b) >= (c, d).
void store_quartet(const double* found, const PlacedShell& a, const PlacedShell& b, const PlacedShell& c,
                   const PlacedShell& d, RepulsionIntegrals& repulsion) {
  for (std::size_t i = a.first; i < a.first + a.shell.size(); ++i)
    for (std::size_t j = b.first; j < b.first + b.shell.size(); ++j)
      for (std::size_t k = c.first; k < c.first + c.shell.size(); ++k)
        for (std::size_t l = d.first; l < d.first + d.shell.size(); ++l) repulsion(i, j, k, l) = *found++;
}

void fill_repulsion(const std::vector<PlacedShell>& shells, RepulsionIntegrals& repulsion) {
  auto engine = engine_for(libint2::Operator::coulomb, shells);
  engine.set_precision(1e-14);
  for (std::size_t a = 0; a < shells.size(); ++a) {
    check_interrupt();
    for (std::size_t b = 0; b <= a; ++b) {
      for (std::size_t c = 0; c <= a; ++c) {
        for (std::size_t d = 0; d <= (c == a ? b : c); ++d) {
          engine.compute(shells[a].shell, shells[b].shell, shells[c].shell, shells[d].shell);
          if (engine.results()[0] != nullptr)
            store_quartet(engine.results()[0], shells[a], shells[b], shells[c], shells[d], repulsion);
        }
      }
    }
  }
}

}  // namespace

RepulsionIntegrals::RepulsionIntegrals(std::size_t functions) : functions_(functions) {
  const auto pairs = static_cast<double>(functions) * static_cast<double>(functions + 1) / 2;
  const double count = pairs * (pairs + 1) / 2;
  require_bytes(8 * count, fmt::format("the two-electron integrals of {} basis functions", functions));
  values_.resize(static_cast<std::size_t>(count));
}

std::size_t basis_functions(const Molecule& molecule, const BasisSet& basis) {
  std::size_t count = 0;
  for (const auto& atom : molecule.atoms)
    for (const auto& shell : shells_of(atom, molecule, basis))
      count += static_cast<std::size_t>(2 * shell.momentum + 1);
  return count;
}

AtomicIntegrals atomic_integrals(const Molecule& molecule, const BasisSet& basis) {
  start_libint();
  const auto shells = placed_shells(molecule, basis);
  const auto functions = functions_of(shells);
  AtomicIntegrals found{Matrix<double>(functions, functions),
                        Matrix<double>(functions, functions),
                        RepulsionIntegrals(functions),
                        {},
                        {}};
  add_one_electron(engine_for(libint2::Operator::overlap, shells), shells, found.overlap);
  add_one_electron(engine_for(libint2::Operator::kinetic, shells), shells, found.core);
  auto attraction = engine_for(libint2::Operator::nuclear, shells);
  attraction.set_params(nuclei(molecule));
  add_one_electron(std::move(attraction), shells, found.core);
  fill_repulsion(shells, found.repulsion);
  for (const auto& placed : shells) {
    found.atoms.insert(found.atoms.end(), placed.shell.size(), placed.atom);
    found.momenta.insert(found.momenta.end(), placed.shell.size(), placed.shell.contr[0].l);
  }
  return found;
}

}  // namespace qupel
