#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "qupel/study/collection.h"
#include "qupel/study/result.h"
#include "qupel/study/runner.h"
#include "qupel/study/spec.h"

// A run is a folder <root>/<name>-<first 12 digits of the study hash>:
// - study.toml: the study as it was run, with an absolute path to its table
// - manifest.json: the study, hashes, code version and machine; written before the first trial, completed
//   after the last
// - trials.sqlite: finished trials, each committed to the disk when it is finished
// - result.json: what the study found, in full
// - report.html: the page for people
//
// A collection is such a folder without trials; its manifest names its members, which are runs beside it.
// Every run stands alone: it can be moved or copied, and a damaged one harms no other. The list of runs is
// read from the folders.
namespace qupel {

struct RunInfo {
  std::string id;  ///< folder name
  std::filesystem::path directory;
  std::string name, study_hash, data_hash, source, version;
  std::string verdict, results_hash;  ///< empty: unfinished
  std::string started, finished;      ///< ISO 8601 UTC; "" = unfinished
  int trials_done = 0, trials_total = 0;
  std::vector<std::string> members;  ///< of a collection: ids of its runs; empty for a run
  std::string problem;               ///< not empty: the trials cannot be read, and why
};

/// One run, open for work by this process alone. Killed at any time, it keeps every trial that was saved.
class Run : public TrialStore {
 public:
  ~Run() override;
  const std::filesystem::path& directory() const;
  std::optional<Trial> find(const TrialKey& key) override;
  void save(const Trial& trial) override;
  std::size_t trials_done() const;

  /// Completes the result with what the record knows (folder, code version, machine, wall clock of all
  /// sessions together), writes result.json and marks the run finished.
  StudyResult finish(StudyResult result);

  struct Implementation;
  explicit Run(std::unique_ptr<Implementation> implementation);

 private:
  std::unique_ptr<Implementation> implementation_;
};

/// All runs below one folder. The folder is created by the first open().
class RunStore {
 public:
  /// @param catalogue what stored studies may name; it must outlive the store
  RunStore(std::filesystem::path root, const Catalogue& catalogue);
  const std::filesystem::path& root() const { return root_; }

  /// Opens the run of this study (resuming it) or creates it. A study that was edited has another hash, so it
  /// is another run; so is the same study under another code version (its folder gets a number at the end).
  /// @throws InputError: read-only folder, full disk, damaged file (says which one to move away; nothing is
  /// deleted), written by a newer version, or another process works on this run
  std::unique_ptr<Run> open(const StudySpec& spec, const Problem& problem, int trials_total);

  /// The folder of a collection, created or found; its members are opened as any other study.
  /// @param trials_total of all members
  RunInfo open(const CollectionSpec& spec, std::span<const std::unique_ptr<Problem>> problems,
               int trials_total);
  /// Writes result.json and marks the collection finished.
  CollectionResult finish(const RunInfo& collection, CollectionResult result);

  std::vector<RunInfo> list() const;  ///< oldest first
  /// By id, unique prefix of an id or a study hash, or path of a run's folder.
  /// @throws InputError naming the nearest
  RunInfo find(const std::string& reference) const;

  /// @throws InputError if the run is unfinished, or a collection
  StudyResult result(const RunInfo& run) const;
  StudySpec study(const RunInfo& run) const;  ///< as it was run, whatever became of study.toml
  std::vector<Trial> trials(const RunInfo& run) const;
  bool study_edited(const RunInfo& run) const;  ///< its study.toml is not what was run (any more)

  /// The same of a collection. @throws InputError if it is a run, or unfinished
  CollectionResult collection_result(const RunInfo& collection) const;
  CollectionSpec collection(const RunInfo& collection) const;
  /// Its runs, in order. @throws InputError if one is missing
  std::vector<RunInfo> members(const RunInfo& collection) const;

 private:
  std::filesystem::path root_;
  const Catalogue& catalogue_;
};

/// $QUPEL_RUNS, or "qupel-runs" below the current folder.
std::filesystem::path default_root();

}  // namespace qupel
