#include "qupel/problem/molecule/molecule_problem.h"

#include <fmt/format.h>

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "qupel/base/error.h"
#include "qupel/base/hash.h"
#include "qupel/electrons/davidson.h"
#include "qupel/problem/molecule/answered_energies.h"
#include "qupel/problem/molecule/measurements.h"
#include "qupel/problem/molecule/xyz.h"

namespace qupel {
namespace {

/// Equivalence of 0.01 (the study's default) is chemical accuracy.
constexpr double spread = 100 * chemical_accuracy;

std::string described(const Molecule& molecule, const MoleculeOptions& options, const LadderStep& step) {
  const auto& active = options.active;
  return to_xyz(molecule,
                fmt::format("{} charge {} multiplicity {} reference {} active {} frozen {} most {}",
                            step.basis, molecule.charge, molecule.multiplicity,
                            options.reference == SpinReference::restricted ? "restricted" : "unrestricted",
                            step.active ? fmt::format("{},{}", step.active->electrons, step.active->orbitals)
                                        : std::string("chosen"),
                            active.freeze_core, active.most_determinants));
}

std::string described(const ElectronicSystem& system) {
  std::string text = fmt::format("{} {} {:.17g}", system.alpha, system.beta, system.integrals.core);
  for (const auto* matrices : {&system.integrals.one, &system.integrals.two})
    for (const auto& matrix : *matrices)
      for (const double value : matrix.values()) text += fmt::format(" {:.17g}", value);
  return text;
}

}  // namespace

struct MoleculeProblem::Unit {
  std::string name;
  std::optional<Molecule> molecule = std::nullopt;
  LadderStep step = {};
  int state = 0;
  std::mutex mutex = {};
  std::shared_ptr<const ElectronicSystem> system = nullptr;
  std::optional<Known> known = std::nullopt;
};

namespace {

const MoleculeInstance& molecule_instance(const Instance& instance) {
  const auto* molecule = dynamic_cast<const MoleculeInstance*>(&instance);
  if (molecule == nullptr)
    throw InputError("this contender finds energies of molecules: the instance is none");
  return *molecule;
}

}  // namespace

const ElectronicSystem& electronic_system(const Instance& instance) {
  return *molecule_instance(instance).system;
}

int state_of(const Instance& instance) { return molecule_instance(instance).state; }

std::string ground_state_only(const Instance& instance) {
  const int states = molecule_instance(instance).states;
  return states == 1 ? std::string() : fmt::format("{} states asked for; it finds ground states", states);
}

MoleculeProblem::MoleculeProblem(std::string name, std::string source, std::vector<Molecule> molecules,
                                 MoleculeOptions options)
    : options_(std::move(options)) {
  if (molecules.empty()) throw InputError(fmt::format("{}: there are no molecules", source));
  auto steps = options_.ladder;
  if (steps.empty()) steps.push_back({options_.basis, options_.active.active});
  std::string all;
  for (auto& molecule : molecules) {
    require_possible(molecule);
    for (const auto& step : steps) {
      static_cast<void>(basis_functions(molecule, basis_set(step.basis)));  // throws if it lacks an element
      all += described(molecule, options_, step);
      for (int state = 0; state < options_.states; ++state) add_unit(molecule, step, state);
    }
  }
  if (options_.states > 1) all += fmt::format("states {}", options_.states);
  facts_.name = std::move(name);
  facts_.source = std::move(source);
  facts_.target = "energy";
  facts_.data_hash = sha256(all);
  facts_.rows = facts_.rows_read = units_.size();
  describe();
}

void MoleculeProblem::add_unit(const Molecule& molecule, const LadderStep& step, int state) {
  auto made = std::make_unique<Unit>();
  made->name = molecule.name;
  if (!options_.ladder.empty()) {
    made->name += ", " + step.basis;
    if (step.active) made->name += fmt::format(", {} in {}", step.active->electrons, step.active->orbitals);
  }
  if (state > 0) made->name += fmt::format(", state {}", state);
  made->molecule = molecule;
  made->step = step;
  made->state = state;
  units_.push_back(std::move(made));
}

MoleculeProblem::MoleculeProblem(std::string name, std::string source, ElectronicSystem system,
                                 double most_exact) {
  options_.most_exact = most_exact;
  facts_.name = std::move(name);
  facts_.source = std::move(source);
  facts_.target = "energy";
  facts_.data_hash = sha256(described(system));
  facts_.rows = facts_.rows_read = 1;
  auto made = std::make_unique<Unit>();
  made->name = facts_.name;
  made->system = std::make_shared<const ElectronicSystem>(std::move(system));
  units_.push_back(std::move(made));
  describe();
}

MoleculeProblem::~MoleculeProblem() = default;

const std::vector<Metric>& MoleculeProblem::metrics() const {
  static const std::vector<Metric> all{{.name = "error",
                                        .unit = "hartree",
                                        .higher_is_better = false,
                                        .decides = true,
                                        .spread = spread,
                                        .problem = "molecule"},
                                       {.name = "energy",
                                        .unit = "hartree",
                                        .higher_is_better = false,
                                        .low = -std::numeric_limits<double>::infinity(),
                                        .spread = spread,
                                        .problem = "molecule"}};
  return all;
}

namespace {

/// Its formula, with charge and multiplicity where these are not the usual ones.
std::string named(const Molecule& molecule) {
  auto text = molecule.formula();
  if (molecule.charge != 0) text += fmt::format(" with charge {:+}", molecule.charge);
  if (molecule.multiplicity != 1) text += fmt::format(", multiplicity {}", molecule.multiplicity);
  return text;
}

}  // namespace

void MoleculeProblem::describe() {
  const auto& first = system(0);
  facts_.summary = fmt::format(
      "{}{} electrons in {} orbitals{}; {} qubits",
      units_.front()->molecule ? named(*units_.front()->molecule) + ", " : std::string(), first.electrons(),
      first.orbitals(), units_.front()->molecule ? " of " + units_.front()->step.basis : std::string(),
      2 * first.orbitals());
  const auto geometries = units_.size() / static_cast<std::size_t>(options_.states) /
                          std::max<std::size_t>(options_.ladder.size(), 1);
  if (!options_.ladder.empty())
    facts_.summary += fmt::format(", the first of {} steps of a ladder", options_.ladder.size());
  if (geometries > 1) facts_.summary += fmt::format(", the first of {} geometries", geometries);
  if (options_.states > 1) facts_.summary += fmt::format("; the {} lowest states", options_.states);
  for (const auto& choice : first.choices) facts_.summary += "; " + choice;
  for (const auto& warning : binding_warnings()) facts_.summary += "; " + warning;
}

std::vector<std::string> MoleculeProblem::binding_warnings() const {
  std::vector<std::string> warnings;
  if (!options_.fragments) return warnings;
  if (options_.basis == "sto-3g" || options_.basis == "6-31g")
    warnings.push_back(fmt::format(
        "{} has no polarisation functions: too small for binding energies, whose error is then kilocalories",
        options_.basis));
  for (std::size_t row = 0; row < units_.size(); ++row) {
    const auto& own = system(row);
    if (own.orbitals() == own.all_orbitals) continue;
    warnings.push_back(
        "the active space is too small for a binding energy: whole and parts each leave out a different share "
        "of the correlation, dispersion among it");
    break;
  }
  return warnings;
}

namespace {

std::string json_numbers(const std::vector<double>& values) {
  std::vector<std::string> texts;
  for (const double value : values) texts.push_back(fmt::format("{:.4f}", value));
  return fmt::format("[{}]", fmt::join(texts, ", "));
}

std::string json_texts(const std::vector<std::string>& values) {
  std::vector<std::string> texts;
  for (const auto& value : values) texts.push_back(fmt::format("\"{}\"", value));
  return fmt::format("[{}]", fmt::join(texts, ", "));
}

/// Shots with three digits: more of them would be noise.
std::string shots(double count) {
  const double unit = std::pow(10, std::max(0.0, std::floor(std::log10(std::max(count, 1.0))) - 2));
  return fmt::format("{:.0f}", std::ceil(count / unit) * unit);
}

std::string measurements_json(const MeasurementPlan& plan) {
  std::string ways;
  for (const auto& way : plan.ways)
    ways += way.circuits == 0
                ? fmt::format(R"(, "{}": {{"shots": {}}})", way.name, shots(way.shots_even))
                : fmt::format(R"(, "{}": {{"circuits": {}, "shots": {}, "shots_by_variance": {}}})", way.name,
                              way.circuits, shots(way.shots_even), shots(way.shots_by_variance));
  return fmt::format(R"({{"standard_error": {}, "pauli_strings": {}, "one_norm": {:.6f}{}}})", plan.error,
                     plan.strings, plan.one_norm, ways);
}

}  // namespace

std::string MoleculeProblem::description() const {
  const auto& first = system(0);
  const auto* molecule = this->molecule(0);
  const auto& known = reference(0);
  auto chosen = first.choices;
  for (auto& warning : binding_warnings()) chosen.push_back(std::move(warning));
  auto text = fmt::format(
      R"({{"kind": "molecule", "atoms": {}, {}"electrons": {}, "orbitals": {}, "active": [{}, {}], "qubits": {}, )"
      R"("frozen": {}, "basis": "{}", "mean_field": "{}", "hf_energy": {:.10f}, )"
      R"("reference": {{"name": "{}", "energy": {:.10f}}}, "chosen": {})",
      molecule ? molecule->atoms.size() : 0,
      molecule
          ? fmt::format(R"("charge": {}, "multiplicity": {}, )", molecule->charge, molecule->multiplicity)
          : "",
      first.all_electrons, first.all_orbitals, first.electrons(), first.orbitals(), 2 * first.orbitals(),
      first.frozen, units_.front()->step.basis, first.reference, first.reference_energy, known.name,
      known.energy, json_texts(chosen));
  text += fmt::format(R"(, "occupations": {})", json_numbers(known.occupations));
  if (const auto plan = measurement_plan(first, known.ground); !plan.ways.empty())
    text += fmt::format(R"(, "measurements": {})", measurements_json(plan));
  return text + "}";
}

namespace {

constexpr double ev_per_hartree = 27.211386245988;
constexpr double kcal_per_hartree = 627.5094740631;

}  // namespace

Scores MoleculeProblem::overall_scores(std::span<const Answered> answers, std::span<const AnswerTime>) const {
  const auto energies = energies_by_row(answers);
  if (options_.states > 1 && energies.size() == static_cast<std::size_t>(options_.states)) {
    Scores excitations;
    for (std::size_t k = 1; k < energies.size(); ++k)
      excitations[fmt::format("excitation-{}-ev", k)] = ev_per_hartree * (energies.at(k) - energies.at(0));
    return excitations;
  }
  if (!options_.fragments || energies.size() != 3) return {};
  return {{"binding-kcal", kcal_per_hartree * (energies.at(0) - energies.at(1) - energies.at(2))}};
}

std::vector<Split> MoleculeProblem::splits(const Splitting&) const {
  std::vector<Split> splits;
  for (std::size_t i = 0; i < units_.size(); ++i)
    splits.push_back({.repeat = 0, .fold = static_cast<int>(i), .train = {i}, .test = {i}});
  return splits;
}

std::string MoleculeProblem::split_words(const Splitting&) const {
  if (!options_.ladder.empty()) return fmt::format("{} energies of a ladder", units_.size());
  if (options_.states > 1) return fmt::format("{} states of molecules or geometries", units_.size());
  return units_.size() == 1 ? "one molecule" : fmt::format("{} molecules or geometries", units_.size());
}

Work MoleculeProblem::prepare(const Splitting&, const Split& split) const {
  const auto row = split.test.front();
  auto instance = std::make_shared<MoleculeInstance>();
  instance->name = units_.at(row)->name;
  static_cast<void>(system(row));
  instance->system = units_[row]->system;
  instance->state = units_[row]->state;
  instance->states = options_.states;
  return {{split.train, split.test, instance, instance}, {}};
}

MoleculeProblem::Unit& MoleculeProblem::unit(std::size_t row) const { return *units_.at(row); }

const std::string& MoleculeProblem::row_name(std::size_t row) const { return unit(row).name; }

const std::string& MoleculeProblem::basis(std::size_t row) const { return unit(row).step.basis; }

const Molecule* MoleculeProblem::molecule(std::size_t row) const {
  return unit(row).molecule ? &*unit(row).molecule : nullptr;
}

ActiveOptions MoleculeProblem::active_of(std::size_t row, const Molecule& molecule) const {
  auto active = options_.active;
  active.active = unit(row).step.active;
  if (!options_.fragments || row == 0 || !active.active) return active;
  auto& [electrons, orbitals] = *active.active;
  electrons /= 2;
  if ((molecule.electrons() - electrons) % 2 != 0) ++electrons;
  orbitals = std::max(orbitals / 2, electrons - electrons / 2);
  return active;
}

const ElectronicSystem& MoleculeProblem::system(std::size_t row) const {
  auto& own = unit(row);
  const std::scoped_lock lock(own.mutex);
  if (!own.system) {
    const auto& basis = basis_set(own.step.basis);
    const auto integrals = atomic_integrals(*own.molecule, basis);
    const auto field = mean_field(*own.molecule, basis, integrals, {.reference = options_.reference});
    auto chosen = choose_active(*own.molecule, integrals, field, active_of(row, *own.molecule));
    if (!field.instability.empty()) chosen.choices.push_back(field.instability);
    own.system = std::make_shared<const ElectronicSystem>(std::move(chosen));
  }
  return *own.system;
}

namespace {

/// How many electrons each orbital holds.
std::vector<double> occupations_of(const Sector& sector, std::span<const double> vector) {
  std::vector<double> occupied(static_cast<std::size_t>(sector.orbitals()));
  for (std::size_t i = 0; i < vector.size(); ++i) {
    const auto [alpha, beta] = sector.determinant(i);
    for (std::size_t p = 0; p < occupied.size(); ++p)
      occupied[p] += vector[i] * vector[i] * static_cast<double>((alpha >> p & 1) + (beta >> p & 1));
  }
  return occupied;
}

}  // namespace

const MoleculeProblem::Known& MoleculeProblem::reference(std::size_t row) const {
  const auto& electrons = system(row);
  auto& own = unit(row);
  const std::scoped_lock lock(own.mutex);
  if (own.known) return *own.known;
  if (electrons.determinants() > options_.most_exact)
    throw InputError(fmt::format(
        "{}: {} electrons in {} orbitals have {:g} determinants; up to {:g} the exact energy can be "
        "computed to compare with: choose a smaller active space",
        own.name, electrons.electrons(), electrons.orbitals(), electrons.determinants(),
        options_.most_exact));
  const Sector sector(electrons.orbitals(), electrons.alpha, electrons.beta);
  const auto found =
      lowest_states(electrons.integrals, sector, {.states = static_cast<std::size_t>(own.state) + 1});
  own.known = Known{"FCI", found.energies.back(), occupations_of(sector, found.vectors.back()), {}};
  if (row == 0) own.known->ground = found.vectors.front();
  return *own.known;
}

Scores MoleculeProblem::score(const Answer& answer, std::span<const std::size_t> rows) const {
  const auto* energy = std::get_if<Energy>(&answer);
  if (energy == nullptr || rows.size() != 1)
    throw InputError(fmt::format("{} for {} molecules: the answer is one energy for one molecule",
                                 to_string(answer), rows.size()));
  return {{"error", std::abs(energy->value - reference(rows.front()).energy)}, {"energy", energy->value}};
}

Answer MoleculeProblem::floor(const Task& task) const {
  return Energy{system(task.ask_rows.front()).reference_energy};
}

}  // namespace qupel
