#include "qupel/cli/app.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <new>

#include "qupel/base/error.h"
#include "qupel/cli/command.h"
#include "qupel/cli/signals.h"
#include "qupel/cli/version.h"

namespace qupel::cli {
namespace {

constexpr auto description =
    R"(Is a quantum model worth it for your data? Qupel trains quantum classifiers beside tuned classical and
quantum-inspired ones on the same splits of your table, and says what came out, how sure that is and what it cost.
)";

constexpr auto examples = R"(Examples:
  qupel audit table.csv --target label                 the whole question, nothing to configure
  qupel audit table.csv --target label --budget small  a first answer within a minute
  qupel audit --data breast-cancer                     the same on a built-in data set
  qupel run study.toml                                 every choice explicit (an audit writes the file it ran)
  qupel replay RUN                                     runs it again and compares bit for bit
  qupel runs compare A B                               how two runs differ
  qupel fit RUN --contender svm-rbf --out svm.model    keeps the model that you chose
  qupel predict svm.model new.csv                      what it says of new rows
  qupel list contenders                                what competes
  qupel sim circuit.qasm --shots 1000                  a circuit of your own

RUN is the name of a run, its beginning, or its folder. Ctrl-C loses nothing: the same command goes on.
Exit codes: 0 done, 1 a fault of ours, 2 bad input, 130 interrupted and resumable.)";

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const auto* command : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  return names;
}

std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const auto* option : command.get_options())
    for (const auto& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

/// What CLI11 says, with the nearest command or option for one that nobody knows.
std::string explain(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App* command = &app;
  auto name = app.get_name();
  while (!command->get_subcommands().empty()) {
    command = command->get_subcommands().front();
    name += " " + command->get_name();
  }
  const auto unknown = app.remaining(true);
  const auto commands = command_names(*command);
  if (unknown.empty()) {
    if (commands.empty()) return fmt::format("{} (see {} --help)", error.what(), name);
    return fmt::format("{} needs one of {}", name, fmt::join(commands, ", "));
  }
  const auto& given = unknown.front();
  if (given.starts_with("-"))
    return unknown_name(given.substr(0, given.find('=')), "an option of " + name, option_names(*command));
  if (!commands.empty()) return unknown_name(given, "a command", commands);
  return fmt::format("\"{}\" is one argument too many (see {} --help)", given, name);
}

void require_command(const CLI::App& app, const std::vector<std::string>& arguments) {
  const auto& first = arguments[1];
  const auto names = command_names(app);
  if (first.starts_with("-") || std::find(names.begin(), names.end(), first) != names.end()) return;
  std::error_code error;
  if (std::filesystem::is_regular_file(first, error)) {
    const bool study = std::filesystem::path(first).extension() == ".toml";
    throw InputError(fmt::format("\"{}\" is a file, not a command; did you mean \"qupel {}\"?", first,
                                 study ? "run " + first : "audit " + first + " --target COLUMN"));
  }
  throw InputError(unknown_name(first, "a command", names));
}

/// `qupel help audit` is `qupel audit --help`.
std::vector<std::string> without_help_command(std::vector<std::string> arguments) {
  if (arguments.size() > 1 && arguments[1] == "help") {
    arguments.erase(arguments.begin() + 1);
    arguments.push_back("--help");
  }
  if (arguments.size() == 1) arguments.push_back("--help");
  return arguments;
}

void declare(CLI::App& app, Action& chosen) {
  app.set_version_flag("-V,--version", version_text, "print the version, the commit and the instruction set");
  app.set_help_flag("-h,--help", "print this help");
  app.get_formatter()->column_width(26);
  app.require_subcommand(1);
  add_audit(app, chosen);
  add_run(app, chosen);
  add_replay(app, chosen);
  add_report(app, chosen);
  add_runs(app, chosen);
  add_fit(app, chosen);
  add_predict(app, chosen);
  add_break_even(app, chosen);
  add_export(app, chosen);
  add_estimate(app, chosen);
  add_list(app, chosen);
  add_device(app, chosen);
  add_compile(app, chosen);
  add_sim(app, chosen);
  add_explain(app, chosen);
  add_completion(app, chosen);
  add_man(app, chosen);
  app.footer(examples);  // last: commands that are added later would repeat it
}

/// @returns what to do; null if the answer (help, version) is printed already
Action parse(const std::vector<std::string>& arguments, const Console& console) {
  Action chosen;
  CLI::App app(description, "qupel");
  declare(app, chosen);
  require_command(app, arguments);
  try {
    app.parse(
        std::vector<std::string>(arguments.rbegin(), arguments.rend() - 1));  // CLI11 wants them reversed
  } catch (const CLI::CallForHelp&) {
    const CLI::App* asked = &app;
    std::string above;  // the commands that it belongs to
    while (!asked->get_subcommands().empty()) {
      above += (above.empty() ? "" : " ") + asked->get_name();
      asked = asked->get_subcommands().front();
    }
    console.print(asked->help(above));
    return nullptr;
  } catch (const CLI::CallForVersion& version) {
    console.print(std::string(version.what()) + "\n");
    return nullptr;
  } catch (const CLI::ParseError& error) {
    throw InputError(explain(app, error));
  }
  return chosen;
}

int guarded(const Console& console, const std::function<void()>& work) {
  const auto fail = [&](ExitCode code, std::string_view message) {
    console.say(fmt::format("qupel: {}", message));
    return code;
  };
  try {
    work();
    return exit_done;
  } catch (const Interrupted&) {
    return fail(exit_interrupted, "interrupted");
  } catch (const InputError& error) {
    return fail(exit_bad_input, error.what());
  } catch (const std::filesystem::filesystem_error& error) {
    return fail(exit_bad_input, error.what());
  } catch (const std::bad_alloc&) {
    return fail(
        exit_fault,
        "out of memory. Finished trials are kept; try fewer --threads, a smaller --budget or fewer rows");
  } catch (const std::exception& error) {
    return fail(exit_fault,
                fmt::format("a fault of ours: {}. Please report it with the command line and the output "
                            "of qupel --version; finished trials are kept",
                            error.what()));
  }
}

}  // namespace

int main(std::vector<std::string> arguments) {
  const StopScope stopped_by_signals(install_signals());
  Console console(arguments);
  return guarded(console, [&] {
    if (const auto action = parse(without_help_command(std::move(arguments)), console)) action(console);
  });
}

}  // namespace qupel::cli
