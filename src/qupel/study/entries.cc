#include "qupel/study/entries.h"

#include <algorithm>
#include <set>

#include "qupel/base/random.h"
#include "qupel/baseline/contenders.h"

namespace qupel {
namespace {

/// The values of each hyperparameter as this entry restricts them.
std::vector<HyperParameter> grid(const Entry& entry) {
  auto parameters = contender(entry.contender).hyperparameters;
  for (auto& parameter : parameters)
    if (const auto found = entry.space.find(parameter.name); found != entry.space.end())
      parameter.values = found->second;
  return parameters;
}

/// An entry with every choice written out, so that the study's text says all.
Entry explicit_entry(std::string name, const ContenderSpec& record, Inputs inputs) {
  Entry entry{std::move(name), std::string(record.name), inputs, {}};
  for (const auto& parameter : record.hyperparameters) entry.space[parameter.name] = parameter.values;
  return entry;
}

Settings point(const std::vector<HyperParameter>& parameters, std::uint64_t index) {
  Settings settings;
  for (const auto& parameter : parameters) {
    settings[parameter.name] = parameter.values[index % parameter.values.size()];
    index /= parameter.values.size();
  }
  return settings;
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

std::vector<Settings> configurations(const Entry& entry, int count, std::uint64_t seed) {
  const auto parameters = grid(entry);
  std::uint64_t points = 1;
  for (const auto& parameter : parameters) points *= parameter.values.size();
  const auto wanted = std::min<std::uint64_t>(points, static_cast<std::uint64_t>(count));
  std::vector<Settings> drawn{point(parameters, 0)};
  std::set<std::uint64_t> taken{0};
  Random random(seed);
  while (drawn.size() < wanted) {
    const auto index = random.below(points);
    if (taken.insert(index).second) drawn.push_back(point(parameters, index));
  }
  return drawn;
}

Settings default_settings(const Entry& entry) { return point(grid(entry), 0); }

}  // namespace qupel
