#pragma once
#include <string_view>

#include "qupel/problem/tabular/table.h"

namespace qupel {

/// Delimited text in UTF-8, as parse_table() describes it.
/// @param tell_blank_lines false where lines are blank because what stood there was no part of the table
RawTable parse_csv(std::string_view bytes, std::string_view source, std::string_view known_name,
                   bool tell_blank_lines = true);

}  // namespace qupel
