#include <memory>

#include "qupel/cli/command.h"
#include "qupel/cli/help_tree.h"
#include "qupel/cli/version.h"

// Both texts are made while the command line is read, when all commands are declared.
namespace qupel::cli {

void add_completion(CLI::App& app, Action& chosen) {
  auto shell = std::make_shared<std::string>();
  auto* command = app.add_subcommand("completion", "prints the completion of a shell: bash, zsh or fish");
  command->add_option("SHELL", *shell, "bash, zsh or fish")->type_name("")->required();
  command->footer(
      "Examples:\n  source <(qupel completion bash)     (in ~/.bashrc; zsh likewise)\n"
      "  qupel completion fish | source       (in ~/.config/fish/config.fish)");
  command->callback([shell, &app, &chosen] {
    chosen = [script = completion_script(help_tree(app), *shell)](const Console& console) {
      console.print(script);
    };
  });
}

void add_man(CLI::App& app, Action& chosen) {
  auto* command = app.add_subcommand("man", "prints the manual page: qupel man | man -l -");
  command->callback([&app, &chosen] {
    chosen = [page = man_page(help_tree(app), version_line())](const Console& console) {
      console.print(page);
    };
  });
}

}  // namespace qupel::cli
