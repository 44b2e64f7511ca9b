#include "qupel/record/run.h"

#include <algorithm>

#include "qupel/record/environment.h"
#include "qupel/record/run_folder.h"

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
  finish_folder(directory(), manifest, to_json(result), result.verdict, result.results_hash);
  return result;
}

}  // namespace qupel
