#include "qupel/record/run_store.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>

#include "qupel/base/error.h"
#include "qupel/base/file.h"
#include "qupel/record/run.h"
#include "qupel/record/run_folder.h"

namespace qupel {
namespace fs = std::filesystem;
namespace {

RunInfo unreadable(const fs::path& folder, std::string problem) {
  RunInfo info;
  info.id = folder.filename().string();
  info.directory = folder;
  info.problem = std::move(problem);
  return info;
}

/// Of a run, or of all members of a collection.
std::size_t trials_done(const fs::path& folder, const Manifest& manifest) {
  const auto in = [](const fs::path& run) {
    return TrialTable(run / trials_name, Database::Mode::read).count();
  };
  if (manifest.members.empty()) return in(folder);
  std::size_t done = 0;
  for (const auto& id : manifest.members) {
    const auto member = folder.parent_path() / id;
    if (read_manifest(member))
      done += in(member);
    else if (!manifest.finished.empty())
      throw InputError(fmt::format("{} misses its member {}", folder.string(), member.string()));
  }
  return done;
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
  info.members = manifest.members;
  try {
    info.trials_done = static_cast<int>(trials_done(folder, manifest));
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

RunStore::RunStore(fs::path root, const Catalogue& catalogue)
    : root_(fs::absolute(root).lexically_normal()), catalogue_(catalogue) {}

std::unique_ptr<Run> RunStore::open(const StudySpec& spec, const Problem& problem, int trials_total) {
  auto wanted = manifest_of(spec, problem, trials_total);
  const auto folder = folder_of(root_, wanted);
  create_folder(folder);
  auto run = std::make_unique<Run::Implementation>(folder);
  run->manifest = settle(folder, std::move(wanted));
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
  if (!run.members.empty())
    throw InputError(fmt::format("{} is a collection over {} data sets; name one of its runs: {}", run.id,
                                 run.members.size(), fmt::join(run.members, ", ")));
  return stored_result(run, study_result_from_json);
}

StudySpec RunStore::study(const RunInfo& run) const {
  const auto manifest = read_manifest(run.directory);
  if (!manifest) throw InputError(fmt::format("{} has no manifest", run.directory.string()));
  return parse_study(manifest->study, manifest_file(run.directory).string(), catalogue_);
}

bool RunStore::study_edited(const RunInfo& run) const {
  const auto manifest = read_manifest(run.directory);
  const auto file = run.directory / study_name;
  return manifest && is_file(file) && read_file(file) != manifest->study;
}

std::vector<Trial> RunStore::trials(const RunInfo& run) const {
  return TrialTable(run.directory / trials_name, Database::Mode::read).all();
}

fs::path default_root() {
  const char* chosen = std::getenv("QUPEL_RUNS");
  return chosen && *chosen ? chosen : "qupel-runs";
}

}  // namespace qupel
