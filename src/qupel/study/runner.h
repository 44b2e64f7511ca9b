#pragma once
#include <functional>
#include <optional>
#include <vector>

#include "qupel/base/progress.h"
#include "qupel/problem/problem.h"
#include "qupel/study/result.h"
#include "qupel/study/spec.h"

namespace qupel {

/// Where finished trials go and come back from; calls are serialised by the runner.
class TrialStore {
 public:
  virtual ~TrialStore() = default;
  virtual std::optional<Trial> find(const TrialKey& key) = 0;
  virtual void save(const Trial& trial) = 0;  ///< durable when it returns
};

/// @throws InputError if run_study() would not start: too few rows for the folds, too many qubits
void require_runnable(const StudySpec& spec, const Problem& problem);

/// Runs every trial that the store does not have, in parallel over trials, saving each as it finishes; then
/// sums up. Trials are keyed by (seed, entry, repeat, fold): same study, same bits, for any number of threads
/// and after any interruption. @throws Interrupted after saving what was finished; InputError before the
/// first trial if it cannot start, also where a program that competes is not there
StudyResult run_study(const StudySpec& spec, const Problem& problem, TrialStore& store, int threads,
                      Progress& progress);

/// A store in memory, for tests and replays.
class MemoryStore : public TrialStore {
 public:
  std::optional<Trial> find(const TrialKey& key) override;
  void save(const Trial& trial) override;
  const std::map<TrialKey, Trial>& trials() const { return trials_; }

 private:
  std::map<TrialKey, Trial> trials_;
};

}  // namespace qupel
