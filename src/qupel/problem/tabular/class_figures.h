#pragma once
#include <optional>
#include <span>
#include <string_view>

#include "qupel/problem/problem.h"
#include "qupel/problem/tabular/tabular.h"

// What answers of classes look like over all rows.
namespace qupel {

/// The sums over rows of which accuracy, balanced-accuracy and log-loss are functions; nothing for others.
std::optional<RowSums> class_row_sums(const DataSet& data, std::span<const Answered> answered,
                                      std::string_view metric);

/// Confusions, calibration in ten bins of the predicted class's probability, and the ROC curve of two
/// classes.
Figures class_figures(const DataSet& data, std::span<const Answered> answered);

}  // namespace qupel
