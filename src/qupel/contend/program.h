#pragma once
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace qupel {

/// A program of somebody's own that runs beside us and is spoken to line by line: what is sent lands on its
/// standard input, its answers are lines of its standard output. It runs in a process group of its own, which
/// is killed with all that it started when the Program is destroyed, when it takes too long, when it answers
/// without end, and when the run is interrupted. It can do nothing that blocks us: whatever it reads, writes
/// or leaves undone, a question ends with an answer or an error.
class Program {
 public:
  /// @param command program and arguments; a program without a slash is looked up on the PATH
  /// @throws InputError if it cannot be started
  explicit Program(const std::vector<std::string>& command);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  /// Sends a line and returns the line that answers it (blank ones are skipped), without its end.
  /// @param limit wall-clock time until the answer is here
  /// @param most_bytes of the answer
  /// @throws InputError saying what was wrong, with the exit code and the end of its standard error;
  /// TimeLimitMet if no answer came in time; Interrupted. After any of them the program is gone.
  std::string ask(std::string_view line, std::chrono::duration<double> limit, std::size_t most_bytes);

  /// Whether the program is there and may be run: the file, or one of that name on the PATH.
  static bool exists(const std::string& program);

  /// The command as people read it: of files their names, without the folders; dots for a script's text.
  static std::string shown(const std::vector<std::string>& command);

  /// Text of a program's as it may stand in a message: one line, valid UTF-8, at most so many bytes,
  /// addresses in memory (which differ in every run) left out.
  static std::string quoted(std::string_view text, std::size_t most_bytes = 300);

 private:
  struct Process;
  std::unique_ptr<Process> process_;
};

}  // namespace qupel
