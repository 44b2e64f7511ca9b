#pragma once
#include <string_view>

#include "qupel/problem/tabular/table.h"

namespace qupel {

/// What is known of a delimited text before it is read.
struct CsvForm {
  char delimiter = 0;            ///< 0: to be found
  bool quotes = true;            ///< false: they are characters like others
  bool names_first = false;      ///< the first line is known to be one of names, and the only one
  bool tell_blank_lines = true;  ///< false where what stood there was no part of the table
};

/// Delimited text in UTF-8, as parse_table() describes it.
RawTable parse_csv(std::string_view bytes, std::string_view source, const KnownNames& known,
                   const CsvForm& form = {});

}  // namespace qupel
