#include "qupel/cli/help_tree.h"

namespace qupel::cli {
namespace {

/// CLI11 says a type as "P:{single,double}": a name and the words that are allowed.
void read_type(const std::string& type, OptionHelp& help) {
  const auto brace = type.find('{');
  help.argument = type.substr(0, std::min(type.find(':'), brace));
  if (brace == std::string::npos) return;
  const auto words = type.substr(brace + 1, type.find('}') - brace - 1);
  for (std::size_t at = 0; at <= words.size();) {
    const auto end = std::min(words.find(',', at), words.size());
    help.values.push_back(words.substr(at, end - at));
    at = end + 1;
  }
}

OptionHelp option_help(const CLI::Option& option) {
  OptionHelp help;
  help.text = option.get_description();
  help.required = option.get_required();
  help.repeats = option.get_items_expected_max() > 1;
  if (option.get_positional() && option.get_lnames().empty()) {
    help.names.push_back(option.get_name(true));
    return help;
  }
  for (const auto& name : option.get_snames()) help.names.push_back("-" + name);
  for (const auto& name : option.get_lnames()) help.names.push_back("--" + name);
  if (option.get_items_expected_max() > 0) read_type(option.get_type_name(), help);
  return help;
}

CommandHelp command_help(const CLI::App& app, const std::string& path) {
  CommandHelp help;
  help.path = path;
  help.name = app.get_name();
  help.summary = app.get_description();
  help.footer = app.get_footer();
  for (const auto* option : app.get_options()) {
    auto& group = option->get_positional() && option->get_lnames().empty() ? help.positionals : help.options;
    group.push_back(option_help(*option));
  }
  for (const auto* command : app.get_subcommands([](const CLI::App*) { return true; }))
    help.commands.push_back(
        command_help(*command, path.empty() ? command->get_name() : path + " " + command->get_name()));
  return help;
}

void collect(const CommandHelp& command, std::vector<const CommandHelp*>& all) {
  all.push_back(&command);
  for (const auto& below : command.commands) collect(below, all);
}

}  // namespace

CommandHelp help_tree(const CLI::App& app) { return command_help(app, ""); }

std::vector<const CommandHelp*> all_commands(const CommandHelp& root) {
  std::vector<const CommandHelp*> all;
  collect(root, all);
  return all;
}

}  // namespace qupel::cli
