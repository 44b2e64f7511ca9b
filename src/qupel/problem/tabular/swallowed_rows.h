#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "qupel/problem/tabular/record_reader.h"

namespace qupel {

/// Cells in quotes that look like rows: a quote that stands before a cell by mistake makes one cell of all up
/// to the next quote, and nothing else would tell.
class SwallowedRows {
 public:
  SwallowedRows(std::size_t columns, char delimiter) : columns_(columns), delimiter_(delimiter) {}

  void look_at(const std::vector<Field>& record, const RecordReader& reader);
  /// A sentence that names the first of them; nothing if there are none.
  std::optional<std::string> warning() const;

 private:
  bool looks_like_rows(std::string_view cell) const;

  std::size_t columns_;
  char delimiter_;
  std::size_t cells_ = 0, first_line_ = 0;
};

}  // namespace qupel
