#include "qupel/problem/molecule/fragments.h"

#include <fmt/format.h>

#include <algorithm>

#include "qupel/base/error.h"
#include "qupel/problem/molecule/lines.h"

namespace qupel {
namespace {

[[noreturn]] void refuse(std::string_view text, std::size_t atoms) {
  throw InputError(fmt::format(
      "fragments = \"{}\": name the atoms of the first part, counted from 1 to {}, as in \"1-3,5\"; "
      "the others are the second part, and there must be some",
      text.substr(0, 60), atoms));
}

/// The multiplicity of a part: that of the whole, or the lowest that its number of electrons allows.
int possible_multiplicity(const Molecule& part) {
  const bool goes = (part.electrons() + part.multiplicity) % 2 != 0;
  return goes ? part.multiplicity : part.electrons() % 2 + 1;
}

/// Which atoms a text names.
std::vector<bool> chosen_atoms(std::string_view text, std::size_t count) {
  std::vector<bool> chosen(count);
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find(',', at), text.size());
    const auto part = text.substr(at, end - at);
    const auto dash = part.find('-');
    const auto first = whole_number(part.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : whole_number(part.substr(dash + 1));
    if (!first || !last || *first < 1 || *last < *first || static_cast<std::size_t>(*last) > count)
      refuse(text, count);
    std::fill(chosen.begin() + *first - 1, chosen.begin() + *last, true);
    at = end + 1;
  }
  return chosen;
}

}  // namespace

std::vector<Molecule> with_fragments(const Molecule& whole, std::string_view atoms) {
  const auto in_first = chosen_atoms(atoms, whole.atoms.size());
  const auto size = std::ranges::count(in_first, true);
  if (size == 0 || static_cast<std::size_t>(size) == whole.atoms.size()) refuse(atoms, whole.atoms.size());
  std::vector<Molecule> all{whole};
  for (const bool first : {true, false}) {
    auto part = whole;
    part.name += first ? ", first part" : ", second part";
    if (!first) part.charge = 0;
    for (std::size_t i = 0; i < part.atoms.size(); ++i)
      if (in_first[i] != first) part.atoms[i].ghost = true;
    part.multiplicity = possible_multiplicity(part);
    all.push_back(std::move(part));
  }
  return all;
}

}  // namespace qupel
