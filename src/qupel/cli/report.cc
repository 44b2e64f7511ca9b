#include <fmt/format.h>
#include <spawn.h>
#include <unistd.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "qupel/cli/command.h"
#include "qupel/cli/session.h"
#include "qupel/record/run_store.h"

namespace qupel::cli {
namespace {

struct ReportOptions {
  std::string run, out;
  bool open = false, json = false;
};

void show_in_browser(const std::string& file, const Console& console) {
  std::string program = "xdg-open", argument = file;
  char* arguments[] = {program.data(), argument.data(), nullptr};
  pid_t child = 0;
  if (::posix_spawnp(&child, "xdg-open", nullptr, nullptr, arguments, environ) != 0)
    console.say("note: there is no xdg-open here to show the report with");
}

void report(const ReportOptions& options, const Console& console) {
  const auto store = run_store(options.out);
  const auto run = store.find(options.run);
  const auto file =
      run.members.empty() ? write_report(store.result(run)) : write_report(store.collection_result(run));
  if (options.json) {
    const nlohmann::ordered_json object{
        {"schema_version", 1}, {"run", run.directory.string()}, {"report", file}};
    console.print(object.dump(2) + "\n");
  } else {
    console.print(file + "\n");
  }
  if (options.open) show_in_browser(file, console);
}

}  // namespace

void add_report(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<ReportOptions>();
  auto* command = app.add_subcommand("report", "writes the report of a run again");
  command->add_option("RUN", options->run, "name of a run, its beginning, or its folder")
      ->type_name("")
      ->required();
  command->add_flag("--open", options->open, "show it in the browser");
  add_out(*command, options->out);
  add_json(*command, options->json);
  command->callback(
      [options, &chosen] { chosen = [options](const Console& console) { report(*options, console); }; });
}

}  // namespace qupel::cli
