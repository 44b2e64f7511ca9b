#include "qupel/study/entries.h"

#include <algorithm>
#include <iterator>

#include "qupel/study/inputs.h"

namespace qupel {
namespace {

/// An entry with every choice written out, so that the study's text says all.
Entry explicit_entry(const Catalogue::Record& record) {
  Entry entry{record->name, record, record->inputs, {}};
  for (const auto& parameter : hyperparameters_of(entry)) entry.space[parameter.name] = parameter.values;
  return entry;
}

}  // namespace

std::vector<Entry> default_entries(const Catalogue& catalogue, std::string_view kind) {
  std::vector<Entry> entries;
  for (const auto& record : catalogue.all())
    if (solves(*record, kind)) entries.push_back(explicit_entry(record));
  const auto kinds = problem_kinds();  // none of them is a table, which has columns to reduce
  if (std::ranges::find(kinds, kind, &ProblemKind::name) != kinds.end()) return entries;
  for (const auto& record : catalogue.all())
    if (solves(*record, kind) && record->family == Family::classical && record->inputs == Inputs::all &&
        !record->hyperparameters.empty())
      entries.push_back({record->name + "@reduced", record, Inputs::reduced, {}});
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

InstanceCircuit circuit_of(const StudySpec& spec, const Problem& problem, const Entry& entry,
                           const Settings& settings) {
  const auto& record = entry.contender();
  const auto own = own_settings(entry, settings);
  if (record.instance_circuit) {
    const auto splitting = splitting_of(spec);
    const auto first = problem.prepare(splitting, problem.splits(splitting).front());
    return record.instance_circuit(*problem.view(*first.outer.ask, input_choice(entry, settings)), own);
  }
  const auto columns = problem.width(input_choice(entry, settings));
  return {record.circuit_cost(columns, problem.outputs(), own),
          record.circuit_page(columns, problem.outputs(), own)};
}

}  // namespace qupel
