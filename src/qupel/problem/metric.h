#pragma once
#include <limits>
#include <string>

namespace qupel {

/// What answers are measured by.
struct Metric {
  std::string name;  ///< "accuracy", "rmse"
  std::string unit;  ///< of the score; "" for a share or another number without one
  bool higher_is_better = true;
  double low = 0, high = std::numeric_limits<double>::infinity();  ///< its range
  bool share = false;      ///< a share of 1: people read it in percent, its differences in points
  bool decides = false;    ///< a study may be decided by it
  bool over_rows = false;  ///< a difference of two scores is a mean over rows (Problem::row_leads)
  /// What a study's region of practical equivalence (`rope`) is a multiple of: 1 for shares, the standard
  /// deviation of the target for errors in its unit.
  double spread = 1;

  /// The score so that more is better.
  double oriented(double score) const { return higher_is_better ? score : -score; }
  /// What a fit that failed in tuning scores.
  double worst() const { return higher_is_better ? low : high; }
  /// Two answers differ by no more than this.
  double widest_difference() const { return high - low; }
};

}  // namespace qupel
