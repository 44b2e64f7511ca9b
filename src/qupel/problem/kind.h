#pragma once
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "qupel/base/precision.h"
#include "qupel/problem/problem.h"

// Kinds of problems beside tables: what a file is recognised by, and how it is read. A study names one in its
// [problem] table, `qupel audit FILE` finds it by the file.
namespace qupel {

/// A choice about a problem: a key of a study's [problem] table, and a flag of `qupel audit`.
struct ProblemOption {
  std::string_view name;     ///< "basis"; of the flag: --basis
  std::string_view value;    ///< what help calls its value, "NAME"; "": it is given or not, without a value
  std::string_view summary;  ///< a line of help, with the default
};

/// What was chosen, by name, as it was written; "true" for an option without a value.
using ProblemOptions = std::map<std::string, std::string, std::less<>>;

/// One kind. Adding one: a folder of problem/ that defines a record, and a line in kind.cc.
struct ProblemKind {
  std::string_view name;     ///< "maxcut", as in a study's `kind`
  std::string_view summary;  ///< a line of help: what is asked, and in which files
  /// Whether a file with this name (in lower case) and first 4096 bytes is one, so that no flag is needed.
  bool (*recognises)(std::string_view file_name, std::string_view beginning);
  /// The flag of `qupel audit` that says so where the file alone does not: "maxcut"; "": there is none.
  std::string_view flag;
  std::vector<ProblemOption> options;
  /// Metrics that may decide a study, the default first.
  std::vector<std::string> deciding;
  /// @throws InputError naming the file and its line, or SettingError with the name of an option
  std::unique_ptr<Problem> (*load)(const std::string& file, const ProblemOptions& options);
  /// Whether most contenders solve it in terms of its own (tours), so that many bits do not make it long.
  bool in_own_terms = false;
  /// Of its circuits, where a study does not say: double where answers are told to more than five digits.
  Precision precision = Precision::single;
  /// Whether text that nothing else says to be one can be read as one: an error about the table that it was
  /// taken for then names the flag. Null: none can.
  bool (*could_be)(std::string_view text) = nullptr;
};

std::span<const ProblemKind* const> problem_kinds();
/// @throws InputError naming the nearest
const ProblemKind& problem_kind(std::string_view name);
/// The kind that a file is of; null if it looks like none: a table. @throws InputError if it cannot be read
const ProblemKind* recognised_kind(const std::string& file);
/// "; or add --maxcut, for the largest cut of a graph": the flags with which a file that was taken for a
/// table could be read; "" if there are none.
std::string words_on_flags(const std::string& file);

/// @throws SettingError for an option that the kind does not have, naming the nearest
void require_options(const ProblemKind& kind, const ProblemOptions& options);

}  // namespace qupel
