#include "qupel/study/entries.h"

#include "qupel/baseline/contenders.h"
#include "qupel/study/inputs.h"

namespace qupel {
namespace {

/// An entry with every choice written out, so that the study's text says all.
Entry explicit_entry(std::string name, const ContenderSpec& record, Inputs inputs) {
  Entry entry{std::move(name), std::string(record.name), inputs, {}};
  for (const auto& parameter : hyperparameters_of(entry)) entry.space[parameter.name] = parameter.values;
  return entry;
}

}  // namespace

std::vector<Entry> default_entries() {
  std::vector<Entry> entries;
  for (const auto* record : contenders())
    entries.push_back(explicit_entry(std::string(record->name), *record, record->inputs));
  for (const auto* record : contenders())
    if (record->family == Family::classical && record->inputs == Inputs::all &&
        !record->hyperparameters.empty())
      entries.push_back(
          {std::string(record->name) + "@reduced", std::string(record->name), Inputs::reduced, {}});
  return entries;
}

std::vector<HyperParameter> grid_of(const Entry& entry) {
  auto parameters = hyperparameters_of(entry);
  for (auto& parameter : parameters)
    if (const auto found = entry.space.find(parameter.name); found != entry.space.end())
      parameter.values = found->second;
  return parameters;
}

Settings default_settings(const Entry& entry) {
  Settings settings;
  for (const auto& parameter : grid_of(entry)) settings[parameter.name] = parameter.values.front();
  return settings;
}

}  // namespace qupel
