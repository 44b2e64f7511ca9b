#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <optional>

#include "qupel/base/error.h"
#include "qupel/base/file.h"
#include "qupel/cli/command.h"
#include "qupel/cli/session.h"
#include "qupel/contenders/contenders.h"
#include "qupel/problem/wording.h"
#include "qupel/record/environment.h"
#include "qupel/record/run_store.h"
#include "qupel/study/saved_model.h"

namespace qupel::cli {
namespace fs = std::filesystem;
namespace {

struct FitOptions {
  std::string what, contender, out, runs;
};

bool is_file(const std::string& path) {
  std::error_code error;
  return fs::is_regular_file(path, error);
}

const Entry& find_entry(const StudySpec& spec, const std::string& name) {
  std::vector<std::string> names;
  for (const auto& entry : spec.entries) {
    if (entry.name == name) return entry;
    names.push_back(entry.name);
  }
  throw InputError("--contender: " + unknown_name(name, "a contender of this study", names));
}

/// A mistyped --out must not cost anybody a table.
void require_no_other_file(const std::string& out) {
  std::error_code error;
  if (!fs::exists(out, error)) return;
  if (!is_file(out)) throw InputError(fmt::format("--out: {} is no file", out));
  if (!Archive::begins_like_one(read_file(out)))
    throw InputError(
        fmt::format("--out: {} is there and holds something else than a model; choose another name", out));
}

std::string settings_text(const Settings& settings) {
  std::string text;
  for (const auto& [name, value] : settings)
    text += fmt::format("{}{} = {}", text.empty() ? " with " : ", ", name, to_string(value));
  return text;
}

void write_model(const SavedModel& model, const FitOptions& options, const Console& console) {
  if (!model.info().converged)
    console.say(fmt::format("warning: the fit did not converge: {}", model.info().reason));
  write_file(options.out, model.bytes());
  console.print(fmt::format("fitted  {} on {}{}\nmodel   {}\npredict qupel predict {} NEW.csv\n",
                            model.name(), counted(model.rows(), "row"),
                            settings_text(model.choice().settings), options.out, shell_quoted(options.out)));
}

/// The settings that most splits of a finished run chose.
void fit_run(const FitOptions& options, const Console& console) {
  const auto store = run_store(options.runs);
  const auto run = store.find(options.what);
  static_cast<void>(store.result(run));  // a run that is finished, and no collection
  const auto spec = store.study(run);
  const auto& entry = find_entry(spec, options.contender);
  auto trials = store.trials(run);
  std::erase_if(trials, [&](const Trial& trial) { return trial.key.entry != entry.name; });
  if (trials.empty()) throw InputError(fmt::format("{} holds no trials of {}", run.id, entry.name));
  const auto problem = table_problem(load_table(spec), table_inputs(spec));
  if (problem->facts().data_hash != run.data_hash)
    throw InputError(fmt::format("{} was changed after run {}; fit a study of the changed table instead",
                                 run.source, run.id));
  const auto choice = most_frequent_settings(trials, problem->metric(spec.metric));
  write_model(SavedModel::fit(spec, *problem, entry, choice, code_version()), options, console);
}

/// Tuned on all rows.
void fit_study(const FitOptions& options, const Console& console) {
  const auto spec = parse_study(read_file(options.what), options.what, contenders());
  const auto& entry = find_entry(spec, options.contender);
  try {
    const auto problem = table_problem(load_table(spec), table_inputs(spec));
    require_runnable(spec, *problem);
    say_data(*problem, console);
    console.say(fmt::format("tuning {} on {} by {} inner folds", entry.name, counted(problem->rows(), "row"),
                            spec.inner_folds));
    write_model(SavedModel::fit(spec, *problem, entry, std::nullopt, code_version()), options, console);
  } catch (const SettingError& error) {
    throw placed(spec, error);
  }
}

void fit(const FitOptions& options, const Console& console) {
  require_no_other_file(options.out);
  is_file(options.what) ? fit_study(options, console) : fit_run(options, console);
}

}  // namespace

void add_fit(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<FitOptions>();
  auto* command = app.add_subcommand("fit", "fits a contender on all rows and saves the model");
  command
      ->add_option(
          "WHAT", options->what,
          "a finished run (the settings that most of its splits chose are fitted), or a study file (they "
          "are tuned on all rows)")
      ->type_name("")
      ->required();
  command->add_option("--contender", options->contender, "which one, by its name in the study")
      ->type_name("NAME")
      ->required();
  command->add_option("--out", options->out, "the file of the model")->type_name("MODEL")->required();
  command->add_option("--runs", options->runs, "folder of the runs (default: qupel-runs, or $QUPEL_RUNS)")
      ->type_name("DIR");
  command->footer("Example:\n  qupel fit study.toml --contender svm-rbf --out svm.model");
  command->callback(
      [options, &chosen] { chosen = [options](const Console& console) { fit(*options, console); }; });
}

}  // namespace qupel::cli
