#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace qupel {

/// A table that stands in a frame of text, as the clients of PostgreSQL and MySQL print it and as Markdown
/// has it: "| a | b |" and lines such as "|---|---|" or "+---+---+". Spaces take the place of the frame, of
/// the pipes at the ends of a line and of "(12 rows)" below it, so that every cell stays where it was.
/// @return nothing if the text has no such line next to its first one
std::optional<std::string> without_frame(std::string_view text);

}  // namespace qupel
