#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "qupel/problem/tabular/record_reader.h"

namespace qupel {

/// Names of columns in several lines, as pandas writes columns of several levels: a line for each level,
/// which begins with the level's name, and one with the name of the first column and nothing else. yfinance's
/// prices: "Price,Close,High", "Ticker,IBM,IBM", "Date,,".
struct StackedHeader {
  std::vector<std::string> names;  ///< a column's levels with a space between them: "Close IBM"; of those
                                   ///< that differ from column to column
  std::size_t records = 0;         ///< that the header takes
};

/// @param reader at the beginning of the table
/// @return nothing for any other header
std::optional<StackedHeader> stacked_header(RecordReader reader);

}  // namespace qupel
