#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace qupel {

/// The content of a file that was built into the program, named by its path below src/qupel, for example
/// "problem/data/wine.csv". @throws std::out_of_range if there is none.
std::string_view embedded_file(std::string_view path);

/// The paths of all files built into the program, sorted.
std::vector<std::string> embedded_files();

}  // namespace qupel
