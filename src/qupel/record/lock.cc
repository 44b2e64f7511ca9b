#include "qupel/record/lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "qupel/base/error.h"

namespace qupel {
namespace {

std::string holder(int descriptor) {
  char text[32] = {};
  const auto size = ::pread(descriptor, text, sizeof text - 1, 0);
  return size > 0 ? fmt::format("process {}", text) : "another process";
}

/// Best effort: the lock holds without it.
void write_holder(int descriptor) {
  const auto text = std::to_string(::getpid());
  if (::ftruncate(descriptor, 0) != 0 || ::pwrite(descriptor, text.data(), text.size(), 0) < 0) errno = 0;
}

}  // namespace

Lock::Lock(const std::filesystem::path& file)
    : descriptor_(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)) {
  if (descriptor_ < 0)
    throw InputError(fmt::format("cannot write {}: {}; choose another folder with --out", file.string(),
                                 std::strerror(errno)));
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) {
    write_holder(descriptor_);
    return;
  }
  const int code = errno;
  const auto who = holder(descriptor_);
  ::close(descriptor_);
  const auto folder = file.parent_path().string();
  if (code != EWOULDBLOCK)
    throw InputError(fmt::format("cannot lock {}: {}", file.string(), std::strerror(code)));
  throw InputError(
      fmt::format("{} works on {} now; wait for it, or choose another folder with --out", who, folder));
}

Lock::~Lock() { ::close(descriptor_); }

}  // namespace qupel
