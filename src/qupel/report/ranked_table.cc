#include "qupel/report/ranked_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "qupel/report/selection.h"

namespace qupel::report {
namespace {

using nlohmann::json;

/// A solution's list of molecules with their energies; null without one.
json molecules_of(const ContenderResult& contender, std::string_view key) {
  const auto solution = json::parse(contender.solution, nullptr, false);
  const auto found = solution.is_object() ? solution.find(key) : solution.end();
  return found == solution.end() || !found->is_array() ? json() : *found;
}

std::string active_of(const json& molecule) {
  const auto& active = molecule.at("active");
  return fmt::format("{} in {}", active.at(0).get<int>(), active.at(1).get<int>());
}

void add_rows(EnergyTable& table, const json& molecules) {
  for (const auto& molecule : molecules)
    table.rows.push_back({molecule.at("name").get<std::string>(), active_of(molecule), {}});
}

/// With the distance from the exact energy: of one molecule always, else where the energy lies below it. (Old
/// records do not have it.)
std::string energy_text(const json& molecule, bool alone) {
  constexpr double shown = 5e-6;  // hartree: what two decimals of a millihartree show
  const auto energy = fmt::format("{:.6f}", molecule.at("energy").get<double>());
  const auto difference = molecule.find("difference");
  if (difference == molecule.end()) return energy;
  const double above = difference->get<double>();
  if (above < -shown) return fmt::format("{} ({:.2f} mHa below the exact one)", energy, -1000 * above);
  return alone ? fmt::format("{} ({:.2f} mHa above)", energy, 1000 * std::max(0.0, above)) : energy;
}

void add_column(EnergyTable& table, const std::string& contender, const json& molecules) {
  std::map<std::string, std::string> energies;
  for (const auto& molecule : molecules)
    energies[molecule.at("name").get<std::string>()] = energy_text(molecule, molecules.size() == 1);
  table.contenders.push_back(contender);
  for (auto& row : table.rows) row.energies.push_back(energies[row.name]);
}

}  // namespace

EnergyTable energy_table(const StudyResult& result) {
  EnergyTable table;
  for (const auto* key : {"ranked", "ladder"}) {
    for (const auto* contender : by_score(result)) {
      const auto molecules = molecules_of(*contender, key);
      if (molecules.empty() || !molecules.front().contains("active")) continue;
      if (table.rows.empty()) add_rows(table, molecules);
      table.ranked = key == std::string_view("ranked");
      add_column(table, contender->name, molecules);
    }
    if (!table.rows.empty()) break;
  }
  return table;
}

namespace {

std::string metric_text(const ContenderResult& contender, const std::string& metric, int decimals) {
  const auto found = contender.metrics.find(metric);
  return found == contender.metrics.end() ? "" : fmt::format("{:.{}f}", found->second.mean, decimals);
}

bool any_has(const StudyResult& result, const std::string& metric) {
  return std::ranges::any_of(result.contenders, [&](const auto& c) { return c.metrics.contains(metric); });
}

}  // namespace

DerivedEnergies derived_energies(const StudyResult& result) {
  DerivedEnergies made;
  std::vector<std::string> metrics;
  for (int k = 1; any_has(result, fmt::format("excitation-{}-ev", k)); ++k)
    metrics.push_back(fmt::format("excitation-{}-ev", k));
  const bool excited = !metrics.empty();
  if (!excited && any_has(result, "binding-kcal")) metrics.push_back("binding-kcal");
  if (metrics.empty()) return made;
  made.title = excited ? "Energies above the ground state in eV" : "Binding energy in kcal/mol";
  made.header.push_back("contender");
  for (std::size_t k = 0; k < metrics.size(); ++k)
    made.header.push_back(excited ? fmt::format("state {}", k + 1) : "whole less parts");
  for (const auto* contender : by_score(result)) {
    auto& row = made.rows.emplace_back(std::vector{contender->name});
    for (const auto& metric : metrics) row.push_back(metric_text(*contender, metric, excited ? 4 : 2));
  }
  return made;
}

}  // namespace qupel::report
