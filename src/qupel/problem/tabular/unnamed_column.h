#pragma once
#include <string>
#include <vector>

#include "qupel/base/error.h"
#include "qupel/problem/tabular/record_reader.h"
#include "qupel/problem/tabular/table.h"

namespace qupel {

/// The error for a row with more or fewer cells than columns.
InputError ragged(const RawTable& raw, const std::vector<Field>& fields, const RecordReader& reader,
                  std::size_t columns);

/// A column that the header has no name for, because all rows have one cell more than it: names of rows, as R
/// writes them, or nothing behind a delimiter at the end.
class UnnamedColumn {
 public:
  /// Gives it a place among the names if the first row has one cell more.
  UnnamedColumn(RawTable& raw, const std::vector<Field>& row, const RecordReader& reader);

  /// Looks at its cells when all rows are read. @throws InputError if they are neither
  void settle();

 private:
  std::string free_name() const;
  bool are_row_names(const std::vector<std::string>& cells) const;

  RawTable& raw_;
  std::string if_neither_;
  bool at_end_ = false, quoted_ = false;
};

}  // namespace qupel
