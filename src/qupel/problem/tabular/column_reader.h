#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "qupel/base/archive.h"
#include "qupel/problem/tabular/tabular.h"

namespace qupel {

/// Rows that came after a model was fitted.
struct NewRows {
  DataSet data;                    ///< the model's columns; no target
  std::vector<std::string> notes;  ///< sentences: what was not looked at, filled, or never seen before
};

/// The columns of a table as a model was fitted on them. Later tables are read by these rules:
///  - columns are found by name, in any order; one that the model uses and that is not there is an error
///  - others, the target among them, are not looked at
///  - a missing mark is missing, and is filled as in training, whether or not the column missed any then; so
///  is
///    other text that was read as missing in training
///  - a cell is read as the column's were (decimal mark, unit, order of a date); what does not read so is an
///    error that names line and value
///  - a category that the training rows did not hold has no 0/1 column: all of them are 0
class ColumnReader {
 public:
  ColumnReader() = default;
  /// Keeps names, types and categories, no cells.
  explicit ColumnReader(const DataSet& data);

  /// @throws InputError as parse_table() does, and by the rules above
  NewRows read(std::string_view bytes, std::string_view source) const;
  /// In the order in which the model's preparation knows them; without cells.
  const std::vector<Column>& columns() const { return columns_; }

  void save(Archive& archive) const;
  static ColumnReader load(const Archive& saved);

 private:
  Column read_column(const Column& known, const std::vector<std::string>& cells, const RawTable& raw,
                     std::string_view source, NewRows& rows) const;

  std::string target_;
  std::vector<Column> columns_;
};

}  // namespace qupel
