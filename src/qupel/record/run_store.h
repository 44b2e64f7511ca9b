#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "qupel/study/result.h"
#include "qupel/study/runner.h"
#include "qupel/study/spec.h"

// A run is a directory <root>/<name>-<first 12 digits of the study hash>: study.toml, manifest.json, result.json,
// report.html, trials (in the store). The root also holds runs.sqlite, an index of all runs and their trials.
namespace qupel {

struct RunInfo {
  std::string id;                  ///< directory name
  std::filesystem::path directory;
  std::string name, study_hash, data_hash, verdict, started, finished;   ///< times in ISO 8601 UTC; "" = unfinished
  int trials_done = 0, trials_total = 0;
};

/// One run, open for work. Trials are committed as they finish (SQLite, WAL, synchronous=FULL).
class Run : public TrialStore {
 public:
  ~Run() override;
  const std::filesystem::path& directory() const;
  std::optional<Trial> find(const TrialKey& key) override;
  void save(const Trial& trial) override;
  /// Writes result.json and marks the run finished.
  void finish(const StudyResult& result);
  double seconds_before() const;   ///< wall clock of earlier sessions of the same run
  struct Implementation;
  explicit Run(std::unique_ptr<Implementation> implementation);

 private:
  std::unique_ptr<Implementation> implementation_;
};

class RunStore {
 public:
  /// Opens or creates the store. @throws InputError: read-only or full disk, corrupted store (says which file to move
  /// away; nothing is deleted), a store written by a newer version
  explicit RunStore(std::filesystem::path root);
  ~RunStore();
  /// Opens the run of this study (resuming it) or creates it. Two processes on one run: the second is refused.
  std::unique_ptr<Run> open(const StudySpec& spec, const TabularProblem& problem, int trials_total);
  std::vector<RunInfo> list() const;
  /// By id, unique prefix of the id or hash, or path. @throws InputError naming the nearest
  RunInfo find(const std::string& reference) const;
  StudyResult result(const RunInfo& run) const;
  StudySpec study(const RunInfo& run) const;
  std::vector<Trial> trials(const RunInfo& run) const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

/// "qupel-runs" below the current folder, or $QUPEL_RUNS.
std::filesystem::path default_root();

}  // namespace qupel
