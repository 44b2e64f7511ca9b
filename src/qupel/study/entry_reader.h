#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "qupel/study/spec.h"
#include "qupel/study/toml_reader.h"

namespace qupel {

/// The contenders of a study file, its [[contender]] tables; the default ones if it has none.
/// @param root the whole file
/// @param source its name
/// @param kind of problem that the default contenders solve
/// @throws InputError with the place of what is wrong
std::vector<Entry> read_entries(TomlReader& root, const std::string& source, const Catalogue& catalogue,
                                std::string_view kind);

}  // namespace qupel
