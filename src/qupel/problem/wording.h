#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace qupel {

/// The names with commas (or `between`) between them; of many, the first 20 and how many more there are.
std::string listed(std::span<const std::string> names, std::string_view between = ", ");

/// "1 row", "2 rows".
std::string counted(std::size_t count, std::string_view thing);

/// `part` of `whole` in percent; 0 of nothing.
double percent(std::size_t part, std::size_t whole);

/// An argument as a shell takes it: in quotes if it holds more than plain characters.
std::string shell_quoted(std::string_view argument);

/// A sentence for a column name that is not among `names`: the nearest, or the list.
std::string unknown_column(std::string_view given, std::span<const std::string> names);

}  // namespace qupel
