#include "qupel/study/inputs.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace qupel {
namespace {

std::size_t wanted_columns(std::size_t available, const Settings& settings) {
  const auto found = settings.find(std::string(input_columns));
  const double wanted = found == settings.end() ? 0 : std::get<double>(found->second);
  return wanted < 1 ? available : std::min(available, static_cast<std::size_t>(wanted));
}

Scale wanted_scale(const Settings& settings) {
  const auto found = settings.find(std::string(input_scaling));
  return found == settings.end() ? Scale::range : scale(std::get<std::string>(found->second));
}

bool looks_like_angles(const Column& column) {
  constexpr double slack = 0.02 * std::numbers::pi;
  double low = HUGE_VAL, high = -HUGE_VAL;
  for (const double v : column.numbers)
    if (!std::isnan(v)) low = std::min(low, v), high = std::max(high, v);
  if (!(high - low > std::numbers::pi)) return false;
  const auto within = [&](double from, double to) { return low >= from - slack && high <= to + slack; };
  return within(0, 2 * std::numbers::pi) || within(-std::numbers::pi, std::numbers::pi);
}

}  // namespace

std::vector<HyperParameter> hyperparameters_of(const Entry& entry) {
  auto parameters = entry.contender().hyperparameters;
  if (entry.inputs != Inputs::reduced || parameters.empty()) return parameters;
  parameters.push_back({std::string(input_columns),
                        "the first so many of the reduced columns; 0: all of them",
                        {0.0},
                        {.high = max_qubits, .with_low = true, .whole = true}});
  parameters.push_back({std::string(input_scaling),
                        "to [-1, 1]: by smallest and largest value, by quantiles, or angles as they are",
                        {"range"},
                        {},
                        false,
                        {std::string(to_string(Scale::robust)), std::string(to_string(Scale::angle))}});
  return parameters;
}

Settings own_settings(const Entry& entry, const Settings& settings) {
  Settings own;
  for (const auto& parameter : entry.contender().hyperparameters)
    if (const auto found = settings.find(parameter.name); found != settings.end()) own.insert(*found);
  return own;
}

Matrix<double> inputs_of(const PreparedRows& rows, const Entry& entry, const Settings& settings) {
  if (entry.inputs == Inputs::all) return rows.all;
  const auto& reduced = rows.reduced.at(wanted_scale(settings));
  return first_columns(reduced, wanted_columns(reduced.columns(), settings));
}

int input_width(const StudySpec& spec, std::size_t prepared, const Entry& entry, const Settings& settings) {
  if (entry.inputs == Inputs::all) return static_cast<int>(prepared);
  const auto reduced = spec.reduction == Reduction::none
                           ? prepared
                           : std::min(prepared, static_cast<std::size_t>(std::max(spec.features, 1)));
  return static_cast<int>(wanted_columns(reduced, settings));
}

bool columns_are_angles(const TabularProblem& problem) {
  std::size_t used = 0;
  for (const auto& column : problem.table.columns) {
    if (!column.used) continue;
    if (column.type != ColumnType::numeric || !looks_like_angles(column)) return false;
    ++used;
  }
  return used > 0;
}

}  // namespace qupel
