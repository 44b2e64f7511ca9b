#include "qupel/contend/program.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <regex>
#include <thread>
#include <utility>

#include "qupel/base/error.h"
#include "qupel/base/interrupt.h"

namespace qupel {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kept_errors = 4096;  // bytes of standard error that are kept, the last ones
constexpr std::size_t quoted_errors = 500;
constexpr auto tick = std::chrono::milliseconds(50);            // how often an interruption is looked for
constexpr auto time_to_exit = std::chrono::milliseconds(1000);  // for a program that closed its output

/// A file descriptor that is closed with its owner.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() { close(); }
  int number() const { return number_; }
  bool is_open() const { return number_ >= 0; }
  void close() {
    if (number_ >= 0) ::close(std::exchange(number_, -1));
  }

 private:
  int number_;
};

struct Pipe {
  Descriptor read, write;
};

/// No other program that is started at the same time inherits its ends.
Pipe make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    throw InputError(fmt::format("no pipe to a program: {}", std::strerror(errno)));
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

void never_wait(const Descriptor& end) {
  ::fcntl(end.number(), F_SETFL, ::fcntl(end.number(), F_GETFL) | O_NONBLOCK);
}

/// While it lives, writing to a pipe that nobody reads is an error of the calling thread, not a signal.
class NoBrokenPipe {
 public:
  NoBrokenPipe() {
    sigset_t pending;
    ::sigemptyset(&broken_pipe_);
    ::sigaddset(&broken_pipe_, SIGPIPE);
    ::sigpending(&pending);
    was_pending_ = ::sigismember(&pending, SIGPIPE) == 1;
    ::pthread_sigmask(SIG_BLOCK, &broken_pipe_, &before_);
  }
  ~NoBrokenPipe() {
    const timespec at_once{0, 0};
    while (!was_pending_ && ::sigtimedwait(&broken_pipe_, nullptr, &at_once) < 0 && errno == EINTR) {
    }
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  NoBrokenPipe(const NoBrokenPipe&) = delete;
  NoBrokenPipe& operator=(const NoBrokenPipe&) = delete;

 private:
  sigset_t broken_pipe_, before_;
  bool was_pending_ = false;
};

/// Our environment. Trials run in parallel already, so libraries that would start a thread a core are told
/// not to, and Python's order of sets is the same in every run; unless the user says otherwise.
std::vector<std::string> environment() {
  std::vector<std::string> all;
  for (char** entry = environ; *entry; ++entry) all.emplace_back(*entry);
  for (const std::string preset : {"OMP_NUM_THREADS=1", "OPENBLAS_NUM_THREADS=1", "MKL_NUM_THREADS=1",
                                   "PYTHONHASHSEED=0", "PYTHONUNBUFFERED=1"})
    if (!std::getenv(preset.substr(0, preset.find('=')).c_str())) all.push_back(preset);
  return all;
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (const auto& text : texts) all.push_back(const_cast<char*>(text.c_str()));
  all.push_back(nullptr);
  return all;
}

/// What is left to the new program of signals: none blocked, none of ours ignored.
void set_signals(posix_spawnattr_t& attributes) {
  sigset_t none, ours;
  ::sigemptyset(&none);
  ::sigemptyset(&ours);
  for (const int signal : {SIGPIPE, SIGXFSZ, SIGINT, SIGTERM}) ::sigaddset(&ours, signal);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setsigdefault(&attributes, &ours);
  ::posix_spawnattr_setpgroup(&attributes, 0);
  ::posix_spawnattr_setflags(&attributes,
                             POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
}

/// @returns 0, or what was wrong as errno says it
int spawn(const std::vector<std::string>& command, const Descriptor& in, const Descriptor& out,
          const Descriptor& err, pid_t& process) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawnattr_init(&attributes);
  set_signals(attributes);
  ::posix_spawn_file_actions_adddup2(&actions, in.number(), STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, out.number(), STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, err.number(), STDERR_FILENO);
  const auto variables = environment();
  const int failed = ::posix_spawnp(&process, command.front().c_str(), &actions, &attributes,
                                    pointers(command).data(), pointers(variables).data());
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&actions);
  return failed;
}

}  // namespace

struct Program::Process {
  explicit Process(const std::vector<std::string>& command) : name(shown(command)) {
    if (command.empty() || command.front().empty()) throw InputError("an empty command cannot be started");
    auto input = make_pipe(), output = make_pipe(), errors = make_pipe();
    if (const int failed = spawn(command, input.read, output.write, errors.write, id); failed != 0) {
      id = -1;
      throw InputError(fmt::format("\"{}\" cannot be started: {}", name, std::strerror(failed)));
    }
    in = std::move(input.write);
    out = std::move(output.read);
    err = std::move(errors.read);
    for (const auto* end : {&in, &out, &err}) never_wait(*end);
  }
  ~Process() { kill(); }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  /// Ends the program and all that is left of its group; the group's number is ours until it is waited for.
  void kill() {
    if (id <= 0) return;
    ::kill(-id, SIGKILL);
    while (::waitpid(id, nullptr, 0) < 0 && errno == EINTR) {
    }
    id = -1;
  }

  bool has_exited() const {
    siginfo_t info{};
    return id <= 0 || (::waitid(P_PID, static_cast<id_t>(id), &info, WEXITED | WNOWAIT | WNOHANG) == 0 &&
                       info.si_pid == id);
  }

  /// Writes what the pipe takes. A program that reads no more may still have answered.
  void write_some(std::string_view message, std::size_t& sent) {
    const NoBrokenPipe guard;
    while (in.is_open() && sent < message.size()) {
      const auto written = ::write(in.number(), message.data() + sent, message.size() - sent);
      if (written > 0)
        sent += static_cast<std::size_t>(written);
      else if (errno == EAGAIN || errno == EWOULDBLOCK)
        return;
      else if (errno != EINTR)
        in.close();
    }
  }

  /// Reads what is there, at most a megabyte at a time so that the clock is looked at.
  static void read_some(Descriptor& end, std::string& text) {
    std::array<char, 65536> buffer;
    for (int i = 0; end.is_open() && i < 16; ++i) {
      const auto count = ::read(end.number(), buffer.data(), buffer.size());
      if (count > 0)
        text.append(buffer.data(), static_cast<std::size_t>(count));
      else if (count == 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR))
        end.close();
      else if (errno != EINTR)
        return;
    }
  }
  /// @returns whether anything was there
  bool read_answers() {
    const auto before = answers.size();
    read_some(out, answers);
    return answers.size() > before;
  }
  void read_errors() {
    read_some(err, complaints);
    if (complaints.size() > 2 * kept_errors) complaints.erase(0, complaints.size() - kept_errors);
  }

  /// The next line, without blanks and blank lines before it.
  bool take_line(std::string& line) {
    answers.erase(0, std::min(answers.find_first_not_of(" \t\r\n"), answers.size()));
    const auto end = answers.find('\n');
    if (end == std::string::npos) return false;
    line = answers.substr(0, end);
    answers.erase(0, end + 1);
    if (line.ends_with('\r')) line.pop_back();
    return true;
  }

  /// Waits until something can be read or written, a tick at most.
  void wait(Clock::time_point deadline, bool to_write) const {
    std::array<pollfd, 3> ends{
        {{out.number(), POLLIN, 0}, {err.number(), POLLIN, 0}, {to_write ? in.number() : -1, POLLOUT, 0}}};
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    ::poll(ends.data(), ends.size(),
           static_cast<int>(std::clamp(left, left.zero(), left.zero() + tick).count()));
  }

  std::string how_it_ended() {
    for (const auto until = Clock::now() + time_to_exit; !has_exited() && Clock::now() < until;)
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    read_errors();
    siginfo_t info{};
    if (!has_exited() || ::waitid(P_PID, static_cast<id_t>(id), &info, WEXITED | WNOWAIT | WNOHANG) != 0)
      return "closed its standard output";
    if (info.si_code == CLD_EXITED) return fmt::format("ended with exit code {}", info.si_status);
    return fmt::format("was ended by signal {} ({})", info.si_status, ::strsignal(info.si_status));
  }

  template <typename Error = InputError>
  [[noreturn]] void fail(const std::string& what) {
    kill();
    auto end = std::string_view(complaints);
    if (end.size() > quoted_errors) end.remove_prefix(end.size() - quoted_errors);
    const auto said = quoted(end, quoted_errors);
    throw Error(fmt::format("\"{}\" {}{}", name, what,
                            said.empty() ? "" : "; its standard error ends with: " + said));
  }

  std::string name;
  pid_t id = -1;
  Descriptor in, out, err;
  std::string answers, complaints;  ///< read and not yet looked at
};

Program::Program(const std::vector<std::string>& command) : process_(std::make_unique<Process>(command)) {}
Program::~Program() = default;

std::string Program::ask(std::string_view line, std::chrono::duration<double> limit, std::size_t most_bytes) {
  auto& process = *process_;
  if (process.id <= 0) process.fail("has ended before");
  const auto deadline = Clock::now() + std::chrono::duration_cast<Clock::duration>(limit);
  const auto message = std::string(line) + "\n";
  std::size_t sent = 0;
  try {
    for (std::string answer;;) {
      check_interrupt();
      const bool exited = process.has_exited();  // before reading: then all that it wrote is there
      process.write_some(message, sent);
      process.read_answers();
      while (exited && process.answers.size() <= most_bytes && process.read_answers()) {
      }
      process.read_errors();
      const bool all_sent = sent == message.size() || !process.in.is_open();
      const bool over = exited || !process.out.is_open();
      if ((all_sent || over) && process.take_line(answer) && answer.size() <= most_bytes) return answer;
      if (answer.size() + process.answers.size() > most_bytes)
        process.fail(
            fmt::format("answers with more than the {} bytes that an answer may take here", most_bytes));
      if (over) process.fail(process.how_it_ended() + " before it answered");
      if (Clock::now() >= deadline)
        process.fail<TimeLimitMet>(fmt::format("gave no answer within {:g} s (time_limit)", limit.count()));
      process.wait(deadline, !all_sent);
    }
  } catch (...) {
    process.kill();
    throw;
  }
}

bool Program::exists(const std::string& program) {
  const auto may_run = [](const std::filesystem::path& file) {
    std::error_code error;
    return std::filesystem::is_regular_file(file, error) && ::access(file.c_str(), X_OK) == 0;
  };
  if (program.find('/') != std::string::npos) return may_run(program);
  const char* path = std::getenv("PATH");
  std::string_view folders = path == nullptr ? "/bin:/usr/bin" : path;  // posix_spawnp's
  while (true) {
    const auto end = std::min(folders.find(':'), folders.size());
    if (may_run(std::filesystem::path(folders.substr(0, end)) / program)) return true;
    if (end == folders.size()) return false;
    folders.remove_prefix(end + 1);
  }
}

std::string Program::shown(const std::vector<std::string>& command) {
  std::string text;
  for (const auto& word : command) {
    if (!text.empty()) text += ' ';
    const std::filesystem::path path(word);
    if (word.find('\n') != std::string::npos)
      text += "...";
    else
      text += path.is_absolute() && path.has_filename() ? path.filename().string() : word;
  }
  return quoted(text);
}

std::string Program::quoted(std::string_view text, std::size_t most_bytes) {
  using json = nlohmann::json;
  std::string line;
  for (const char c : text.substr(0, most_bytes)) {
    const auto byte = static_cast<unsigned char>(c);
    const char shown = byte < 0x20 || byte == 0x7f ? ' ' : c;
    if (shown != ' ' || (!line.empty() && line.back() != ' ')) line += shown;
  }
  if (line.ends_with(' ')) line.pop_back();
  if (text.size() > most_bytes) line += "...";
  line = json::parse(json(line).dump(-1, ' ', false, json::error_handler_t::replace)).get<std::string>();
  static const std::regex address("0x[0-9a-fA-F]{6,}");
  return std::regex_replace(line, address, "0x...");
}

}  // namespace qupel
