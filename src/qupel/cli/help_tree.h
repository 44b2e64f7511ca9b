#pragma once
#include <CLI/CLI.hpp>
#include <string>
#include <string_view>
#include <vector>

// What the help says, as data: the man page and the completion of shells are written from it.
namespace qupel::cli {

struct OptionHelp {
  std::vector<std::string> names;  ///< "-h", "--help"; of a positional argument its name alone
  std::string argument;            ///< "COLUMN"; empty for a flag and for positional arguments
  std::string text;
  std::vector<std::string> values;  ///< all that it accepts, where these are few words
  bool required = false, repeats = false;
};

struct CommandHelp {
  std::string path;  ///< "" for the program, else for example "runs show"
  std::string name, summary, footer;
  std::vector<OptionHelp> positionals, options;
  std::vector<CommandHelp> commands;
};

CommandHelp help_tree(const CLI::App& app);

/// A command and all below it, in the order in which they were declared.
std::vector<const CommandHelp*> all_commands(const CommandHelp& root);

/// qupel(1) in roff. @param version the first line of `qupel --version`
std::string man_page(const CommandHelp& root, std::string_view version);

/// A script that completes command lines. @param shell one of completion_shells() @throws InputError
std::string completion_script(const CommandHelp& root, std::string_view shell);
const std::vector<std::string>& completion_shells();

}  // namespace qupel::cli
