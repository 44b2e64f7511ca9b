#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "qupel/cli/collection.h"
#include "qupel/cli/command.h"
#include "qupel/cli/run_comparison.h"
#include "qupel/cli/session.h"
#include "qupel/record/run_store.h"
#include "qupel/report/report.h"

namespace qupel::cli {
namespace {

struct RunsOptions {
  std::string run, other, out;
  bool json = false;
};

std::string state(const RunInfo& run) {
  if (!run.problem.empty()) return "damaged";
  const auto verdict = run.finished.empty() ? "unfinished" : run.verdict;
  return run.members.empty() ? verdict : fmt::format("{} (collection of {})", verdict, run.members.size());
}

void list(const RunsOptions& options, const Console& console) {
  const auto store = run_store(options.out);
  const auto runs = store.list();
  if (options.json) return console.print(runs_json(store.root().string(), runs));
  if (runs.empty())
    return console.print(fmt::format("no runs in {} yet; start with: qupel audit FILE.csv --target COLUMN\n",
                                     store.root().string()));
  std::size_t longest = 3;
  for (const auto& run : runs) longest = std::max(longest, run.id.size());
  std::string out =
      fmt::format("{:<{}}  {:<20}  {:>11}  {}\n", "run", longest, "started", "trials", "verdict");
  for (const auto& run : runs)
    out += fmt::format("{:<{}}  {:<20}  {:>5}/{:<5}  {}\n", run.id, longest, run.started, run.trials_done,
                       run.trials_total, state(run));
  console.print(out);
  for (const auto& run : runs)
    if (!run.problem.empty()) console.say(fmt::format("warning: {}", run.problem));
}

/// What a finished run found, as `qupel run` told it.
std::string findings(const RunStore& store, const RunInfo& run, const RunsOptions& options,
                     const Console& console) {
  const auto told = [&](const auto& result, const auto&... members) {
    return options.json ? summary_json(result, members...)
                        : "\n" + text_report(result, console.width(), console.colour());
  };
  if (run.finished.empty()) return "";
  if (run.members.empty()) return told(store.result(run));
  return told(store.collection_result(run), member_results(store, run));
}

void show(const RunsOptions& options, const Console& console) {
  const auto store = run_store(options.out);
  const auto run = store.find(options.run);
  const auto found = findings(store, run, options, console);
  if (options.json) return console.print(run_json(run, found));
  std::string out = fmt::format(
      "run       {}\nstudy     {} ({})\ndata      {} ({})\nversion   {}\nstarted   {}\nfinished  {}\ntrials  "
      "  {} of {}\n",
      run.directory.string(), run.name, run.study_hash, run.source, run.data_hash, run.version, run.started,
      run.finished.empty() ? "no" : run.finished, run.trials_done, run.trials_total);
  for (const auto& member : run.members) out += fmt::format("member    {}\n", member);
  if (!run.problem.empty()) out += fmt::format("problem   {}\n", run.problem);
  console.print(out + found);
}

void compare(const RunsOptions& options, const Console& console) {
  const auto store = run_store(options.out);
  const auto a = store.find(options.run), b = store.find(options.other);
  const auto comparison = compare_runs(a, store.result(a), b, store.result(b));
  console.print(options.json ? to_json(comparison) : to_text(comparison));
}

void add_action(CLI::App* command, const std::shared_ptr<RunsOptions>& options, Action& chosen,
                void (*action)(const RunsOptions&, const Console&)) {
  add_out(*command, options->out);
  add_json(*command, options->json);
  command->callback([=, &chosen] { chosen = [=](const Console& console) { action(*options, console); }; });
}

}  // namespace

void add_runs(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<RunsOptions>();
  auto* command = app.add_subcommand("runs", "what was run: list, show, compare");
  command->require_subcommand(1);
  auto* all = command->add_subcommand("list", "all runs, oldest first");
  add_action(all, options, chosen, list);
  auto* one = command->add_subcommand("show", "one run: what it is, and what it found");
  one->add_option("RUN", options->run, "name of a run, its beginning, or its folder")
      ->type_name("")
      ->required();
  add_action(one, options, chosen, show);
  auto* two = command->add_subcommand("compare", "how two runs differ, in what was asked and what was found");
  two->add_option("A", options->run, "a run")->type_name("")->required();
  two->add_option("B", options->other, "another")->type_name("")->required();
  add_action(two, options, chosen, compare);
}

}  // namespace qupel::cli
