#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace qupel {

/// A table that stands in a frame of text, as the clients of PostgreSQL, MySQL and SQLite print it and as
/// Markdown has it: "| a | b |" and lines such as "|---|---|", "+---+---+" or those of box-drawing
/// characters. Spaces take the place of the frame, of the pipes at the ends of a line and of "(12 rows)" and
/// the time below it, so that every cell stays where it was; "|" is between cells, and quotes mean nothing.
/// @return nothing if the text has no such line before or after its first one
/// @throws InputError "source:line: ..." for a cell of psql's that goes on in the next line
std::optional<std::string> without_frame(std::string_view text, std::string_view source);

/// The same of a text without a frame that ends with "(12 rows)" and perhaps the time, as psql -A has it.
std::optional<std::string> without_row_count(std::string_view text);

}  // namespace qupel
