#pragma once
#include <cstddef>
#include <string_view>

namespace qupel {

/// Stands for runs of spaces and tabs: columns that are aligned for the eye.
constexpr char aligned_by_spaces = ' ';

/// The delimiter of a table: tab, semicolon, pipe, comma, or runs of spaces. Of those that cut the first 50
/// records into equally many cells (more than one), the one under which the header holds `known_name`; then
/// the one that leaves the largest share of the cells whole (in quotes, a number, date, time or missing, or
/// text without another of these marks); then the one that cuts into the most cells; then the first of the
/// list. If none cuts equally, the same of all those that cut the header, by the share of records that have
/// as many cells as the header first. A comma if nothing cuts.
/// @param begin where the table begins
char find_delimiter(std::string_view bytes, std::string_view source, std::size_t begin,
                    std::string_view known_name);

}  // namespace qupel
