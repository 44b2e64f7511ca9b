#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "qupel/cli/collection.h"
#include "qupel/cli/command.h"
#include "qupel/cli/device_options.h"
#include "qupel/cli/session.h"
#include "qupel/contenders/contenders.h"
#include "qupel/record/run_store.h"
#include "qupel/study/runner.h"

namespace qupel::cli {
namespace {

struct RunCommandOptions : SessionOptions {
  std::string file;
};

/// A run's study file that was edited is another study: says so, since the folder may suggest otherwise.
void say_if_edited(const std::filesystem::path& file, const std::string& hash, const Console& console) {
  const auto folder = std::filesystem::absolute(file).parent_path();
  if (!std::filesystem::exists(folder / "manifest.json")) return;
  const auto run = RunStore(folder.parent_path(), contenders()).find(folder.string());
  if (run.study_hash != hash)
    console.say(
        fmt::format("note: the study or its table was edited after run {}; this is a new run", run.id));
}

void run(const RunCommandOptions& options, const Console& console) {
  const auto spec = read_collection(options.file, contenders());
  if (spec.members.size() > 1) {
    const auto problems = load_problems(spec);
    say_if_edited(options.file, study_hash(spec, problems), console);
    std::vector<StudyToRun> studies;
    for (std::size_t i = 0; i < problems.size(); ++i) studies.push_back({spec.members[i], *problems[i]});
    stay_within_budget(studies, options, console);
    return run_collection(spec, problems, options, console);
  }
  const auto& study = spec.members.front();
  try {
    const auto problem = load_problem(study);
    require_runnable(study, *problem);
    say_data(*problem, console);
    say_if_edited(options.file, study_hash(study, problem->facts().data_hash), console);
    stay_within_budget({{study, *problem}}, options, console);
    run_to_report(study, *problem, options, console);
  } catch (const SettingError& error) {
    throw placed(study, error);
  }
}

}  // namespace

void add_run(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<RunCommandOptions>();
  auto* command = app.add_subcommand("run", "runs a study file, or goes on with it");
  command->add_option("STUDY", options->file, "the study file (docs/study.md)")->type_name("")->required();
  add_max_cost(*command, options->max_cost);
  add_threads(*command, options->threads);
  add_out(*command, options->out);
  add_json(*command, options->json);
  command->footer("Example:\n  qupel run study.toml --threads 2");
  command->callback(
      [options, &chosen] { chosen = [options](const Console& console) { run(*options, console); }; });
}

}  // namespace qupel::cli
