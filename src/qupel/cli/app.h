#pragma once
#include <string>
#include <vector>

namespace qupel::cli {

/// What a command ends with.
enum ExitCode {
  exit_done = 0,
  exit_fault = 1,         ///< a fault of ours
  exit_bad_input = 2,     ///< message on standard error, nothing on standard output
  exit_interrupted = 130  ///< finished work is kept; the same command goes on
};

/// The whole program. @param arguments argv, the program's name first
int main(std::vector<std::string> arguments);

}  // namespace qupel::cli
