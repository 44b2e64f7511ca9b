#pragma once
#include <string_view>
#include <vector>

#include "qupel/study/spec.h"

// What a contender sees of the reduced columns is a choice of the search, the same for all contenders on
// reduced inputs: how many columns, and how they are brought to [-1, 1].
namespace qupel {

/// The names of the two settings.
inline constexpr std::string_view input_columns = "input-columns", input_scaling = "input-scaling";

/// A contender's own hyperparameters and, for an entry on reduced inputs, the two above:
///  - input-columns: the first so many of the reduced columns (of principal components those with most
///    variance); 0, the default, is all of them
///  - input-scaling: the names of Scale, "range" by default
std::vector<HyperParameter> hyperparameters_of(const Entry& entry);

/// The settings that the contender itself reads.
Settings own_settings(const Entry& entry, const Settings& settings);

/// The inputs that a fit with these settings wants.
InputChoice input_choice(const Entry& entry, const Settings& settings);

/// Whether the numbers of every used column look like angles: within [0, 2 pi] or [-pi, pi], up to 1 % of a
/// turn beyond, over more than half a turn. Then circuits are offered them as they are.
bool columns_are_angles(const DataSet& data);

}  // namespace qupel
