#include "qupel/problem/molecule/molecule.h"

#include <fmt/format.h>

#include <cmath>
#include <map>

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

std::string Molecule::formula() const {
  std::map<int, int> counts;
  for (const auto& atom : atoms)
    if (!atom.ghost) ++counts[atom.number];
  std::string text;
  const auto write = [&](int number) {
    if (const auto found = counts.find(number); found != counts.end()) {
      text += element_symbol(number);
      if (found->second > 1) text += fmt::format("{}", found->second);
      counts.erase(found);
    }
  };
  if (counts.contains(6)) write(6), write(1);
  while (!counts.empty()) write(counts.begin()->first);
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
