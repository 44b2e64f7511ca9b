#include "qupel/study/inputs.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace qupel {
namespace {

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

InputChoice input_choice(const Entry& entry, const Settings& settings) {
  InputChoice choice{.reduced = entry.inputs == Inputs::reduced, .columns = 0, .scaling = {}};
  if (!choice.reduced) return choice;
  if (const auto found = settings.find(std::string(input_columns)); found != settings.end())
    choice.columns = static_cast<std::size_t>(std::get<double>(found->second));
  if (const auto found = settings.find(std::string(input_scaling)); found != settings.end())
    choice.scaling = std::get<std::string>(found->second);
  return choice;
}

bool columns_are_angles(const DataSet& data) {
  std::size_t used = 0;
  for (const auto& column : data.table.columns) {
    if (!column.used) continue;
    if (column.type != ColumnType::numeric || !looks_like_angles(column)) return false;
    ++used;
  }
  return used > 0;
}

}  // namespace qupel
