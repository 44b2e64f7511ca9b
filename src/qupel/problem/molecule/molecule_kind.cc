#include "qupel/problem/molecule/molecule_kind.h"

#include <fmt/format.h>

#include <filesystem>

#include "qupel/base/error.h"
#include "qupel/base/file.h"
#include "qupel/base/text.h"
#include "qupel/problem/molecule/fcidump.h"
#include "qupel/problem/molecule/fragments.h"
#include "qupel/problem/molecule/lines.h"
#include "qupel/problem/molecule/molecule_problem.h"
#include "qupel/problem/molecule/xyz.h"
#include "qupel/problem/molecule/zmatrix.h"

namespace qupel {
namespace {

bool is_fcidump(std::string_view name, std::string_view beginning) {
  const auto start = beginning.find_first_not_of(" \t\r\n");
  const auto head = start == std::string_view::npos ? std::string_view() : beginning.substr(start, 4);
  return name.ends_with(".fcidump") || name == "fcidump" || head == "&FCI" || head == "&fci" ||
         head == "$FCI";
}
bool is_zmatrix(std::string_view name) { return name.ends_with(".zmat") || name.ends_with(".zmatrix"); }
bool recognises(std::string_view name, std::string_view beginning) {
  return name.ends_with(".xyz") || is_zmatrix(name) || is_fcidump(name, beginning);
}

const std::string* given(const ProblemOptions& options, std::string_view name) {
  const auto found = options.find(name);
  return found == options.end() ? nullptr : &found->second;
}

int whole_option(const ProblemOptions& options, std::string_view name, int otherwise, int low, int high) {
  const auto* text = given(options, name);
  if (text == nullptr) return otherwise;
  const auto value = whole_number(*text);
  if (!value || *value < low || *value > high)
    throw SettingError(name,
                       fmt::format("{} = {} is not a whole number from {} to {}", name, *text, low, high));
  return *value;
}

/// "r=0.5:2.5:20": a name of a Z-matrix, first and last value, and how many.
struct Scan {
  std::string name;
  std::vector<double> values;
};
Scan parse_scan(const std::string& text) {
  const auto sign = text.find('='), first = text.find(':'), second = text.find(':', first + 1);
  if (sign != std::string::npos && second != std::string::npos && sign < first) {
    const auto from = chemists_number(std::string_view(text).substr(sign + 1, first - sign - 1));
    const auto to = chemists_number(std::string_view(text).substr(first + 1, second - first - 1));
    const auto count = whole_number(std::string_view(text).substr(second + 1));
    if (from && to && count && *count >= 2 && *count <= 1000) {
      Scan scan{text.substr(0, sign), {}};
      for (int i = 0; i < *count; ++i) scan.values.push_back(*from + (*to - *from) * i / (*count - 1));
      return scan;
    }
  }
  throw SettingError(
      "scan",
      fmt::format("scan = \"{}\": give a name of the Z-matrix, first and last value and how many, as in "
                  "\"r=0.5:2.5:20\"",
                  text.substr(0, 60)));
}

std::vector<Molecule> read_geometries(const std::string& text, const std::string& name,
                                      const ProblemOptions& options) {
  const auto* scan = given(options, "scan");
  if (!is_zmatrix(name)) {
    if (scan)
      throw SettingError("scan",
                         "scan needs a Z-matrix; several geometries in one XYZ file are a curve as they are");
    return read_xyz(text, name);
  }
  if (!scan) return {read_zmatrix(text, name)};
  const auto [parameter, values] = parse_scan(*scan);
  std::vector<Molecule> molecules;
  for (const double value : values) {
    molecules.push_back(read_zmatrix(text, name, {{parameter, value}}));
    molecules.back().name = fmt::format("{} {} = {:g}", name, parameter, value);
  }
  return molecules;
}

constexpr double most_for_contenders = 1e5;  // determinants of which all contenders are done in minutes

int most_orbitals(const ProblemOptions& options) { return whole_option(options, "qubits", 64, 4, 64) / 2; }

/// The parts of "6-31g:cc-pvdz", of which each is a step of a ladder.
std::vector<std::string> steps(std::string_view text) {
  std::vector<std::string> parts;
  for (std::size_t first = 0; first <= text.size();) {
    const auto end = std::min(text.find(':', first), text.size());
    parts.emplace_back(text.substr(first, end - first));
    first = end + 1;
  }
  return parts;
}

/// Basis sets and active spaces: several of either are a ladder.
void read_steps(const ProblemOptions& options, MoleculeOptions& made) {
  std::vector<std::string> bases{made.basis};
  if (const auto* basis = given(options, "basis")) bases = steps(*basis);
  for (const auto& basis : bases) {
    try {
      static_cast<void>(basis_set(basis));
    } catch (const InputError& error) {
      throw SettingError("basis", error.what());
    }
  }
  std::vector<std::optional<ActiveSize>> spaces{std::nullopt};
  if (const auto* active = given(options, "active")) {
    spaces.clear();
    for (const auto& space : steps(*active)) spaces.push_back(parse_active(space));
  }
  made.basis = bases.front();
  made.active.active = spaces.front();
  if (bases.size() * spaces.size() == 1) return;
  for (const auto& basis : bases)
    for (const auto& space : spaces) made.ladder.push_back({basis, space});
}

MoleculeOptions molecule_options(const ProblemOptions& options) {
  MoleculeOptions made;
  read_steps(options, made);
  made.states = whole_option(options, "states", 1, 1, 20);
  made.active.freeze_core = given(options, "freeze-core") != nullptr;
  if (given(options, "unrestricted")) made.reference = SpinReference::unrestricted;
  made.active.most_determinants = most_for_contenders;
  made.active.most_orbitals = most_orbitals(options);
  return made;
}

/// Of a FCIDUMP, whose electrons and orbitals are all active up to the number of qubits.
std::unique_ptr<Problem> integrals_problem(const std::string& text, const std::string& file,
                                           const std::string& name, const ProblemOptions& options) {
  for (const auto& [option, value] : options)
    if (option != "qubits")
      throw SettingError(
          option,
          fmt::format("{} says nothing about integrals: a FCIDUMP holds what it would choose", option));
  auto system = read_fcidump(text, file);
  if (!options.empty())
    system = within_limits(
        std::move(system),
        {.most_determinants = most_for_contenders, .most_orbitals = most_orbitals(options)}, name);
  return std::make_unique<MoleculeProblem>(name, file, std::move(system));
}

/// The geometries of a folder, file by file in the order of their names.
std::vector<Molecule> read_folder(const std::filesystem::path& folder, const ProblemOptions& options) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const auto name = entry.path().filename().string();
    if (entry.is_regular_file() && (name.ends_with(".xyz") || is_zmatrix(name)))
      files.push_back(entry.path());
  }
  std::ranges::sort(files);
  std::vector<Molecule> molecules;
  for (const auto& file : files) {
    auto read =
        read_geometries(plain_text(read_file(file), file.string()), file.filename().string(), options);
    std::ranges::move(read, std::back_inserter(molecules));
  }
  if (molecules.empty())
    throw InputError(
        fmt::format("{}: the folder has no geometries; they end with .xyz or .zmat", folder.string()));
  return molecules;
}

std::unique_ptr<Problem> load(const std::string& file, const ProblemOptions& options) {
  std::filesystem::path path(file);
  if (path.filename().empty()) path = path.parent_path();  // "folder/"
  const bool folder = std::filesystem::is_directory(path);
  const auto name = path.filename().string(), stem = path.stem().string();
  const auto text = folder ? std::string() : plain_text(read_file(path), file);
  if (!folder && is_fcidump(name, text)) return integrals_problem(text, file, stem, options);
  auto molecules = folder ? read_folder(path, options) : read_geometries(text, name, options);
  for (auto& molecule : molecules) {
    molecule.charge = whole_option(options, "charge", molecule.charge, -100, 100);
    molecule.multiplicity = whole_option(options, "multiplicity", molecule.multiplicity, 1, 100);
  }
  auto chosen = molecule_options(options);
  if (!chosen.ladder.empty() && (chosen.states > 1 || given(options, "fragments")))
    throw SettingError(
        given(options, "fragments") ? "fragments" : "states",
        "a ladder of basis sets or active spaces is of ground states of whole molecules: name one basis and one active space");
  if (const auto* fragments = given(options, "fragments")) {
    if (molecules.size() != 1)
      throw SettingError("fragments", "fragments are parts of one geometry; the file has several");
    molecules = with_fragments(molecules.front(), *fragments);
    if (chosen.states > 1)
      throw SettingError("fragments", "a binding energy is of ground states: leave out states or fragments");
    chosen.fragments = true;
  }
  return std::make_unique<MoleculeProblem>(stem, file, std::move(molecules), std::move(chosen));
}

}  // namespace

const ProblemKind molecule_kind{
    .name = "molecule",
    .summary =
        "molecules: the lowest energy of electrons, from XYZ (.xyz), a Z-matrix (.zmat) or integrals (FCIDUMP)",
    .recognises = recognises,
    .flag = "",
    .options =
        {{"basis", "NAME[:NAME]",
          "basis set: sto-3g (default), 6-31g, 6-31g*, cc-pvdz, cc-pvtz; several: a ladder"},
         {"charge", "NUMBER", "charge of the molecule; default: what the file says, or 0"},
         {"multiplicity", "NUMBER",
          "1 for a singlet, 2 for a doublet, and so on; default: what the file says, or 1"},
         {"active", "ELECTRONS,ORBITALS",
          "active space around the gap, default: all, as far as they can be treated; several, as 2,2:4,4: a ladder"},
         {"qubits", "NUMBER",
          "at most so many spin orbitals are active, without --active; default 64, with --device 8"},
         {"states", "NUMBER", "so many of the lowest states, default 1"},
         {"freeze-core", "", "electrons of noble gas cores take no part"},
         {"unrestricted", "", "orbitals of their own for either spin (UHF)"},
         {"scan", "NAME=FROM:TO:COUNT", "a curve over a value of the Z-matrix"},
         {"fragments", "ATOMS", "atoms of one of two parts, as 1-3: their binding energy with counterpoise"}},
    .deciding = {"error"},
    .load = load,
    .precision = Precision::double_};

}  // namespace qupel
