#include "qupel/cli/signals.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <string_view>

#include "qupel/cli/app.h"

namespace qupel::cli {
namespace {

volatile sig_atomic_t interrupted = 0, ends_at_once = 0;

void write_message(std::string_view message) {
  const int saved = errno;
  if (::write(STDERR_FILENO, message.data(), message.size()) < 0) errno = 0;
  errno = saved;
}

/// Of the command that runs. It is never destroyed: a signal may come while the process ends.
StopSource& command() {
  static auto* source = new StopSource;
  return *source;
}

extern "C" void stop(int) {
  if (interrupted) ::_exit(exit_interrupted);
  if (ends_at_once) {
    write_message("\nqupel: interrupted\n");
    ::_exit(exit_interrupted);
  }
  interrupted = 1;
  command().request_stop();
  write_message("\nqupel: stopping; finished trials are kept (again to stop at once)\n");
}

void keep_standard_descriptors() {
  int descriptor = ::open("/dev/null", O_RDWR);
  while (descriptor >= 0 && descriptor <= STDERR_FILENO) descriptor = ::open("/dev/null", O_RDWR);
  if (descriptor > STDERR_FILENO) ::close(descriptor);
}

/// The package of Python names its process in QUPEL_PARENT: when that is ended without a word, so is this
/// one, for nobody waits for it. Not said to the programs that this one starts.
void end_with_parent() {
  const char* named = std::getenv("QUPEL_PARENT");
  if (named == nullptr) return;
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (named != std::to_string(::getppid())) ::raise(SIGTERM);  // it was before
  ::unsetenv("QUPEL_PARENT");
}

}  // namespace

StopToken install_signals() {
  keep_standard_descriptors();
  auto token = command().token();
  struct sigaction action {};
  action.sa_handler = stop;
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGXFSZ, SIG_IGN);
  end_with_parent();
  return token;
}

void end_at_first_signal() { ends_at_once = 1; }

}  // namespace qupel::cli
