#pragma once
#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "qupel/cli/console.h"

// One file a command: add_<command>() declares its arguments and puts what it does into `chosen`, which runs
// after the whole command line was found to be right.
namespace qupel::cli {

using Action = std::function<void(Console&)>;

void add_audit(CLI::App& app, Action& chosen);
void add_run(CLI::App& app, Action& chosen);
void add_replay(CLI::App& app, Action& chosen);
void add_report(CLI::App& app, Action& chosen);
void add_runs(CLI::App& app, Action& chosen);
void add_list(CLI::App& app, Action& chosen);
void add_device(CLI::App& app, Action& chosen);
void add_sim(CLI::App& app, Action& chosen);
void add_explain(CLI::App& app, Action& chosen);
void add_compile(CLI::App& app, Action& chosen);
void add_fit(CLI::App& app, Action& chosen);
void add_predict(CLI::App& app, Action& chosen);
void add_break_even(CLI::App& app, Action& chosen);
void add_export(CLI::App& app, Action& chosen);
void add_estimate(CLI::App& app, Action& chosen);
void add_completion(CLI::App& app, Action& chosen);
void add_man(CLI::App& app, Action& chosen);

/// The rule of an option's value, said in plain words where it is broken. The number may have an exponent
/// (1e6), which becomes plain digits: Option::transform() takes it. A number without a largest one has
/// most = the largest int64 or uint64.
CLI::Validator whole_number(std::uint64_t least, std::uint64_t most, std::string_view meaning_of_zero = "");

/// The rule of a text that may not be empty, as it is where a script's variable is not set.
CLI::Validator not_empty();

/// Declares --out.
void add_out(CLI::App& command, std::string& out);
/// Declares --json.
void add_json(CLI::App& command, bool& json);
/// @throws InputError if the file of --out is one of those that are read
void require_other_file(const std::string& out, const std::vector<std::string>& inputs);
/// Declares --threads.
void add_threads(CLI::App& command, int& threads);

}  // namespace qupel::cli
