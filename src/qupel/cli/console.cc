#include "qupel/cli/console.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "qupel/base/error.h"
#include "qupel/problem/wording.h"

namespace qupel::cli {
namespace {

/// Columns of the terminal behind a descriptor; 0 if it is none.
int terminal_width(int descriptor) {
  winsize size{};
  if (!::isatty(descriptor) || ::ioctl(descriptor, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

/// Best effort: nobody may be reading, and that is no fault.
void write_error(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

}  // namespace

void Console::say(std::string_view line) const { write_error(fmt::format("{}\n", line)); }

void Console::print(std::string_view text) const {
  errno = 0;
  const bool whole = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if ((std::fflush(stdout) != 0 || !whole) && errno != EPIPE)
    throw InputError(fmt::format("cannot write to standard output: {}", std::strerror(errno)));
}

std::string Console::command_line() const {
  std::vector<std::string> quoted;
  for (const auto& argument : arguments_) quoted.push_back(shell_quoted(argument));
  return fmt::format("{}", fmt::join(quoted, " "));
}

bool Console::colour() const {
  const char* refused = std::getenv("NO_COLOR");
  return ::isatty(STDOUT_FILENO) && !(refused && *refused);
}

int Console::width() const {
  constexpr int narrowest = 60, widest = 140, otherwise = 100;
  const int width = terminal_width(STDOUT_FILENO);
  return width == 0 ? otherwise : std::clamp(width, narrowest, widest);
}

ProgressLine::ProgressLine(std::string_view what)
    : live_(::isatty(STDERR_FILENO)), prefix_(what.empty() ? "" : fmt::format("{}  ", what)) {
  if (live_) ticker_ = std::jthread([this](const std::stop_token& stop) { tick(stop); });
}

ProgressLine::~ProgressLine() {
  if (!live_) return;
  ticker_.request_stop();
  ticker_.join();
  write_error("\r\033[K");
}

void ProgressLine::tick(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    wake_.wait_for(lock, stop, std::chrono::seconds(1), [] { return false; });
    if (started_) show(true);
  }
}

void ProgressLine::advance(std::size_t done, std::size_t total, std::string_view what) {
  const std::scoped_lock lock(mutex_);
  if (!started_) {
    start_ = clock::now();
    resumed_ = done;
  }
  started_ = true;
  done_ = done;
  total_ = total;
  what_ = what;
  show(done == total);
}

void ProgressLine::show(bool force) {
  const auto interval = live_ ? std::chrono::milliseconds(100) : std::chrono::milliseconds(5000);
  const auto now = clock::now();
  if (!force && now - shown_ < interval) return;
  shown_ = now;
  if (!live_) return write_error(line() + "\n");
  constexpr int otherwise = 80;
  const int columns = terminal_width(STDERR_FILENO);
  const auto width = static_cast<std::size_t>((columns == 0 ? otherwise : columns) - 1);
  write_error(fmt::format("\r\033[K{}", line().substr(0, width)));
}

std::string ProgressLine::line() const {
  constexpr std::size_t cells = 24;
  const auto filled = total_ == 0 ? cells : cells * done_ / total_;
  const double elapsed = std::chrono::duration<double>(clock::now() - start_).count();
  std::string text = fmt::format("{}[{:=<{}}{:{}}] {}/{} trials  {}", prefix_, "", filled, "", cells - filled,
                                 done_, total_, duration(elapsed));
  constexpr std::size_t share = 20;  // of the trials must be done before their mean duration says much
  if (const auto now = done_ - resumed_; now * share >= total_ - resumed_ && done_ < total_)
    text += fmt::format(", about {} left",
                        duration(elapsed * static_cast<double>(total_ - done_) / static_cast<double>(now)));
  if (!what_.empty()) text += "  " + what_;
  return text;
}

std::string duration(double seconds) {
  if (seconds < 10) return fmt::format("{:.1f} s", seconds);
  const auto whole = std::lround(seconds);
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
}

}  // namespace qupel::cli
