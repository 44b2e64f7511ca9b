#pragma once
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

// Errors of the library. It never prints, aborts or exits: it throws one of these, and only the command line
// turns them into text and an exit code. A message says which rule was broken, the value given, where (file,
// line, field) and the nearest valid choice.
namespace qupel {

/// The user's input breaks a rule (exit code 2).
class InputError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A setting's value breaks a rule that only the data show; a study file knows the line of its key.
class SettingError : public InputError {
 public:
  SettingError(std::string_view setting, const std::string& message) : InputError(message), key(setting) {}
  std::string key;
};

/// A limit of wall-clock time was met. It depends on the machine and on what else it does, so whoever goes on
/// after it must say that another run may end differently.
class TimeLimitMet : public InputError {
  using InputError::InputError;
};

/// A person or the system asked us to stop; finished work is kept and the same command resumes (exit code
/// 130).
class Interrupted : public std::runtime_error {
 public:
  Interrupted() : std::runtime_error("interrupted") {}
};

/// The valid name closest to `given` by edit distance, or "" if none is close.
std::string nearest(std::string_view given, std::span<const std::string> valid);

/// A sentence for an unknown name: `"angel" is not an encoding; did you mean "angle"?`, or, when nothing is
/// close,
/// `...; choose one of angle-x, angle-y`.
/// @param kind with its article, for example "an encoding"
std::string unknown_name(std::string_view given, std::string_view kind, std::span<const std::string> valid);

}  // namespace qupel
