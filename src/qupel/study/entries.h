#pragma once
#include <string_view>
#include <vector>

#include "qupel/study/spec.h"

namespace qupel {

/// Every contender on its own inputs, and the classical ones that learn also on the quantum contenders'
/// reduced inputs, so that what the reduction costs is told apart from what the model costs.
/// @param kind of problem, which all of them solve
std::vector<Entry> default_entries(const Catalogue& catalogue, std::string_view kind);

/// An entry's hyperparameters with the values that it restricts them to.
std::vector<HyperParameter> grid_of(const Entry& entry);

/// The default settings of an entry (the first value of each hyperparameter).
Settings default_settings(const Entry& entry);

/// The circuit of a contender that has one: by columns, or of the study's first unit.
/// @param settings of the search, from which own_settings() takes the contender's
InstanceCircuit circuit_of(const StudySpec& spec, const Problem& problem, const Entry& entry,
                           const Settings& settings);

}  // namespace qupel
