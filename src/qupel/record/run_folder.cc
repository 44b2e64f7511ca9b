#include "qupel/record/run_folder.h"

#include "qupel/record/environment.h"

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

bool same_run(const Manifest& a, const Manifest& b) {
  return a.study_hash == b.study_hash && a.version == b.version;
}

}  // namespace

StudySpec rooted(StudySpec spec) {
  if (!spec.file.empty()) spec.file = fs::absolute(spec.file).lexically_normal().string();
  return spec;
}

Manifest new_manifest(std::string name, std::uint64_t seed, int trials_total) {
  Manifest manifest;
  manifest.name = std::move(name);
  manifest.seed = seed;
  manifest.version = code_version();
  manifest.started = utc_now();
  manifest.trials_total = trials_total;
  manifest.environment = environment();
  return manifest;
}

Manifest manifest_of(const StudySpec& relative, const Problem& problem, int trials_total) {
  const auto spec = rooted(relative);
  auto manifest = new_manifest(spec.name, spec.seed, trials_total);
  manifest.study = to_toml(spec);
  manifest.study_hash = study_hash(spec, problem.facts().data_hash);
  manifest.data_hash = problem.facts().data_hash;
  manifest.source = spec.file.empty() ? spec.data_set : spec.file;
  return manifest;
}

fs::path folder_of(const fs::path& root, const Manifest& wanted) {
  constexpr std::size_t digits = 12;
  const auto id = folder_name(wanted.name) + "-" + wanted.study_hash.substr(0, digits);
  for (int copy = 1;; ++copy) {
    auto folder = root / (copy == 1 ? id : fmt::format("{}-{}", id, copy));
    const auto manifest = read_manifest(folder);
    if (!manifest || same_run(*manifest, wanted)) return folder;
  }
}

void create_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    throw InputError(fmt::format("cannot create the folder {}: {}; choose another with --out",
                                 folder.string(), error.message()));
}

Manifest settle(const fs::path& folder, Manifest wanted) {
  if (auto earlier = read_manifest(folder)) return std::move(*earlier);
  write_file(folder / study_name, wanted.study);
  write_manifest(folder, wanted);
  return wanted;
}

void finish_folder(const fs::path& folder, Manifest& manifest, const std::string& result_json,
                   Verdict verdict, const std::string& results_hash) {
  write_file(folder / result_name, result_json + "\n");
  if (manifest.finished.empty()) manifest.finished = utc_now();
  manifest.verdict = to_string(verdict);
  manifest.results_hash = results_hash;
  write_manifest(folder, manifest);
}

}  // namespace qupel
