#include "qupel/cli/problem_options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "qupel/base/error.h"

namespace qupel::cli {
namespace {

/// Kinds may share an option, which is declared once.
bool declared(const CLI::App& command, std::string_view option) {
  return command.get_option_no_throw("--" + std::string(option)) != nullptr;
}

}  // namespace

void add_kind(CLI::App& command, const ProblemKind& kind, KindOptions& options) {
  const auto group = fmt::format("For {}", kind.summary);
  if (!kind.flag.empty()) {
    command
        .add_flag_callback(
            "--" + std::string(kind.flag), [&options, &kind] { options.flags.emplace(kind.flag); },
            fmt::format("the file is a {}", kind.name))
        ->group(group);
  }
  for (const auto& option : kind.options) {
    if (declared(command, option.name)) continue;
    const auto flag = "--" + std::string(option.name);
    auto& chosen = options.options;
    if (option.value.empty()) {
      command
          .add_flag_callback(
              flag, [&chosen, &option] { chosen[std::string(option.name)] = "true"; },
              std::string(option.summary))
          ->group(group);
    } else {
      command
          .add_option_function<std::string>(
              flag, [&chosen, &option](const std::string& text) { chosen[std::string(option.name)] = text; },
              std::string(option.summary))
          ->type_name(std::string(option.value))
          ->group(group);
    }
  }
}

void add_kinds(CLI::App& command, KindOptions& options) {
  for (const auto* kind : problem_kinds()) add_kind(command, *kind, options);
}

const ProblemKind* chosen_kind(const KindOptions& options, const std::string& file) {
  if (options.flags.size() > 1)
    throw InputError(fmt::format("--{} are given together; a problem is of one kind",
                                 fmt::join(options.flags, " and --")));
  const ProblemKind* kind = nullptr;
  if (!options.flags.empty()) {
    kind = *std::ranges::find(problem_kinds(), *options.flags.begin(), &ProblemKind::flag);
    if (file.empty() && !options.options.contains("regular"))
      throw InputError(fmt::format("--{} needs a file", kind->flag));
  } else if (!file.empty()) {
    kind = recognised_kind(file);
  }
  if (kind) require_options(*kind, options.options);
  if (!kind && !options.options.empty())
    throw InputError(
        fmt::format("--{} says nothing about a table; which files take it, see qupel audit --help",
                    options.options.begin()->first));
  return kind;
}

}  // namespace qupel::cli
