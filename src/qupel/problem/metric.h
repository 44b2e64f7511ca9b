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
  /// The score is the square root of a mean of squares over rows, so that a row's share of a difference is
  /// one of squares; else it is the mean of what single rows score.
  bool root_of_squares = false;
  bool classes_alike = false;   ///< a mean over classes, each of which counts alike, of means over their rows
  bool read_as_number = false;  ///< people read it as a number though it is a share: an area under a curve
  std::string problem = {};     ///< kind of the problems that it measures (Problem::kind); "": not told

  /// The score so that more is better.
  double oriented(double score) const { return higher_is_better ? score : -score; }
  /// What a fit that failed in tuning scores.
  double worst() const { return higher_is_better ? low : high; }
  /// Two answers differ by no more than this.
  double widest_difference() const { return high - low; }
};

}  // namespace qupel
