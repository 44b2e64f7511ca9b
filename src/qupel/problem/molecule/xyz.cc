#include "qupel/problem/molecule/xyz.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "qupel/base/text.h"
#include "qupel/problem/molecule/element.h"
#include "qupel/problem/molecule/lines.h"

namespace qupel {
namespace {

constexpr int most_atoms = 10000;

/// A comment's words in small letters, without what stands around and between them.
std::vector<std::string> plain_words(const ChemistryLine& comment) {
  std::vector<std::string> words(1);
  for (const auto word : comment.words) {
    for (const char c : lower(word)) {
      if (std::string_view("=:,;()[]\"'").find(c) == std::string_view::npos)
        words.back() += c;
      else
        words.emplace_back();
    }
    words.emplace_back();
  }
  std::erase(words, "");
  return words;
}

/// Whether the comment of a geometry says that its coordinates are in bohr: by that word, or by units that
/// are the atomic ones (alone they may be those of an energy).
bool says_bohr(const ChemistryLine& comment, std::string_view source) {
  bool bohr = false, angstrom = false, of_units = false;
  for (const auto& word : plain_words(comment)) {
    const bool atomic = word == "a.u." || word == "a.u" || word == "au" || word == "atomic";
    bohr = bohr || word == "bohr" || (of_units && atomic);
    angstrom = angstrom || word.find("ngstr") != word.npos;  // with a ring over the A, too
    of_units = word == "unit" || word == "units";
  }
  if (bohr && angstrom)
    fail_at(source, comment, "the comment names bohr and angstrom: say which one the coordinates are in");
  return bohr;
}

/// Charge and multiplicity, if the comment says them: "0 1", "charge=-1", "Charge: 1, multiplicity 2".
void take_charge(const ChemistryLine& comment, Molecule& molecule) {
  const auto words = plain_words(comment);
  const auto number = [&](std::size_t k, int least) {
    const auto found = k < words.size() ? whole_number(words[k]) : std::nullopt;
    return found && *found >= least && *found <= 100 ? found : std::nullopt;
  };
  const bool pair = words.size() == 2 && number(0, -100) && number(1, 1);
  if (pair) molecule.charge = *number(0, -100), molecule.multiplicity = *number(1, 1);
  for (std::size_t k = 0; k + 1 < words.size(); ++k) {
    if (words[k] == "charge") molecule.charge = number(k + 1, -100).value_or(molecule.charge);
    if (words[k] == "multiplicity" || words[k] == "mult")
      molecule.multiplicity = number(k + 1, 1).value_or(molecule.multiplicity);
  }
}

Atom read_atom(const ChemistryLine& line, std::string_view source, double unit) {
  if (line.words.size() < 4)
    fail_at(source, line,
            fmt::format("an atom is an element and three coordinates; this line has {} words",
                        line.words.size()));
  Atom atom;
  auto symbol = line.words[0];
  atom.ghost = symbol.starts_with('@');
  if (atom.ghost) symbol.remove_prefix(1);
  atom.number = read_element(symbol, source, line);
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const auto value = chemists_number(line.words[axis + 1]);
    if (!value || std::abs(*value) > 1e6)
      fail_at(source, line, fmt::format("\"{}\" is not a coordinate", line.words[axis + 1].substr(0, 40)));
    atom.position[axis] = *value * unit;
  }
  return atom;
}

/// A block from lines[at] on, whose end becomes `at`.
Molecule read_block(const std::vector<ChemistryLine>& lines, std::size_t& at, std::string_view source) {
  const auto& first = lines[at];
  const auto count = whole_number(first.words.front());
  if (!count || first.words.size() != 1 || *count < 1 || *count > most_atoms)
    fail_at(
        source, first,
        fmt::format("a geometry begins with its number of atoms, 1 to {}, alone on a line; here is \"{}\"{}",
                    most_atoms, first.text.substr(0, 40),
                    at > 0 ? ": are there more atoms than the count says?" : ""));
  const auto atoms = static_cast<std::size_t>(*count);
  if (lines.size() < at + 2)
    fail_at(source, first, "the line of comment after the number of atoms is missing");
  const double unit = says_bohr(lines[at + 1], source) ? 1 : bohr_per_angstrom;
  Molecule molecule;
  take_charge(lines[at + 1], molecule);
  for (std::size_t i = at + 2; i < at + 2 + atoms; ++i) {
    if (i >= lines.size() || lines[i].words.empty())
      fail_at(source, first, fmt::format("{} atoms are announced, but only {} follow", atoms, i - at - 2));
    molecule.atoms.push_back(read_atom(lines[i], source, unit));
  }
  at += 2 + atoms;
  return molecule;
}

}  // namespace

std::vector<Molecule> read_xyz(std::string_view text, std::string_view source) {
  const auto lines = text_lines(text);
  std::vector<Molecule> molecules;
  for (std::size_t at = 0; at < lines.size();) {
    if (lines[at].words.empty()) {
      ++at;
      continue;
    }
    molecules.push_back(read_block(lines, at, source));
  }
  if (molecules.empty())
    fail_at(source, {1, text, {}}, "the file is empty; XYZ begins with the number of atoms");
  for (std::size_t i = 0; i < molecules.size(); ++i)
    molecules[i].name =
        molecules.size() == 1 ? std::string(source) : fmt::format("{} geometry {}", source, i + 1);
  return molecules;
}

std::string to_xyz(const Molecule& molecule, std::string_view comment) {
  std::string text = fmt::format("{}\n{}\n", molecule.atoms.size(), comment);
  for (const auto& atom : molecule.atoms)
    text += fmt::format("{}{} {:.10f} {:.10f} {:.10f}\n", atom.ghost ? "@" : "", element_symbol(atom.number),
                        atom.position[0] / bohr_per_angstrom, atom.position[1] / bohr_per_angstrom,
                        atom.position[2] / bohr_per_angstrom);
  return text;
}

}  // namespace qupel
