#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace qupel {

/// manifest.json: what a run is, fixed before its first trial, and how it ended. Private to record/.
struct Manifest {
  std::string name, study, study_hash, data_hash, source, version, started;
  std::uint64_t seed = 0;
  int trials_total = 0;
  std::map<std::string, std::string> environment;
  std::vector<std::string> members;  ///< of a collection: folders of its runs, beside it; else empty
  std::string finished, verdict, results_hash;  ///< empty until the run is finished
};

std::filesystem::path manifest_file(const std::filesystem::path& run);

void write_manifest(const std::filesystem::path& run, const Manifest& manifest);

/// Nothing if the folder has no manifest (it is no run, or a process died while creating it).
/// @throws InputError if it is damaged or written by a newer version
std::optional<Manifest> read_manifest(const std::filesystem::path& run);

}  // namespace qupel
