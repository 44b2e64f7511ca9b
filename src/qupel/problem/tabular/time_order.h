#pragma once
#include <span>
#include <vector>

#include "qupel/problem/tabular/tabular.h"

namespace qupel {

/// How often neighbours in a sequence of labels are equal, and how often they would be in a random order.
struct NeighbourAgreement {
  std::size_t pairs = 0, equal = 0;
  double expected = 0;         ///< share of equal pairs in a random order
  bool beyond_chance() const;  ///< more than three standard deviations (binomial) above it
};
NeighbourAgreement neighbour_agreement(std::span<const int> labels, std::size_t classes);

/// A warning for each column by which the rows look like a time series (at least 30 rows):
///  - a date with more than ten different values, if the rows stand in its order, or if in its order
///    neighbours have the same label beyond chance;
///  - a number that never falls, or never rises, from row to row, with more than half of its values different
///    (identifiers too), if neighbours have the same label beyond chance. A file sorted by its labels (at
///    most twice as many changes as classes) says nothing.
/// To be called before rows are drawn.
std::vector<Finding> time_series_findings(const DataSet& data);

}  // namespace qupel
