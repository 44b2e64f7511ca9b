#pragma once
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "qupel/base/progress.h"

namespace qupel::cli {

/// Where the program speaks: results to standard output, everything else to standard error.
class Console {
 public:
  /// @param arguments the command line, for messages that repeat it
  explicit Console(std::vector<std::string> arguments) : arguments_(std::move(arguments)) {}

  /// One line for people.
  void say(std::string_view line) const;
  /// A result. @throws InputError if it cannot be written (a reader that went away is fine)
  void print(std::string_view text) const;

  /// The command line as a shell would take it.
  std::string command_line() const;
  bool colour() const;  ///< standard output is a terminal, and NO_COLOR is not set
  int width() const;    ///< columns of standard output

 private:
  std::vector<std::string> arguments_;
};

/// How far a study is: on a terminal one live line, otherwise a line every few seconds.
class ProgressLine : public Progress {
 public:
  /// @param what stands before every line, for example "data set 2 of 8"; "" for nothing
  explicit ProgressLine(std::string_view what = "");
  ~ProgressLine() override;
  void advance(std::size_t done, std::size_t total, std::string_view what) override;
  std::size_t done() const { return done_; }

 private:
  using clock = std::chrono::steady_clock;
  void tick(const std::stop_token& stop);
  void show(bool force);
  std::string line() const;

  const bool live_;
  const std::string prefix_;
  mutable std::mutex mutex_;
  std::condition_variable_any wake_;
  clock::time_point start_ = clock::now(), shown_{};
  std::size_t done_ = 0, total_ = 0, resumed_ = 0;
  bool started_ = false;
  std::string what_;
  std::jthread ticker_;  // last: it uses all of the above
};

/// "1 h 02 min", "3 min 05 s", "4.2 s".
std::string duration(double seconds);

}  // namespace qupel::cli
