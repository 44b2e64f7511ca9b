#include "qupel/record/run_store.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>

#include "qupel/base/error.h"
#include "qupel/base/file.h"
#include "qupel/record/environment.h"
#include "qupel/record/run.h"

namespace qupel {
namespace fs = std::filesystem;
namespace {

/// A name that is safe as a folder in a shell and on any file system.
std::string folder_name(std::string_view study) {
  constexpr std::size_t longest = 60;
  std::string name(study.substr(0, longest));
  for (char& c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!plain && c != '_' && c != '.' && c != '-') c = '_';
  }
  if (name.empty() || name.front() == '.' || name.front() == '-') name.insert(0, "run");
  return name;
}

void create_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    throw InputError(fmt::format("cannot create the folder {}: {}; choose another with --out",
                                 folder.string(), error.message()));
}

/// The study with an absolute path to its table, so that its file works from anywhere.
StudySpec rooted(StudySpec spec) {
  if (!spec.file.empty()) spec.file = fs::absolute(spec.file).lexically_normal().string();
  return spec;
}

Manifest describe(const StudySpec& spec, const TabularProblem& problem, int trials_total) {
  Manifest manifest;
  manifest.name = spec.name;
  manifest.study = to_toml(spec);
  manifest.study_hash = study_hash(spec, problem.data_hash);
  manifest.data_hash = problem.data_hash;
  manifest.source = spec.file.empty() ? spec.data_set : spec.file;
  manifest.seed = spec.seed;
  manifest.version = code_version();
  manifest.started = utc_now();
  manifest.trials_total = trials_total;
  manifest.environment = environment();
  return manifest;
}

bool same_run(const Manifest& a, const Manifest& b) {
  return a.study_hash == b.study_hash && a.version == b.version;
}

/// The folder that holds this run already, or the first free one.
fs::path folder_of(const fs::path& root, const Manifest& wanted) {
  constexpr std::size_t digits = 12;
  const auto id = folder_name(wanted.name) + "-" + wanted.study_hash.substr(0, digits);
  for (int copy = 1;; ++copy) {
    auto folder = root / (copy == 1 ? id : fmt::format("{}-{}", id, copy));
    const auto manifest = read_manifest(folder);
    if (!manifest || same_run(*manifest, wanted)) return folder;
  }
}

RunInfo unreadable(const fs::path& folder, std::string problem) {
  RunInfo info;
  info.id = folder.filename().string();
  info.directory = folder;
  info.problem = std::move(problem);
  return info;
}

RunInfo describe(const fs::path& folder, const Manifest& manifest) {
  RunInfo info = unreadable(folder, "");
  info.name = manifest.name;
  info.study_hash = manifest.study_hash;
  info.data_hash = manifest.data_hash;
  info.source = manifest.source;
  info.version = manifest.version;
  info.verdict = manifest.verdict;
  info.results_hash = manifest.results_hash;
  info.started = manifest.started;
  info.finished = manifest.finished;
  info.trials_total = manifest.trials_total;
  try {
    info.trials_done = static_cast<int>(TrialTable(folder / trials_name, Database::Mode::read).count());
  } catch (const InputError& error) {
    info.problem = error.what();
  }
  return info;
}

/// A folder of a run, without a slash at the end.
std::optional<RunInfo> run_at(fs::path folder) {
  folder = fs::absolute(folder).lexically_normal();
  if (!folder.has_filename()) folder = folder.parent_path();
  const auto manifest = read_manifest(folder);
  return manifest ? std::optional(describe(folder, *manifest)) : std::nullopt;
}

bool is_file(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error);
}

}  // namespace

RunStore::RunStore(fs::path root) : root_(fs::absolute(root).lexically_normal()) {}

std::unique_ptr<Run> RunStore::open(const StudySpec& spec, const TabularProblem& problem, int trials_total) {
  auto wanted = describe(rooted(spec), problem, trials_total);
  const auto folder = folder_of(root_, wanted);
  create_folder(folder);
  auto run = std::make_unique<Run::Implementation>(folder);
  if (auto earlier = read_manifest(folder)) {
    run->manifest = std::move(*earlier);
  } else {
    write_file(folder / study_name, wanted.study);
    write_manifest(folder, wanted);
    run->manifest = std::move(wanted);
  }
  return std::make_unique<Run>(std::move(run));
}

std::vector<RunInfo> RunStore::list() const {
  std::vector<RunInfo> runs;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(root_, error)) {
    try {
      if (auto run = run_at(entry.path())) runs.push_back(std::move(*run));
    } catch (const InputError& problem) {
      runs.push_back(unreadable(entry.path(), problem.what()));
    }
  }
  std::sort(runs.begin(), runs.end(), [](const RunInfo& a, const RunInfo& b) {
    return std::tie(a.started, a.id) < std::tie(b.started, b.id);
  });
  return runs;
}

RunInfo RunStore::find(const std::string& reference) const {
  const fs::path path(reference);
  if (auto run = run_at(is_file(path) ? fs::absolute(path).parent_path() : path)) return *run;
  std::vector<RunInfo> matches;
  std::vector<std::string> ids;
  for (auto& run : list()) {
    ids.push_back(run.id);
    if (run.id == reference) return run;
    if (run.id.starts_with(reference) || run.study_hash.starts_with(reference))
      matches.push_back(std::move(run));
  }
  if (matches.size() == 1) return matches.front();
  if (ids.empty())
    throw InputError(fmt::format("\"{}\" is not a run: there are no runs in {}", reference, root_.string()));
  if (matches.empty()) throw InputError(unknown_name(reference, "a run in " + root_.string(), ids));
  ids.clear();
  for (const auto& run : matches) ids.push_back(run.id);
  throw InputError(
      fmt::format("\"{}\" could be any of {}; give more of the name", reference, fmt::join(ids, ", ")));
}

StudyResult RunStore::result(const RunInfo& run) const {
  if (run.finished.empty())
    throw InputError(
        fmt::format("{} is unfinished: it has {} of {} trials; go on with: qupel run {} --out {}", run.id,
                    run.trials_done, run.trials_total, (run.directory / study_name).string(),
                    run.directory.parent_path().string()));
  const auto file = run.directory / result_name;
  try {
    auto result = study_result_from_json(read_file(file));
    result.run = run.directory.string();
    return result;
  } catch (const InputError& error) {
    throw InputError(fmt::format("{}: {}", file.string(), error.what()));
  }
}

StudySpec RunStore::study(const RunInfo& run) const {
  const auto manifest = read_manifest(run.directory);
  if (!manifest) throw InputError(fmt::format("{} has no manifest", run.directory.string()));
  return parse_study(manifest->study, manifest_file(run.directory).string());
}

std::vector<Trial> RunStore::trials(const RunInfo& run) const {
  return TrialTable(run.directory / trials_name, Database::Mode::read).all();
}

fs::path default_root() {
  const char* chosen = std::getenv("QUPEL_RUNS");
  return chosen && *chosen ? chosen : "qupel-runs";
}

}  // namespace qupel
