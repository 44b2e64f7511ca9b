#include "qupel/base/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "qupel/base/error.h"

namespace qupel {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void fail(const char* what, const fs::path& path, int code) {
  throw InputError(fmt::format("cannot {} {}: {}", what, path.string(), std::strerror(code)));
}

/// An open file that is closed, and removed unless kept.
class Temporary {
 public:
  explicit Temporary(fs::path path) : path_(std::move(path)) {
    descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (descriptor_ < 0) fail("write", path_, errno);
  }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  ~Temporary() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (!kept_) ::unlink(path_.c_str());
  }
  void write(std::string_view content) {
    while (!content.empty()) {
      const auto written = ::write(descriptor_, content.data(), content.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail("write", path_, errno);
      content.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fsync(descriptor_) != 0) fail("write", path_, errno);
  }
  void move_to(const fs::path& target) {
    if (::rename(path_.c_str(), target.c_str()) != 0) fail("write", target, errno);
    kept_ = true;
  }

 private:
  fs::path path_;
  int descriptor_ = -1;
  bool kept_ = false;
};

}  // namespace

namespace {

std::ifstream open_file(const fs::path& path) {
  std::error_code error;
  const auto status = fs::status(path, error);
  if (!fs::exists(status)) throw InputError(fmt::format("there is no file {}", path.string()));
  if (fs::is_directory(status)) throw InputError(fmt::format("{} is a folder, not a file", path.string()));
  if (!fs::is_regular_file(status))
    throw InputError(
        fmt::format("{} is a pipe or device, not a file: save its content to a file first", path.string()));
  std::ifstream in(path, std::ios::binary);
  if (!in) fail("read", path, errno);
  return in;
}

}  // namespace

std::string read_file(const fs::path& path, std::size_t limit) {
  auto in = open_file(path);
  std::string content;
  char buffer[1 << 16];
  while (in.read(buffer, sizeof buffer), in.gcount() > 0) {
    content.append(buffer, static_cast<std::size_t>(in.gcount()));
    if (content.size() > limit)
      throw InputError(fmt::format("{} is larger than the limit of {} bytes", path.string(), limit));
  }
  if (in.bad()) fail("read", path, errno);
  return content;
}

std::string read_beginning(const fs::path& path, std::size_t most) {
  auto in = open_file(path);
  std::string content(most, '\0');
  in.read(content.data(), static_cast<std::streamsize>(most));
  if (in.bad()) fail("read", path, errno);
  content.resize(static_cast<std::size_t>(in.gcount()));
  return content;
}

void write_file(const fs::path& path, std::string_view content) {
  std::error_code error;
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), error);
  if (error) fail("create the folder", path.parent_path(), error.value());
  Temporary file(path.string() + fmt::format(".{}.part", ::getpid()));
  file.write(content);
  file.move_to(path);
}

}  // namespace qupel
