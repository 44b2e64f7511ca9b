#include "qupel/contend/contender.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "qupel/base/error.h"

namespace qupel {
namespace {

const HyperParameter& hyperparameter(const Contender& spec, std::string_view name) {
  std::vector<std::string> names;
  for (const auto& parameter : spec.hyperparameters) {
    if (parameter.name == name) return parameter;
    names.push_back(parameter.name);
  }
  throw InputError(unknown_name(name, fmt::format("a hyperparameter of {}", spec.name), names));
}

template <typename T>
const T& value(const Contender& spec, const Settings& settings, std::string_view name,
               std::string_view type) {
  const auto& parameter = hyperparameter(spec, name);
  const auto given = settings.find(parameter.name);
  const Setting& setting = given == settings.end() ? parameter.values.front() : given->second;
  if (const T* found = std::get_if<T>(&setting)) return *found;
  throw InputError(fmt::format("{} of {} must be a {}, not {}", name, spec.name, type, to_string(setting)));
}

}  // namespace

void Fitted::save(Archive&) const { throw InputError("this model cannot be saved"); }

bool has_hyperparameter(const Contender& spec, std::string_view name) {
  return std::ranges::find(spec.hyperparameters, name, &HyperParameter::name) != spec.hyperparameters.end();
}

std::string_view to_string(Family family) {
  switch (family) {
    case Family::quantum:
      return "quantum";
    case Family::classical:
      return "classical";
    case Family::quantum_inspired:
      return "quantum-inspired";
  }
  return "";
}

double number(const Contender& spec, const Settings& settings, std::string_view name) {
  return value<double>(spec, settings, name, "number");
}

int count(const Contender& spec, const Settings& settings, std::string_view name) {
  const double value = number(spec, settings, name);
  const auto range = whole(1e6);
  if (range.holds(value)) return static_cast<int>(value);
  throw InputError(fmt::format("{} of {} must be {}, not {:g}", name, spec.name, to_string(range), value));
}

std::string text(const Contender& spec, const Settings& settings, std::string_view name) {
  return value<std::string>(spec, settings, name, "name");
}

bool solves(const Contender& spec, std::string_view kind) {
  return std::ranges::find(spec.solves, kind) != spec.solves.end();
}

}  // namespace qupel
