#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <memory>
#include <optional>

#include "qupel/base/error.h"
#include "qupel/base/file.h"
#include "qupel/base/text.h"
#include "qupel/cli/command.h"
#include "qupel/cli/device_options.h"
#include "qupel/cli/problem_options.h"
#include "qupel/cli/session.h"
#include "qupel/contenders/contenders.h"
#include "qupel/mitigate/mitigation.h"
#include "qupel/problem/molecule/qubit_mapping.h"
#include "qupel/study/spec.h"

namespace qupel::cli {
namespace {

/// Of circuits that run under noise: up to eight qubits, with those that states pass through on their way,
/// run together as exact mixed states.
constexpr int most_features_on_devices = 6;

struct AuditOptions : SessionOptions {
  std::string file, data, target, task = "auto", budget = "default";
  std::vector<std::string> drop;
  OnDeviceOptions on;
  std::string train = "ideal";
  std::optional<std::size_t> shots;
  std::uint64_t seed = 0;
  std::optional<std::size_t> max_rows;  ///< none: by budget; 0: all
  KindOptions kinds;
  std::string study;  ///< a file to write the study to, instead of running it; "": none
};

DataSet read_table(const AuditOptions& options) {
  const DataSetOptions whole{.target = options.target,
                             .task = table_task(options.task),
                             .drop = options.drop,
                             .max_rows = 0,
                             .seed = options.seed};
  return options.file.empty() ? load_data_set(options.data, whole) : read_data_set(options.file, whole);
}

/// Without a target the file may be no table at all.
DataSet read_whole(const AuditOptions& options) {
  if (options.file.empty() || !options.target.empty()) return read_table(options);
  try {
    return read_table(options);
  } catch (const SettingError&) {
    throw;
  } catch (const InputError& error) {
    throw InputError(error.what() + words_on_flags(options.file));
  }
}

/// How quantum contenders are read besides.
void set_execution(const AuditOptions& options, StudySpec& spec) {
  if (options.shots) spec.shots = *options.shots;
  spec.devices = device_entries(names_of(options.on.device));
  spec.mitigate = names_of(options.on.mitigate);
  spec.train_on_devices = options.train == "noisy";
  mitigation(spec.mitigate);  // a fault in it is one of the command line
  if (!spec.mitigate.empty() && spec.devices.empty())
    throw InputError("--mitigate needs --device: on a perfect quantum computer there is nothing to mitigate");
  if (spec.train_on_devices && spec.devices.empty())
    throw InputError("--train noisy needs --device, whose noise it is");
}

void run_or_write(const StudySpec& spec, const Problem& problem, const AuditOptions& options,
                  const Console& console) {
  if (options.study.empty()) {
    stay_within_budget({{spec, problem}}, options, console);
    return run_to_report(spec, problem, options, console);
  }
  write_file(options.study, to_toml(spec));
  console.say(fmt::format("study written to {}", options.study));
}

void audit_table(const AuditOptions& options, const Console& console) {
  const auto size = budget(options.budget);
  const auto whole = read_whole(options);
  auto spec = audit_study(whole, size, options.seed, contenders(), table_task(options.task));
  spec.drop = options.drop;
  if (options.max_rows) spec.max_rows = *options.max_rows;
  set_execution(options, spec);
  const auto columns = std::min(spec.features, most_features_on_devices);
  const bool fewer = !spec.devices.empty() && columns < spec.features;
  if (fewer) spec.features = columns;
  const auto problem = load_problem(spec);
  say_data(*problem, console);
  if (fewer)
    console.say(fmt::format(
        "note: on devices circuits see {} columns, since the noise of more qubits takes this computer too "
        "long; `features` under [inputs] of a study file says otherwise",
        columns));
  run_or_write(spec, *problem, options, console);
}

/// @throws InputError for options that only tables have
void require_no_table_options(const AuditOptions& options, const ProblemKind& kind) {
  const bool json = lower(options.file).ends_with(".json");
  const auto refuse = [&](bool given, std::string_view flag) {
    if (given)
      throw InputError(fmt::format("{} is for tables; {} is a {}{}", flag, options.file, kind.name,
                                   json ? ", as which JSON is read: write a table as CSV" : ""));
  };
  refuse(!options.target.empty(), "--target");
  refuse(options.task != "auto", "--task");
  refuse(!options.drop.empty(), "--drop");
  refuse(options.max_rows.has_value(), "--max-rows");
}

/// What is chosen because circuits run under noise: few qubits, and of several mappings the smallest one.
void prefer_few_qubits(const ProblemKind& kind, ProblemOptions& options) {
  const auto has = [&](std::string_view name) {
    return std::ranges::find(kind.options, name, &ProblemOption::name) != kind.options.end();
  };
  if (has("qubits") && !options.contains("active")) options.emplace("qubits", "8");
}
/// @param excited whether states above the ground state are asked for
void prefer_few_qubits(StudySpec& spec, bool excited) {
  for (auto& entry : spec.entries)
    for (const auto& parameter : entry.contender().hyperparameters) {
      if (parameter.name != "mapping") continue;
      auto names = parameter.more_names;  // the last one takes the fewest
      if (excited) std::erase_if(names, std::not_fn(has_excited_states));
      if (!names.empty()) entry.space.insert_or_assign("mapping", std::vector<Setting>{names.back()});
    }
}

/// Beyond eight qubits each answer on a device is many noisy trajectories, the longest part of a trial by
/// far.
void repeat_less(const Problem& problem, StudySpec& spec) {
  constexpr int quick = 8, fewest_folds = 2;
  const bool one = problem.facts().rows == 1;  // else the instances are the repeats
  if (!one || problem.width({}) <= quick || spec.outer_folds <= fewest_folds) return;
  spec.left_out.push_back(fmt::format(
      "since noise on more than {} qubits takes long: repeats ({} instead of {}); another --budget takes more",
      quick, fewest_folds * spec.repeats, spec.outer_folds * spec.repeats));
  spec.outer_folds = fewest_folds;
}

void audit_kind(const ProblemKind& kind, const AuditOptions& options, const Console& console) {
  require_no_table_options(options, kind);
  const auto size = budget(options.budget);
  try {
    auto choices = options.kinds.options;
    const bool on_devices = !options.on.device.empty();
    if (on_devices) prefer_few_qubits(kind, choices);
    const auto problem = kind.load(options.file, choices);
    auto spec = audit_study(kind, options.file, choices, *problem, size, options.seed, contenders());
    if (on_devices) {
      const auto states = choices.find("states");
      prefer_few_qubits(spec, states != choices.end() && states->second != "1");
      repeat_less(*problem, spec);
    }
    set_execution(options, spec);
    say_data(*problem, console);
    for (const auto& reason : spec.left_out) console.say(fmt::format("  left out: {}", reason));
    run_or_write(spec, *problem, options, console);
  } catch (const SettingError& error) {
    const bool flag = std::ranges::find(kind.options, error.key, &ProblemOption::name) != kind.options.end();
    throw InputError(flag ? fmt::format("--{}: {}", error.key, error.what()) : std::string(error.what()));
  }
}

void audit(const AuditOptions& options, const Console& console) {
  const bool generated = !options.kinds.flags.empty() && options.kinds.options.contains("regular");
  if (!generated && options.file.empty() == options.data.empty())
    throw InputError(
        "audit needs a table, FILE.csv --target COLUMN, or a built-in data "
        "set, --data NAME (see qupel list data)");
  if (const auto* kind = chosen_kind(options.kinds, options.file))
    audit_kind(*kind, options, console);
  else
    audit_table(options, console);
}

}  // namespace

void add_audit(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<AuditOptions>();
  auto* command =
      app.add_subcommand("audit", "is a quantum model worth it for this table? Nothing to configure");
  command->add_option("FILE", options->file, "the table: delimited text with a header")->type_name("");
  command->add_option("--target", options->target, "the column to predict")->type_name("COLUMN");
  command
      ->add_option(
          "--task", options->task,
          "classification or regression, where the target could be either (default: auto, few numbers "
          "that repeat are classes)")
      ->type_name("TASK");
  command->add_option("--data", options->data, "a built-in data set instead of a file, see qupel list data")
      ->type_name("NAME");
  command
      ->add_option(
          "--budget", options->budget,
          fmt::format("small (a minute: at most {}), default (five minutes: {}) or large (hours: {})",
                      describe(Budget::small), describe(Budget::default_), describe(Budget::large)))
      ->type_name("SIZE");
  command->add_option("--seed", options->seed, "a whole number that everything random follows (default: 0)")
      ->type_name("N")
      ->transform(whole_number(0, std::numeric_limits<std::int64_t>::max()));
  command->add_option("--drop", options->drop, "columns to leave out, separated by commas")
      ->type_name("COLUMNS")
      ->delimiter(',');
  command
      ->add_option("--max-rows", options->max_rows,
                   "draw at most so many rows; 0: all of them (default: by budget)")
      ->type_name("N")
      ->transform(whole_number(0, std::numeric_limits<std::int64_t>::max(), "all rows"));
  add_device(*command, options->on);
  add_kinds(*command, options->kinds);
  add_max_cost(*command, options->max_cost);
  command
      ->add_option(
          "--train", options->train,
          "with --device: noisy trains each model once more under the device's noise, and the report says "
          "whether that helped (default: ideal)")
      ->type_name("HOW")
      ->check(CLI::IsMember({"ideal", "noisy"}));
  command
      ->add_option("--shots", options->shots,
                   "of every circuit, where results are read with finite shots (default: 1000)")
      ->type_name("N")
      ->transform(whole_number(0, 100'000'000, "leave them out"));
  command
      ->add_option("--study", options->study,
                   "writes the study to a file instead of running it, to be edited and given to qupel run")
      ->type_name("FILE");
  add_threads(*command, options->threads);
  add_out(*command, options->out);
  add_json(*command, options->json);
  command->footer("Example:\n  qupel audit table.csv --target label --budget small");
  command->callback(
      [options, &chosen] { chosen = [options](const Console& console) { audit(*options, console); }; });
}

}  // namespace qupel::cli
