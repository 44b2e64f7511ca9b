#pragma once
#include <cstdint>
#include <vector>

#include "qupel/study/spec.h"

namespace qupel {

/// Every contender on its own inputs, and the classical ones that learn also on the quantum contenders'
/// reduced inputs, so that what the reduction costs is told apart from what the model costs.
std::vector<Entry> default_entries();

/// The configurations that a tuned fit tries: the defaults first, then a random draw without repetition from
/// the grid of the entry's values, at most `count`. Every contender gets the same count (fewer only if its
/// grid is smaller).
std::vector<Settings> configurations(const Entry& entry, int count, std::uint64_t seed);

/// The default settings of an entry (the first value of each hyperparameter).
Settings default_settings(const Entry& entry);

}  // namespace qupel
