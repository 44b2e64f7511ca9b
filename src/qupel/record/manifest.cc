#include "qupel/record/manifest.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "qupel/base/error.h"
#include "qupel/base/file.h"

namespace qupel {
namespace {

using json = nlohmann::ordered_json;
constexpr int manifest_schema_version = 1;

/// Every field that each run has, but the version, once for both directions.
template <typename Visit, typename M>
void fields(M& manifest, Visit visit) {
  visit("name", manifest.name);
  visit("study_hash", manifest.study_hash);
  visit("data_hash", manifest.data_hash);
  visit("source", manifest.source);
  visit("seed", manifest.seed);
  visit("version", manifest.version);
  visit("started", manifest.started);
  visit("trials", manifest.trials_total);
  visit("environment", manifest.environment);
  visit("finished", manifest.finished);
  visit("verdict", manifest.verdict);
  visit("results_hash", manifest.results_hash);
  visit("study", manifest.study);
}

}  // namespace

std::filesystem::path manifest_file(const std::filesystem::path& run) { return run / "manifest.json"; }

void write_manifest(const std::filesystem::path& run, const Manifest& manifest) {
  json object{{"schema_version", manifest_schema_version}};
  fields(manifest, [&](const char* key, const auto& value) { object[key] = value; });
  if (!manifest.members.empty()) {
    object["kind"] = "collection";
    object["members"] = manifest.members;
  }
  write_file(manifest_file(run), object.dump(2, ' ', false, json::error_handler_t::replace) + "\n");
}

std::optional<Manifest> read_manifest(const std::filesystem::path& run) {
  const auto file = manifest_file(run);
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return std::nullopt;
  try {
    const auto object = json::parse(read_file(file));
    const auto version = object.at("schema_version").get<int>();
    if (version > manifest_schema_version)
      throw InputError(fmt::format("{} was written by a newer qupel (format {}, this one reads up to {})",
                                   file.string(), version, manifest_schema_version));
    Manifest manifest;
    fields(manifest, [&](const char* key, auto& value) { object.at(key).get_to(value); });
    if (object.contains("members")) object.at("members").get_to(manifest.members);
    return manifest;
  } catch (const json::exception& problem) {
    throw InputError(
        fmt::format("{} is damaged ({}); move the folder away and run again", file.string(), problem.what()));
  }
}

}  // namespace qupel
