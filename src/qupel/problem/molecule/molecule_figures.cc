#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "qupel/problem/molecule/answered_energies.h"
#include "qupel/problem/molecule/measurements.h"
#include "qupel/problem/molecule/molecule_problem.h"

// What a report shows of the energies of several molecules, geometries or steps of a ladder.
namespace qupel {

std::map<std::size_t, double> energies_by_row(std::span<const Answered> answers) {
  std::map<std::size_t, double> energies;
  for (const auto& [answer, rows] : answers)
    if (const auto* energy = std::get_if<Energy>(answer); energy && rows.size() == 1)
      energies[rows.front()] = energy->value;
  return energies;
}

namespace {

constexpr double smallest_shown = 1e-4, accurate_enough = 1000 * chemical_accuracy;  // millihartree

/// The distance from the exact energy as it is drawn on a logarithmic scale.
double drawn_error(double difference) { return std::max(smallest_shown, 1000 * std::abs(difference)); }

bool lies_below(double difference) { return 1000 * difference < -smallest_shown; }

/// The points of a curve whose energies lie below the exact ones, which its distances do not tell.
Series those_below(const std::string& name, std::span<const std::pair<double, double>> differences) {
  Series below{name.empty() ? "below the exact energy" : name + ", below the exact energy", {}, false};
  for (const auto& [x, difference] : differences)
    if (lies_below(difference)) below.points.emplace_back(x, drawn_error(difference));
  return below;
}

/// Of one molecule: a point a contender, and chemical accuracy.
Plot errors_of_one(std::span<const ContenderAnswers> contenders, double exact) {
  Plot errors{"Distance from the exact energy", "contender", "millihartree", {}, false, true};
  double place = 0;
  for (const auto& contender : contenders) {
    const auto energies = energies_by_row(contender.answers);
    if (energies.empty()) continue;
    const double difference = energies.begin()->second - exact;
    errors.series.push_back({lies_below(difference) ? contender.name + ", below" : contender.name,
                             {{++place, drawn_error(difference)}},
                             false});
  }
  errors.series.push_back(
      {"chemical accuracy", {{0.0, accurate_enough}, {std::max(1.0, place), accurate_enough}}, true});
  return errors;
}

}  // namespace

std::string MoleculeProblem::ranked_json(std::size_t row, double energy) const {
  const auto* own = molecule(row);
  const auto name =
      nlohmann::json(row_name(row)).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
  return fmt::format(
      R"({{"name": {}, "formula": "{}", "basis": "{}", "active": [{}, {}], "energy": {:.10f}, "error": {:.10f}, "difference": {:.10f}}})",
      name, own ? own->formula() : "", basis(row), system(row).electrons(), system(row).orbitals(), energy,
      std::abs(energy - reference(row).energy), energy - reference(row).energy);
}

std::string MoleculeProblem::solution(std::span<const Answered> answers) const {
  std::vector<std::string> texts;
  std::vector<std::pair<double, std::size_t>> order;
  for (const auto& [row, energy] : energies_by_row(answers)) {
    texts.push_back(fmt::format("{:.10f}", energy));
    order.emplace_back(energy, row);
  }
  const bool ladder = !options_.ladder.empty();
  if (!ladder) std::ranges::sort(order);
  std::vector<std::string> entries;
  for (const auto& [energy, row] : order) entries.push_back(ranked_json(row, energy));
  return fmt::format(R"({{"energies": [{}], "{}": [{}]}})", fmt::join(texts, ", "),
                     ladder ? "ladder" : "ranked", fmt::join(entries, ", "));
}

bool MoleculeProblem::is_curve(std::size_t points) const {
  if (!options_.ladder.empty()) return points > 1 && units_.size() == options_.ladder.size();
  return points > 2 && !options_.fragments && options_.states == 1;
}

MoleculeProblem::Positions MoleculeProblem::positions() const {
  Positions made;
  const auto every = [&](auto holds) {
    for (std::size_t row = 0; row < units_.size(); ++row)
      if (!holds(row)) return false;
    return true;
  };
  if (!options_.ladder.empty()) {
    const bool active = !every([&](auto row) { return system(row).orbitals() == system(0).orbitals(); });
    made.along = active ? "active orbitals" : "orbitals of the basis";
    for (std::size_t row = 0; row < units_.size(); ++row)
      made.of_row.push_back(active ? system(row).orbitals() : system(row).all_orbitals);
    return made;
  }
  const auto apart = [&](std::size_t row) {
    return distance(molecule(row)->atoms[0], molecule(row)->atoms[1]) / bohr_per_angstrom;
  };
  const auto same_atoms = [&](std::size_t row) {
    return molecule(row) && molecule(row)->atoms.size() > 1 &&
           molecule(row)->formula() == molecule(0)->formula();
  };
  const bool by_distance =
      every(same_atoms) && !every([&](auto row) { return std::abs(apart(row) - apart(0)) < 1e-6; });
  made.along = by_distance ? "distance of the first two atoms in angstrom" : "geometry";
  for (std::size_t row = 0; row < units_.size(); ++row)
    made.of_row.push_back(by_distance ? apart(row) : static_cast<double>(row + 1));
  return made;
}

Figures MoleculeProblem::figures(std::span<const Answered> answers) const {
  const auto energies = energies_by_row(answers);
  if (!is_curve(energies.size())) return {};
  const auto at = positions();
  Series found{"found", {}, true}, exact{"exact", {}, true};
  Series error{"error", {}, true}, accurate{"chemical accuracy", {}, true};
  std::vector<std::pair<double, double>> differences;
  for (const auto& [row, energy] : energies) {
    const double x = at.of_row[row];
    found.points.emplace_back(x, energy);
    exact.points.emplace_back(x, reference(row).energy);
    differences.emplace_back(x, energy - reference(row).energy);
    error.points.emplace_back(x, drawn_error(differences.back().second));
    accurate.points.emplace_back(x, accurate_enough);
  }
  Figures figures;
  figures.plots.push_back({"Energies", at.along, "energy in hartree", {found, exact}});
  figures.plots.push_back({"Error", at.along, "millihartree", {error, accurate}, false, true});
  if (auto below = those_below("", differences); !below.points.empty())
    figures.plots.back().series.push_back(std::move(below));
  return figures;
}

std::vector<Plot> MoleculeProblem::overview(std::span<const ContenderAnswers> contenders) const {
  if (units_.size() == 1) return {errors_of_one(contenders, reference(0).energy)};
  if (!is_curve(units_.size())) return {};
  const auto at = positions();
  Plot energies{"Energies", at.along, "energy in hartree", {}};
  Plot errors{"Distance from the exact energy", at.along, "millihartree", {}, false, true};
  for (const auto& contender : contenders) {
    Series energy{contender.name, {}, true}, error{contender.name, {}, true};
    std::vector<std::pair<double, double>> differences;
    for (const auto& [row, value] : energies_by_row(contender.answers)) {
      energy.points.emplace_back(at.of_row[row], value);
      differences.emplace_back(at.of_row[row], value - reference(row).energy);
      error.points.emplace_back(at.of_row[row], drawn_error(differences.back().second));
    }
    energies.series.push_back(std::move(energy));
    errors.series.push_back(std::move(error));
    if (auto below = those_below(contender.name, differences); !below.points.empty())
      errors.series.push_back(std::move(below));
  }
  Series accurate{"chemical accuracy", {}, true};
  for (const double x : at.of_row) accurate.points.emplace_back(x, accurate_enough);
  errors.series.push_back(std::move(accurate));
  return {std::move(energies), std::move(errors)};
}

}  // namespace qupel
