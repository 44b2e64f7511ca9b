#include "qupel/problem/molecule/active_space.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "qupel/base/decompositions.h"
#include "qupel/base/error.h"
#include "qupel/base/usable_memory.h"
#include "qupel/problem/molecule/fock.h"
#include "qupel/problem/molecule/lines.h"
#include "qupel/problem/molecule/orbital_rotation.h"
#include "qupel/problem/molecule/perturbation.h"

namespace qupel {
namespace {

using Eigen::Index;

Index index_of(std::size_t i) { return static_cast<Index>(i); }

/// sum (pq|rs) A_pt A_qu B_rv B_sw from the packed integrals of basis functions.
Matrix<double> over_orbitals(const RepulsionIntegrals& repulsion, const RowMatrix& a, const RowMatrix& b) {
  const auto n = repulsion.functions();
  const Index pairs = index_of(n * (n + 1) / 2), new_a = a.cols(), new_b = b.cols();
  require_bytes(8.0 * static_cast<double>(pairs) * static_cast<double>(new_b * new_b),
                fmt::format("the transformation of two-electron integrals to {} orbitals", new_b));
  RowMatrix half(pairs, new_b * new_b), block(index_of(n), index_of(n));
  for (std::size_t p = 0; p < n; ++p) {
    for (std::size_t q = 0; q <= p; ++q) {
      for (std::size_t r = 0; r < n; ++r)
        for (std::size_t s = 0; s <= r; ++s)
          block(index_of(r), index_of(s)) = block(index_of(s), index_of(r)) = repulsion(p, q, r, s);
      const RowMatrix turned = b.transpose() * block * b;
      half.row(index_of(RepulsionIntegrals::pair(p, q))) =
          Eigen::Map<const Eigen::RowVectorXd>(turned.data(), turned.size());
    }
  }
  Matrix<double> result(static_cast<std::size_t>(new_a * new_a), static_cast<std::size_t>(new_b * new_b));
  for (Index vw = 0; vw < new_b * new_b; ++vw) {
    for (std::size_t p = 0; p < n; ++p)
      for (std::size_t q = 0; q <= p; ++q)
        block(index_of(p), index_of(q)) = block(index_of(q), index_of(p)) =
            half(index_of(RepulsionIntegrals::pair(p, q)), vw);
    const RowMatrix turned = a.transpose() * block * a;
    for (Index tu = 0; tu < new_a * new_a; ++tu)
      result(static_cast<std::size_t>(tu), static_cast<std::size_t>(vw)) = turned.data()[tu];
  }
  return result;
}

std::size_t orbitals_of(const MeanField& field) { return field.alpha.coefficients.columns(); }

/// The window of an active space that was asked for.
OrbitalWindow window_of(const Molecule& molecule, const MeanField& field, const ActiveSize& active) {
  const int electrons = molecule.electrons(), orbitals = static_cast<int>(orbitals_of(field));
  const int unpaired = field.alpha_electrons - field.beta_electrons;
  const int frozen_electrons = electrons - active.electrons;
  const auto refuse = [&](std::string_view why) {
    throw InputError(fmt::format("{}: an active space of {} electrons in {} orbitals does not fit: {}",
                                 molecule.name, active.electrons, active.orbitals, why));
  };
  if (active.electrons < 1 || active.orbitals < 1) refuse("both must be at least 1");
  if (frozen_electrons < 0) refuse(fmt::format("there are {} electrons", electrons));
  if (frozen_electrons % 2 != 0)
    refuse(fmt::format("it leaves {} of {} electrons frozen, which must be an even number", frozen_electrons,
                       electrons));
  if (active.electrons < unpaired) refuse(fmt::format("{} electrons are unpaired", unpaired));
  if (frozen_electrons / 2 + active.orbitals > orbitals)
    refuse(frozen_electrons == 0
               ? fmt::format("there are {} orbitals", orbitals)
               : fmt::format("of {} orbitals {} are frozen", orbitals, frozen_electrons / 2));
  if ((active.electrons + unpaired) / 2 > active.orbitals)
    refuse(fmt::format("{} alpha electrons need as many orbitals", (active.electrons + unpaired) / 2));
  return {static_cast<std::size_t>(frozen_electrons / 2), static_cast<std::size_t>(active.orbitals)};
}

/// Natural orbitals of MP2 within doubly occupied, singly occupied and empty ones, by falling occupation.
struct NaturalOrbitals {
  RowMatrix orbitals;
  Eigen::VectorXd occupations;
};
NaturalOrbitals natural_orbitals(const ElectronicSystem& system) {
  const auto density = second_order(system.integrals, system.alpha, system.beta).density;
  const Index n = density.rows(), ends[] = {0, system.beta, system.alpha, n};
  NaturalOrbitals natural{RowMatrix::Zero(n, n), Eigen::VectorXd(n)};
  for (int block = 0; block < 3; ++block) {
    const Index first = ends[block], count = ends[block + 1] - first;
    if (count == 0) continue;
    const auto solved = symmetric_eigen(density.block(first, first, count, count));
    natural.orbitals.block(first, first, count, count) = solved.vectors.rowwise().reverse();
    natural.occupations.segment(first, count) = solved.values.reverse();
  }
  return natural;
}

/// Freezes the first orbitals of a system and keeps `active` of those that follow.
ElectronicSystem narrowed(const ElectronicSystem& system, std::size_t frozen, std::size_t active) {
  const auto& from = system.integrals;
  ElectronicSystem to = system;
  to.integrals = OrbitalIntegrals(active, from.spins_differ());
  to.alpha -= static_cast<int>(frozen);
  to.beta -= static_cast<int>(frozen);
  to.frozen += static_cast<int>(frozen);
  to.integrals.core = determinant_energy(from, static_cast<int>(frozen), static_cast<int>(frozen));
  const auto focks = fock_matrices(from, static_cast<int>(frozen), static_cast<int>(frozen));
  for (std::size_t s = 0; s < to.integrals.one.size(); ++s)
    to.integrals.one[s] =
        as_matrix(focks[s].block(index_of(frozen), index_of(frozen), index_of(active), index_of(active)));
  for (std::size_t m = 0; m < to.integrals.two.size(); ++m)
    for (std::size_t p = 0; p < active; ++p)
      for (std::size_t q = 0; q < active; ++q)
        for (std::size_t r = 0; r < active; ++r)
          for (std::size_t s = 0; s < active; ++s)
            to.integrals.two[m](to.integrals.pair(p, q), to.integrals.pair(r, s)) =
                from.two[m](from.pair(p + frozen, q + frozen), from.pair(r + frozen, s + frozen));
  if (!to.occupations.empty())
    to.occupations = {system.occupations.begin() + static_cast<std::ptrdiff_t>(frozen),
                      system.occupations.begin() + static_cast<std::ptrdiff_t>(frozen + active)};
  return to;
}

/// Whether the window is small enough to compute in.
bool fits(const ElectronicSystem& system, const OrbitalWindow& window, const ActiveOptions& options) {
  const int frozen = static_cast<int>(window.frozen), active = static_cast<int>(window.active);
  return active <= options.most_orbitals &&
         determinants(active, system.alpha - frozen, system.beta - frozen) <= options.most_determinants;
}

/// The limit in words.
std::string limit_words(const ActiveOptions& options, int orbitals) {
  return orbitals > options.most_orbitals ? fmt::format("{} orbitals", options.most_orbitals)
                                          : fmt::format("{:g} determinants", options.most_determinants);
}

/// The largest space around the gap between occupied and empty orbitals that is small enough: orbitals are
/// left out whose natural occupation is closest to 2 or 0.
OrbitalWindow fitting_window(const ElectronicSystem& system, const Eigen::VectorXd& occupations,
                             const ActiveOptions& options) {
  OrbitalWindow window{0, system.integrals.orbitals};
  while (!fits(system, window, options) && window.active > 2) {
    const auto top = index_of(window.frozen + window.active - 1);
    const double correlation_below = 2 - occupations[index_of(window.frozen)],
                 correlation_above = occupations[top];
    const bool below = static_cast<int>(window.frozen) < system.beta &&
                       (correlation_below < correlation_above || top < system.alpha);
    if (below) ++window.frozen;
    --window.active;
  }
  return window;
}

}  // namespace

ActiveSize parse_active(std::string_view text) {
  const auto comma = text.find(',');
  const auto trimmed = [](std::string_view word) {
    while (word.starts_with(' ')) word.remove_prefix(1);
    while (word.ends_with(' ')) word.remove_suffix(1);
    return word;
  };
  const auto electrons =
      comma == std::string_view::npos ? std::nullopt : whole_number(trimmed(text.substr(0, comma)));
  const auto orbitals =
      comma == std::string_view::npos ? std::nullopt : whole_number(trimmed(text.substr(comma + 1)));
  const ActiveSize size{electrons.value_or(0), orbitals.value_or(0)};
  if (size.electrons < 1 || size.orbitals < 1)
    throw InputError(
        fmt::format("active = \"{}\" is not an active space: give electrons and orbitals, as in \"8,6\"",
                    text.substr(0, 40)));
  return size;
}

int core_orbitals(const Molecule& molecule) {
  int orbitals = 0;
  for (const auto& atom : molecule.atoms) {
    if (atom.ghost) continue;
    for (const auto& [noble_gas, core] :
         {std::pair(2, 1), std::pair(10, 4), std::pair(18, 4), std::pair(30, 5)})
      if (atom.number > noble_gas) orbitals += core;
  }
  return orbitals;
}

ElectronicSystem system_in(const Molecule& molecule, const AtomicIntegrals& atomic, const MeanField& field,
                           const OrbitalWindow& window) {
  const bool differ = field.name == "UHF";
  ElectronicSystem system;
  system.integrals = OrbitalIntegrals(window.active, differ);
  system.alpha = field.alpha_electrons - static_cast<int>(window.frozen);
  system.beta = field.beta_electrons - static_cast<int>(window.frozen);
  system.reference = field.name;
  system.frozen = static_cast<int>(window.frozen);
  system.all_electrons = molecule.electrons();
  system.all_orbitals = static_cast<int>(orbitals_of(field));
  const RowMatrix all[] = {as_eigen(field.alpha.coefficients), as_eigen(field.beta.coefficients)};
  const RowMatrix core = as_eigen(atomic.core);
  RowMatrix densities[2], active[2];
  CoulombExchange parts[2];
  for (int s = 0; s < 2; ++s) {
    const RowMatrix frozen = all[s].leftCols(index_of(window.frozen));
    densities[s] = frozen * frozen.transpose();
    parts[s] = coulomb_exchange(atomic.repulsion, densities[s]);
    active[s] = all[s].middleCols(index_of(window.frozen), index_of(window.active));
  }
  system.integrals.core = molecule.nuclear_repulsion();
  for (std::size_t s = 0; s < 2; ++s) {
    const RowMatrix fock = core + parts[0].coulomb + parts[1].coulomb - parts[s].exchange;
    system.integrals.core += 0.5 * densities[s].cwiseProduct(core + fock).sum();
    if (s < system.integrals.one.size())
      system.integrals.one[s] = as_matrix(active[s].transpose() * fock * active[s]);
  }
  system.integrals.two[0] = over_orbitals(atomic.repulsion, active[0], active[0]);
  if (differ) {
    system.integrals.two[1] = over_orbitals(atomic.repulsion, active[0], active[1]);
    system.integrals.two[2] = over_orbitals(atomic.repulsion, active[1], active[1]);
  }
  system.reference_energy = determinant_energy(system.integrals, system.alpha, system.beta);
  return system;
}

ElectronicSystem within_limits(ElectronicSystem system, const ActiveOptions& options, std::string_view name) {
  const auto say = [&system](std::string choice) { system.choices.push_back(std::move(choice)); };
  const auto other = system.frozen > 0 ? "other " : "";
  if (fits(system, {0, system.integrals.orbitals}, options)) {
    say(fmt::format("all {}{} electrons are active, in all {}{} orbitals", other, system.electrons(), other,
                    system.orbitals()));
    return system;
  }
  const auto limit = limit_words(options, system.orbitals());
  if (system.integrals.spins_differ())
    throw InputError(fmt::format(
        "{}: more than {}, and orbitals of UHF have no natural occupations to choose by; name an active space",
        name, limit));
  const auto natural = natural_orbitals(system);
  const auto window = fitting_window(system, natural.occupations, options);
  auto turned = system;
  turned.integrals = rotated(system.integrals, natural.orbitals, natural.orbitals);
  turned.occupations.assign(natural.occupations.begin(), natural.occupations.end());
  system = narrowed(turned, window.frozen, window.active);
  system.reference_energy = determinant_energy(system.integrals, system.alpha, system.beta);
  say(fmt::format(
      "{} electrons in {} natural orbitals of MP2 are active, those with occupations furthest from 2 and 0 "
      "that give at most {}; frozen: {}, left out: {}",
      system.electrons(), system.orbitals(), limit, system.frozen,
      system.all_orbitals - system.frozen - system.orbitals()));
  return system;
}

ElectronicSystem choose_active(const Molecule& molecule, const AtomicIntegrals& atomic,
                               const MeanField& field, const ActiveOptions& options) {
  const auto all = orbitals_of(field);
  const auto core = static_cast<std::size_t>(std::min(core_orbitals(molecule), field.beta_electrons));
  if (options.active) {
    const auto wanted = window_of(molecule, field, *options.active);
    auto system = system_in(molecule, atomic, field, wanted);
    system.choices.push_back(
        fmt::format("{} electrons in {} orbitals as asked for, around the gap between occupied and "
                    "empty orbitals of {}; frozen: {}, left out: {}",
                    options.active->electrons, options.active->orbitals, field.name, wanted.frozen,
                    all - wanted.frozen - wanted.active));
    return system;
  }
  const auto limit = limit_words(options, static_cast<int>(all));
  const bool too_many = static_cast<int>(all) > options.most_orbitals ||
                        determinants(static_cast<int>(all), field.alpha_electrons, field.beta_electrons) >
                            options.most_determinants;
  const auto frozen = options.freeze_core || too_many ? core : 0;
  auto system = system_in(molecule, atomic, field, {frozen, all - frozen});
  if (frozen > 0)
    system.choices.push_back(fmt::format(
        "the {} core orbital{} frozen{}", frozen, frozen == 1 ? " is" : "s are",
        options.freeze_core ? "" : fmt::format(": with all electrons there would be more than {}", limit)));
  return within_limits(std::move(system), options, molecule.name);
}

}  // namespace qupel
