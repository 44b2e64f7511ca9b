#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace qupel {

/// The text of a table whose every line is in quotes, as some exports of spreadsheets are:
/// "a,b,""say hi""". @return nothing if any line is not so, or the lines hold no delimiter in quotes then
std::optional<std::string> without_quotes_around_lines(std::string_view text);

}  // namespace qupel
