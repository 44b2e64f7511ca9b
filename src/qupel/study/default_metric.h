#pragma once
#include <filesystem>
#include <span>
#include <string>

#include "qupel/study/toml_reader.h"

namespace qupel {

/// What decides a study on these [data] tables where its file does not say: "rmse" if one of them asks for
/// numbers, by its task, its built-in set, or the target's cells; else "accuracy".
/// @param folder of the study file, which the names of tables are relative to
std::string default_metric(std::span<const toml::table* const> data, const std::filesystem::path& folder);

}  // namespace qupel
