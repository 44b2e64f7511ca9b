#include "qupel/problem/molecule/zmatrix.h"

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <numbers>

#include "qupel/problem/molecule/lines.h"

namespace qupel {
namespace {

using Vector3 = std::array<double, 3>;
constexpr std::size_t most_zmatrix_atoms = 10000;
constexpr double radians_per_degree = std::numbers::pi / 180;

Vector3 difference(const Vector3& a, const Vector3& b) { return {a[0] - b[0], a[1] - b[1], a[2] - b[2]}; }
Vector3 scaled(const Vector3& a, double factor) { return {a[0] * factor, a[1] * factor, a[2] * factor}; }
Vector3 sum(const Vector3& a, const Vector3& b) { return {a[0] + b[0], a[1] + b[1], a[2] + b[2]}; }
double length(const Vector3& a) { return std::hypot(a[0], a[1], a[2]); }
Vector3 cross(const Vector3& a, const Vector3& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

class ZMatrixReader {
 public:
  ZMatrixReader(std::string_view text, std::string_view source) : source_(source) {
    for (auto& line : text_lines(text))
      if (!line.words.empty() && !line.words[0].starts_with('#')) lines_.push_back(std::move(line));
  }

  Molecule read(const std::map<std::string, double>& given) {
    if (lines_.empty()) fail_at(source_, {1, {}, {}}, "the file is empty; a Z-matrix begins with an atom");
    Molecule molecule;
    molecule.name = source_;
    std::size_t first = 0;
    if (const auto& words = lines_[0].words;
        words.size() == 2 && whole_number(words[0]) && whole_number(words[1])) {
      molecule.charge = *whole_number(words[0]);
      molecule.multiplicity = *whole_number(words[1]);
      first = 1;
    }
    const auto end = end_of_atoms(first);
    for (auto i = end; i < lines_.size(); ++i) read_value(lines_[i]);
    for (const auto& [name, value] : given) {
      const auto found = values_.find(name);
      if (found == values_.end())
        fail_at(source_, lines_[0], fmt::format("no name \"{}\" has a value in this Z-matrix", name));
      found->second = value;
    }
    for (auto i = first; i < end; ++i) molecule.atoms.push_back(read_atom(lines_[i], molecule.atoms));
    if (molecule.atoms.empty()) fail_at(source_, lines_[0], "a Z-matrix begins with an atom");
    return molecule;
  }

 private:
  /// Values begin with the first line that has "=", or with two words after the first atoms.
  std::size_t end_of_atoms(std::size_t first) const {
    auto end = first;
    while (end < lines_.size()) {
      const auto& words = lines_[end].words;
      const auto atom = end - first;
      if (lines_[end].text.find('=') != std::string_view::npos) break;
      if (atom > 0 && words.size() == 2) break;
      ++end;
    }
    return end;
  }

  void read_value(const ChemistryLine& line) {
    std::string text(line.text);
    for (char& c : text)
      if (c == '=') c = ' ';
    const auto words = text_lines(text).front().words;
    const auto value = words.size() == 2 ? chemists_number(words[1]) : std::nullopt;
    if (!value) fail_at(source_, line, "after the atoms come names with their values, as in \"r = 0.96\"");
    values_[std::string(words[0])] = *value;
  }

  double number(std::string_view word, const ChemistryLine& line) const {
    if (const auto value = chemists_number(word); value && std::abs(*value) < 1e6) return *value;
    const bool minus = word.starts_with('-');
    const auto found = values_.find(word.substr(minus ? 1 : 0));
    if (found == values_.end())
      fail_at(source_, line,
              fmt::format("\"{}\" is neither a number nor a name with a value", word.substr(0, 40)));
    return minus ? -found->second : found->second;
  }

  std::size_t earlier(std::string_view word, const ChemistryLine& line, std::size_t atoms) const {
    const auto index = whole_number(word);
    if (!index || *index < 1 || static_cast<std::size_t>(*index) > atoms)
      fail_at(source_, line,
              fmt::format("\"{}\" is not one of the {} atoms before", word.substr(0, 40), atoms));
    return static_cast<std::size_t>(*index - 1);
  }

  double angle(std::string_view word, const ChemistryLine& line) const {
    const double degrees = number(word, line);
    if (degrees < 0 || degrees > 180)
      fail_at(source_, line, fmt::format("an angle of {} degrees; it is 0 to 180", degrees));
    return degrees * radians_per_degree;
  }

  Atom read_atom(const ChemistryLine& line, const std::vector<Atom>& before) const {
    const auto known = std::min<std::size_t>(before.size(), 3);
    if (line.words.size() != 1 + 2 * known || before.size() >= most_zmatrix_atoms)
      fail_at(source_, line,
              fmt::format("atom {} of a Z-matrix has {} words, here are {}", before.size() + 1, 1 + 2 * known,
                          line.words.size()));
    Atom atom;
    auto symbol = line.words[0];
    atom.ghost = symbol.starts_with('@');
    if (atom.ghost) symbol.remove_prefix(1);
    atom.number = read_element(symbol, source_, line);
    if (known == 0) return atom;
    const auto a = earlier(line.words[1], line, before.size());
    const double apart = number(line.words[2], line) * bohr_per_angstrom;
    if (!(apart > 0)) fail_at(source_, line, "a distance must be above 0");
    if (known == 1) {
      atom.position = sum(before[a].position, {0, 0, apart});
      return atom;
    }
    const auto b = earlier(line.words[3], line, before.size());
    const double bend = angle(line.words[4], line);
    const auto c = known == 3 ? earlier(line.words[5], line, before.size()) : most_zmatrix_atoms;
    if (a == b || a == c || b == c) fail_at(source_, line, "an atom is named twice");
    const double turn = known == 3 ? number(line.words[6], line) * radians_per_degree : 0;
    const auto axis = difference(before[b].position, before[a].position);
    const auto other = known == 3 ? difference(before[c].position, before[b].position) : Vector3{1, 0, 0};
    atom.position = sum(before[a].position, placed(axis, other, apart, bend, turn, line));
    return atom;
  }

  /// From the first atom, given the directions to the second and from there to the third.
  Vector3 placed(const Vector3& axis, const Vector3& other, double apart, double bend, double turn,
                 const ChemistryLine& line) const {
    const double size = length(axis);
    if (size < 1e-6) fail_at(source_, line, "two of the atoms that it refers to lie on top of each other");
    const auto along = scaled(axis, 1 / size);
    auto normal = cross(along, other);
    if (length(normal) < 1e-6 * length(other))
      fail_at(source_, line,
              "the atoms that it refers to lie in a line, so that a dihedral angle means nothing");
    normal = scaled(normal, 1 / length(normal));
    const auto in_plane = cross(normal, along);
    return sum(scaled(along, apart * std::cos(bend)),
               sum(scaled(in_plane, apart * std::sin(bend) * std::cos(turn)),
                   scaled(normal, -apart * std::sin(bend) * std::sin(turn))));
  }

  std::string_view source_;
  std::vector<ChemistryLine> lines_;
  std::map<std::string, double, std::less<>> values_;
};

}  // namespace

Molecule read_zmatrix(std::string_view text, std::string_view source,
                      const std::map<std::string, double>& values) {
  return ZMatrixReader(text, source).read(values);
}

}  // namespace qupel
