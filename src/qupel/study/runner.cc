#include "qupel/study/runner.h"

#include <fmt/format.h>

#include <chrono>
#include <mutex>

#include "qupel/base/error.h"
#include "qupel/base/interrupt.h"
#include "qupel/base/parallel.h"
#include "qupel/study/entries.h"
#include "qupel/study/split_cache.h"
#include "qupel/study/summary.h"
#include "qupel/study/trial.h"

namespace qupel {
namespace {

/// The trials of a study by position: split after split, entries in order within a split.
class Plan {
 public:
  Plan(const StudySpec& spec, const Problem& problem)
      : spec_(spec),
        problem_(problem.facts().name),
        splits_(problem.splits(splitting_of(spec))),
        trials_(splits_.size() * spec.entries.size()) {}

  std::size_t size() const { return trials_.size(); }
  std::size_t split_of(std::size_t i) const { return i / spec_.entries.size(); }
  const Entry& entry_of(std::size_t i) const { return spec_.entries[i % spec_.entries.size()]; }
  const std::vector<Split>& splits() const { return splits_; }
  TrialKey key(std::size_t i) const {
    const auto& split = splits_[split_of(i)];
    return {entry_of(i).name, split.repeat, split.fold, problem_, exact_execution};
  }

  /// Takes what the store has; the positions that are left to run.
  std::vector<std::size_t> resume(TrialStore& store) {
    std::vector<std::size_t> pending;
    for (std::size_t i = 0; i < size(); ++i) {
      if (auto found = store.find(key(i)))
        trials_[i] = std::move(*found);
      else
        pending.push_back(i);
    }
    return pending;
  }
  void set(std::size_t i, Trial trial) { trials_[i] = std::move(trial); }
  const std::vector<Trial>& trials() const { return trials_; }

 private:
  const StudySpec& spec_;
  std::string problem_;
  std::vector<Split> splits_;
  std::vector<Trial> trials_;
};

std::vector<std::size_t> uses_of_splits(const Plan& plan, const std::vector<std::size_t>& pending) {
  std::vector<std::size_t> uses(plan.splits().size());
  for (const auto i : pending) ++uses[plan.split_of(i)];
  return uses;
}

/// Without a reduction the problem's width decides how many qubits a circuit takes.
void require_qubits(const StudySpec& spec, const Problem& problem) {
  if (spec.reduction != Reduction::none) return;
  for (const auto& entry : spec.entries) {
    const auto& record = entry.contender();
    if (!record.circuit_cost) continue;
    const auto columns = problem.width({});
    const int qubits = record.circuit_cost(columns, problem.outputs(), default_settings(entry)).qubits;
    if (qubits > max_qubits)
      throw SettingError(
          "reduction",
          fmt::format("reduction = \"none\" leaves {} columns, for which {} takes {} qubits, more than {}; "
                      "use \"pca\" or \"select\" with features",
                      columns, entry.name, qubits, max_qubits));
  }
}

void require_kind(const StudySpec& spec, const Problem& problem) {
  for (const auto& entry : spec.entries)
    if (!solves(entry.contender(), problem.kind()))
      throw SettingError("contender", fmt::format("{} solves no {}, which {} is", entry.name, problem.kind(),
                                                  problem.facts().source));
}

void require_programs(const StudySpec& spec) {
  for (const auto& entry : spec.entries) {
    const auto& record = entry.contender();
    if (const auto lacks = record.lacks ? record.lacks() : std::string(); !lacks.empty())
      throw InputError(fmt::format("contender {}: {}", entry.name, lacks));
  }
}

}  // namespace

std::optional<Trial> MemoryStore::find(const TrialKey& key) {
  const auto found = trials_.find(key);
  return found == trials_.end() ? std::nullopt : std::optional(found->second);
}
void MemoryStore::save(const Trial& trial) { trials_[trial.key] = trial; }

void require_runnable(const StudySpec& spec, const Problem& problem) {
  if (!problem.metric(spec.metric).decides)
    throw SettingError("metric",
                       fmt::format("{} is measured, but a study cannot be decided by it", spec.metric));
  if (!spec.devices.empty() && spec.shots == 0)
    throw SettingError("shots",
                       fmt::format("what {} answers is counted from shots, and 0 of them say nothing; give "
                                   "at least 1, or leave the devices out (qupel sim --exact takes the "
                                   "values of one circuit without shots)",
                                   spec.devices.front().device->name));
  require_kind(spec, problem);
  (void)problem.splits(splitting_of(spec));
  require_qubits(spec, problem);
}

StudyResult run_study(const StudySpec& spec, const Problem& problem, TrialStore& store, int threads,
                      Progress& progress) {
  const auto start = std::chrono::steady_clock::now();
  require_runnable(spec, problem);
  Plan plan(spec, problem);
  const auto pending = plan.resume(store);
  if (!pending.empty()) require_programs(spec);
  SplitCache cache(problem, splitting_of(spec), plan.splits(), uses_of_splits(plan, pending));
  std::size_t done = plan.size() - pending.size();
  std::mutex mutex;
  progress.advance(done, plan.size(), "");
  parallel_for(pending.size(), threads, [&](std::size_t p) {
    check_interrupt();
    const auto i = pending[p];
    const auto split = plan.split_of(i);
    const auto work = cache.take(split);
    auto trial = run_trial(spec, problem, plan.entry_of(i), plan.splits()[split], *work);
    const std::scoped_lock lock(mutex);
    store.save(trial);
    plan.set(i, std::move(trial));
    progress.advance(++done, plan.size(), plan.entry_of(i).name);
  });
  auto result = summarise(spec, problem, plan.trials(), threads);
  result.threads = thread_count(threads);
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

}  // namespace qupel
