#include "qupel/base/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <optional>

#include "qupel/base/error.h"

namespace qupel {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void fail(const char* what, const fs::path& path, int code) {
  throw InputError(fmt::format("cannot {} {}: {}", what, path.string(), std::strerror(code)));
}

struct OpenDescriptor {
  int number;
};

/// The open descriptor that the path is only another name of, as /dev/stdout is.
std::optional<OpenDescriptor> open_descriptor(const fs::path& path) {
  const auto name = path.lexically_normal();
  if (name == "/dev/stdout") return OpenDescriptor{STDOUT_FILENO};
  if (name == "/dev/stderr") return OpenDescriptor{STDERR_FILENO};
  if (name.parent_path() != "/dev/fd" && name.parent_path() != "/proc/self/fd") return {};
  const auto digits = name.filename().string();
  OpenDescriptor open{};
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), open.number);
  return error == std::errc{} && *end == '\0' ? std::optional(open) : std::nullopt;
}

/// A file that is open for writing.
class Output {
 public:
  /// @param flags of open() beside those that all have
  Output(fs::path path, int flags) : path_(std::move(path)) {
    descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC | flags, 0644);
    if (descriptor_ < 0) fail("write", path_, errno);
  }
  /// What an open descriptor leads to, from where it stands.
  Output(fs::path path, OpenDescriptor open) : path_(std::move(path)), descriptor_(::dup(open.number)) {
    if (descriptor_ < 0) fail("write", path_, errno);
  }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;
  ~Output() { ::close(descriptor_); }

  const fs::path& path() const { return path_; }
  void write(std::string_view content) {
    while (!content.empty()) {
      const auto written = ::write(descriptor_, content.data(), content.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail("write", path_, errno);
      content.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  void set_mode(::mode_t mode) {
    if (::fchmod(descriptor_, mode) != 0) fail("write", path_, errno);
  }
  void reach_disk() {
    if (::fsync(descriptor_) != 0) fail("write", path_, errno);
  }

 private:
  fs::path path_;
  int descriptor_ = -1;
};

/// A file beside the one to be written, which takes its place at the end; removed if it does not.
class Replacement {
 public:
  explicit Replacement(fs::path target)
      : target_(std::move(target)),
        output_(target_.string() + fmt::format(".{}.part", ::getpid()), O_CREAT | O_TRUNC) {}
  Replacement(const Replacement&) = delete;
  Replacement& operator=(const Replacement&) = delete;
  ~Replacement() {
    if (!moved_) ::unlink(output_.path().c_str());
  }

  Output& output() { return output_; }
  void take_place() {
    output_.reach_disk();
    if (::rename(output_.path().c_str(), target_.c_str()) != 0) fail("write", target_, errno);
    moved_ = true;
  }

 private:
  fs::path target_;
  Output output_;
  bool moved_ = false;
};

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
  // Its file may be another program's, too, or have no name.
  if (const auto open = open_descriptor(path)) {
    std::fflush(nullptr);  // what was printed before comes first
    return Output(path, *open).write(content);
  }
  std::error_code error;
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), error);
  if (error) fail("create the folder", path.parent_path(), error.value());
  struct ::stat old {};
  const bool exists = ::stat(path.c_str(), &old) == 0;
  if (exists && ::access(path.c_str(), W_OK) != 0) fail("write", path, errno);
  if (exists && !S_ISREG(old.st_mode)) return Output(path, 0).write(content);  // a pipe or a device
  const auto target =
      exists ? fs::canonical(path, error) : path;  // a symbolic link stays: its file is replaced
  if (error) fail("write", path, error.value());
  Replacement file(target);
  if (exists) file.output().set_mode(old.st_mode & 07777);
  file.output().write(content);
  file.take_place();
}

}  // namespace qupel
