#pragma once
#include <map>
#include <optional>
#include <span>

#include "qupel/base/archive.h"
#include "qupel/problem/problem.h"
#include "qupel/problem/tabular/tabular.h"

namespace qupel {

/// How a table's rows become inputs.
struct TableInputs {
  Reduction reduction = Reduction::pca;
  int features = 4;  ///< columns after the reduction
  Scaling scaling = Scaling::standard;
  bool angles = false;  ///< whether columns are also offered as the angles that they are
};

/// Rows prepared by what was fitted on the training part alone, for both kinds of inputs.
struct PreparedRows {
  Matrix<double> all;
  std::map<Scale, Matrix<double>> reduced;  ///< Scale::angle only where it was asked for

  /// The columns that a contender wants. @throws std::out_of_range for a scale that is not there
  Matrix<double> chosen(const InputChoice& inputs) const;
};

/// How many of the reduced columns a contender wants.
std::size_t wanted_columns(std::size_t available, const InputChoice& inputs);

/// All that is fitted on training rows before a contender sees any: medians, scales, categories, the
/// reduction.
class RowPreparation {
 public:
  RowPreparation() = default;
  static RowPreparation fit(const TableInputs& inputs, const DataSet& data,
                            std::span<const std::size_t> rows);
  PreparedRows apply(const DataSet& data, std::span<const std::size_t> rows) const;
  bool has_angles() const { return as_they_are_.has_value(); }

  void save(Archive& archive) const;
  /// @param columns of the table
  static RowPreparation load(const Archive& saved, const std::vector<Column>& columns);

 private:
  Preparation preparation_;
  Reducer reducer_;
  std::optional<Preparation> as_they_are_;  ///< only where angles are offered
  Matrix<double> lows_;                     ///< the smallest value of each of its columns, in one row
};

}  // namespace qupel
