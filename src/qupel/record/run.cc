#include "qupel/record/run.h"

#include <algorithm>

#include "qupel/base/file.h"
#include "qupel/record/environment.h"

namespace qupel {

Run::Implementation::Implementation(std::filesystem::path folder)
    : directory(std::move(folder)),
      lock(directory / "lock"),
      trials(directory / trials_name, Database::Mode::write),
      opened(std::chrono::steady_clock::now()) {}

double Run::Implementation::session_seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - opened).count();
}

Run::Run(std::unique_ptr<Implementation> implementation) : implementation_(std::move(implementation)) {}
Run::~Run() = default;

const std::filesystem::path& Run::directory() const { return implementation_->directory; }
std::optional<Trial> Run::find(const TrialKey& key) { return implementation_->trials.find(key); }
void Run::save(const Trial& trial) {
  implementation_->trials.save(trial, implementation_->session_seconds());
}
std::size_t Run::trials_done() const { return implementation_->trials.count(); }

StudyResult Run::finish(StudyResult result) {
  auto& manifest = implementation_->manifest;
  result.run = directory().string();
  result.version = manifest.version;
  result.environment = environment();
  result.seconds = implementation_->trials.seconds();
  write_file(directory() / result_name, to_json(result) + "\n");
  if (manifest.finished.empty()) manifest.finished = utc_now();
  manifest.verdict = to_string(result.verdict);
  manifest.results_hash = result.results_hash;
  write_manifest(directory(), manifest);
  return result;
}

}  // namespace qupel
