#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace qupel {

/// The names with commas between them; of many, the first 20 and how many more there are.
std::string listed(std::span<const std::string> names);

/// "1 row", "2 rows".
std::string counted(std::size_t count, std::string_view thing);

/// A sentence for a column name that is not among `names`: the nearest, or the list.
std::string unknown_column(std::string_view given, std::span<const std::string> names);

}  // namespace qupel
