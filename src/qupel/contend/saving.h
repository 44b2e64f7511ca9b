#pragma once
#include "qupel/base/archive.h"
#include "qupel/contend/contender.h"

// What saved models have in common.
namespace qupel {

Archive to_archive(const Settings& settings);
/// @throws InputError for what is no setting of the contender, or out
/// of its range: nothing else is built from
Settings settings_from(const Archive& saved, const Contender& spec);

Archive to_archive(const FitInfo& info);
FitInfo fit_info_from(const Archive& saved);

/// What a model of rows was fitted on. A model that looks at its columns saves how many it takes.
struct SavedShape {
  std::size_t columns = 0;
  std::size_t outputs = 0;  ///< classes, or 1 number
};
void save(Archive& archive, const SavedShape& shape);
/// @throws InputError if there are none of either
SavedShape shape_from(const Archive& saved);
/// Of a model that saves no more than its columns. @throws InputError if there are none
std::size_t columns_from(const Archive& saved);

}  // namespace qupel
