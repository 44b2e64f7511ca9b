#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "qupel/base/error.h"
#include "qupel/cli/collection.h"
#include "qupel/cli/command.h"
#include "qupel/cli/session.h"
#include "qupel/record/environment.h"
#include "qupel/record/run_store.h"
#include "qupel/study/runner.h"

namespace qupel::cli {
namespace {

struct ReplayOptions : SessionOptions {
  std::string run;
};

std::unique_ptr<Problem> same_data(const StudySpec& spec, const RunInfo& run) {
  auto problem = load_problem(spec);
  if (problem->facts().data_hash == run.data_hash) return problem;
  throw InputError(
      fmt::format("{} was changed after run {} (SHA-256 was {}, is {}); a replay needs the same table, "
                  "the changed one makes a new run",
                  run.source, run.id, run.data_hash, problem->facts().data_hash));
}

/// Programs that compete are part of the study, so they must be what they were.
void require_same_programs(const StudySpec& spec, const RunInfo& run) {
  for (const auto& entry : spec.entries)
    if (entry.external && entry.external->digest != entry.external->recorded_digest)
      throw InputError(
          fmt::format("the files of contender {} were changed, or are gone, since run {}; a replay needs the "
                      "same ones: {}",
                      entry.name, run.id, fmt::join(entry.external->command, " ")));
}

/// The first field in which two trials differ, seconds apart; "" if they are the same.
std::string difference(const Trial& a, const Trial& b) {
  const auto left = nlohmann::json::parse(to_json(a, false)),
             right = nlohmann::json::parse(to_json(b, false));
  for (const auto& [key, value] : left.items())
    if (value.dump() != right.at(key).dump()) return key;
  return "";
}

/// Where a run and its replay differ first, as a sentence; "" if nowhere.
std::string first_difference(const std::vector<Trial>& stored, const MemoryStore& replayed) {
  std::map<TrialKey, Trial> by_key;
  for (auto trial : stored) {
    // Older versions did not name the problem.
    if (trial.key.problem.empty() && !replayed.trials().empty())
      trial.key.problem = replayed.trials().begin()->first.problem;
    by_key[trial.key] = std::move(trial);
  }
  for (const auto& [key, trial] : replayed.trials()) {
    const auto found = by_key.find(key);
    const auto where = found == by_key.end() ? "its presence" : difference(found->second, trial);
    if (!where.empty())
      return fmt::format("{}, repeat {}, fold {} differs in {}", key.entry, key.repeat, key.fold, where);
  }
  return "";
}

/// Whether the hash of all trials was made of trials as they are written now: results of older versions do
/// not name their metrics.
bool has_comparable_hash(const StudyResult& stored) { return !stored.metrics.empty(); }
bool has_comparable_hash(const CollectionResult&) { return true; }

/// What was concluded from the same trials, of a run or of a collection, must be the same too.
template <typename Result>
std::string first_difference(const Result& stored, const Result& replayed) {
  if (has_comparable_hash(stored) && stored.results_hash != replayed.results_hash)
    return "the hash of all trials differs";
  if (stored.verdict != replayed.verdict || stored.reason != replayed.reason) return "the verdict differs";
  return "";
}

struct Replay {
  StudyResult result;
  std::size_t trials = 0;
  std::string difference;  ///< where it differs first from the run, as a sentence; "" if nowhere
};

/// @param progress stands before every line of progress
Replay replay_run(const RunStore& store, const RunInfo& run, int threads, const Console& console,
                  std::string_view progress = "") {
  const auto stored = store.result(run);
  const auto trials = store.trials(run);
  const auto spec = store.study(run);
  const auto problem = same_data(spec, run);
  require_same_programs(spec, run);
  if (run.version != code_version())
    console.say(fmt::format("note: the run was made by version {}, this is {}", run.version, code_version()));

  MemoryStore memory;
  auto result = [&] {
    ProgressLine line(progress);
    return run_study(spec, *problem, memory, threads, line);
  }();
  result.run = run.directory.string();
  result.version = code_version();
  auto difference = first_difference(trials, memory);
  if (difference.empty()) difference = first_difference(stored, result);
  return {std::move(result), trials.size(), std::move(difference)};
}

void tell(const ReplayOptions& options, const Console& console, const std::string& outcome,
          const std::string& summary) {
  if (options.json) console.say(outcome);
  console.print((options.json ? summary : outcome) + "\n");
}

std::string outcome_of(const std::string& difference, std::size_t trials, const std::string& of) {
  return difference.empty()
             ? fmt::format("replayed: all {} trials of {} are the same bit for bit", trials, of)
             : fmt::format("not replayed: {}", difference);
}

void replay_collection(const RunStore& store, const RunInfo& run, const ReplayOptions& options,
                       const Console& console) {
  const auto stored = store.collection_result(run);
  const auto spec = store.collection(run);
  const auto members = store.members(run);
  std::vector<StudyResult> results;
  std::size_t trials = 0;
  std::string difference;
  for (std::size_t i = 0; i < members.size(); ++i) {
    const auto where = place(i, members.size());
    console.say(fmt::format("{}: {}", where, members[i].id));
    auto replayed = replay_run(store, members[i], options.threads, console, where);
    if (difference.empty() && !replayed.difference.empty())
      difference = fmt::format("{}: {}", members[i].id, replayed.difference);
    trials += replayed.trials;
    results.push_back(std::move(replayed.result));
  }
  auto result = summarise_collection(spec, results);
  result.run = stored.run;
  if (difference.empty()) difference = first_difference(stored, result);
  const auto of = fmt::format("{} on {} data sets", run.id, members.size());
  tell(options, console, outcome_of(difference, trials, of),
       summary_json(result, results, difference.empty()));
}

void replay(const ReplayOptions& options, const Console& console) {
  const auto store = run_store(options.out);
  const auto run = store.find(options.run);
  if (store.study_edited(run))
    console.say(
        fmt::format("note: study.toml of {0} was edited; a replay runs the study as it was recorded, the "
                    "edited one is another: qupel run {1}/study.toml",
                    run.id, run.directory.string()));
  if (!run.members.empty()) return replay_collection(store, run, options, console);
  const auto [result, trials, difference] = replay_run(store, run, options.threads, console);
  tell(options, console, outcome_of(difference, trials, run.id), summary_json(result, difference.empty()));
}

}  // namespace

void add_replay(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<ReplayOptions>();
  auto* command = app.add_subcommand("replay", "runs a run again and compares bit for bit");
  command->add_option("RUN", options->run, "name of a run, its beginning, or its folder")
      ->type_name("")
      ->required();
  add_threads(*command, options->threads);
  add_out(*command, options->out);
  add_json(*command, options->json);
  command->callback(
      [options, &chosen] { chosen = [options](const Console& console) { replay(*options, console); }; });
}

}  // namespace qupel::cli
