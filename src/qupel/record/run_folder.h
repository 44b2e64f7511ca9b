#pragma once
#include <fmt/format.h>

#include <filesystem>
#include <string>

#include "qupel/base/error.h"
#include "qupel/base/file.h"
#include "qupel/record/manifest.h"
#include "qupel/record/run_store.h"

// The folder of a run or of a collection: where it lies, and how it begins and ends. Private to record/.
namespace qupel {

inline constexpr auto study_name = "study.toml", trials_name = "trials.sqlite", result_name = "result.json";

/// The study with an absolute path to its table, so that its file works from anywhere.
StudySpec rooted(StudySpec spec);

/// A manifest of something that starts now, by this program on this machine.
Manifest new_manifest(std::string name, std::uint64_t seed, int trials_total);

/// The manifest of a study that starts now.
Manifest manifest_of(const StudySpec& spec, const Problem& problem, int trials_total);

/// The folder that holds this run already, or the first free one.
std::filesystem::path folder_of(const std::filesystem::path& root, const Manifest& wanted);

/// @throws InputError if it cannot be created
void create_folder(const std::filesystem::path& folder);

/// The manifest that the folder has; else writes the study's text and `wanted`, which is returned.
Manifest settle(const std::filesystem::path& folder, Manifest wanted);

/// Writes the result and, after it, that the run is finished.
void finish_folder(const std::filesystem::path& folder, Manifest& manifest, const std::string& result_json,
                   Verdict verdict, const std::string& results_hash);

/// What finish_folder() wrote. @throws InputError if the run is unfinished, or the file is damaged
template <typename Result>
Result stored_result(const RunInfo& run, Result (*from_json)(std::string_view)) {
  if (run.finished.empty())
    throw InputError(
        fmt::format("{} is unfinished: it has {} of {} trials; go on with: qupel run {} --out {}", run.id,
                    run.trials_done, run.trials_total, (run.directory / study_name).string(),
                    run.directory.parent_path().string()));
  const auto file = run.directory / result_name;
  try {
    auto result = from_json(read_file(file));
    result.run = run.directory.string();
    return result;
  } catch (const NewerFormat& error) {
    throw InputError(fmt::format("{}: {}; use that version", file.string(), error.what()));
  } catch (const InputError& error) {
    throw InputError(fmt::format(
        "{}: {}; with the trials, which are kept, qupel run {} --out {} writes it again", file.string(),
        error.what(), (run.directory / study_name).string(), run.directory.parent_path().string()));
  }
}

}  // namespace qupel
