#include "qupel/problem/molecule/molecule.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include "qupel/base/error.h"
#include "qupel/problem/molecule/element.h"

namespace qupel {
namespace {

constexpr double closest = 0.1;  // in angstrom; no bond is shorter than 0.7

void require_apart(const Molecule& molecule) {
  const auto& atoms = molecule.atoms;
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const double apart = distance(atoms[i], atoms[j]) / bohr_per_angstrom;
      if (apart < closest)
        throw InputError(fmt::format(
            "{}: atoms {} ({}) and {} ({}) are {:.3g} angstrom apart, closer than {}: is one of them there twice, or "
            "are the coordinates in another unit?",
            molecule.name, j + 1, element_symbol(atoms[j].number), i + 1, element_symbol(atoms[i].number),
            apart, closest));
    }
  }
}

}  // namespace

int Molecule::electrons() const {
  int sum = -charge;
  for (const auto& atom : atoms)
    if (!atom.ghost) sum += atom.number;
  return sum;
}

double distance(const Atom& a, const Atom& b) {
  return std::hypot(a.position[0] - b.position[0], a.position[1] - b.position[1],
                    a.position[2] - b.position[2]);
}

double Molecule::nuclear_repulsion() const {
  double sum = 0;
  for (std::size_t i = 0; i < atoms.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (!atoms[i].ghost && !atoms[j].ghost)
        sum += atoms[i].number * atoms[j].number / distance(atoms[i], atoms[j]);
  return sum;
}

namespace {

/// A formula's order without carbon, which runs from electropositive elements to electronegative ones: noble
/// gases, groups 1 to 15, hydrogen, groups 16 and 17; in a group heavier elements first.
std::pair<double, int> place_in_formula(int number) {
  constexpr double after_nitrogen = 15.5;
  if (number == 1) return {after_nitrogen, 0};
  int before = 0;
  for (const int noble : {2, 10, 18, 36, 54, 86, 118}) {
    if (number == noble) return {0, -number};
    if (number > noble) before = noble;
  }
  const int place = number - before, length = before < 18 ? 8 : before < 54 ? 18 : 32;
  const int group = place <= 2 ? place : std::max(18 - (length - place), 3);
  return {group, -number};
}

}  // namespace

std::string Molecule::formula() const {
  std::map<int, int> counts;
  for (const auto& atom : atoms)
    if (!atom.ghost) ++counts[atom.number];
  std::vector<int> order;
  for (const auto& [number, count] : counts) order.push_back(number);
  if (counts.contains(6))
    std::ranges::sort(order, {}, [](int number) {
      return std::pair(number == 6 ? 0 : number == 1 ? 1 : 2, element_symbol(number));
    });
  else
    std::ranges::sort(order, {}, place_in_formula);
  std::string text;
  for (const int number : order) {
    text += element_symbol(number);
    if (counts[number] > 1) text += fmt::format("{}", counts[number]);
  }
  return text;
}

void require_possible(const Molecule& molecule) {
  if (molecule.atoms.empty()) throw InputError(fmt::format("{}: there are no atoms", molecule.name));
  require_apart(molecule);
  const int electrons = molecule.electrons();
  if (electrons < 1)
    throw InputError(fmt::format("{}: a charge of {} leaves {} electrons; there must be at least 1",
                                 molecule.name, molecule.charge, electrons));
  if (molecule.multiplicity < 1)
    throw InputError(
        fmt::format("{}: a multiplicity of {}; it is 1 for a singlet, 2 for a doublet, and so on",
                    molecule.name, molecule.multiplicity));
  const int unpaired = molecule.multiplicity - 1;
  if (unpaired > electrons || (electrons - unpaired) % 2 != 0)
    throw InputError(fmt::format(
        "{}: the number of electrons is {}, of which multiplicity {} leaves {} unpaired: that cannot be; choose "
        "multiplicity {}, or another charge than {}",
        molecule.name, electrons, molecule.multiplicity, unpaired,
        electrons == 1       ? "2"
        : electrons % 2 == 0 ? "1 or 3"
                             : "2 or 4",
        molecule.charge));
}

}  // namespace qupel
