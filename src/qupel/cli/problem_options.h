#pragma once
#include <CLI/CLI.hpp>
#include <set>
#include <string>

#include "qupel/problem/kind.h"

// The flags by which `qupel audit` takes other kinds of problems than tables.
namespace qupel::cli {

struct KindOptions {
  std::set<std::string> flags;  ///< of kinds, as given: "maxcut"
  ProblemOptions options;       ///< of any kind
};

/// Declares each kind's flag and options, in a group of the help for each kind.
void add_kinds(CLI::App& command, KindOptions& options);

/// The same of one kind, in a group of its own.
void add_kind(CLI::App& command, const ProblemKind& kind, KindOptions& options);

/// The kind that a file is of, by its flag or by the file itself; null: a table.
/// @throws InputError for two flags, a flag without a file, or an option that the kind does not have
const ProblemKind* chosen_kind(const KindOptions& options, const std::string& file);

}  // namespace qupel::cli
