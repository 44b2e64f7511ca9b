#pragma once
#include <filesystem>

namespace qupel {

/// An exclusive lock on a file for the life of this object; the system releases it when the process dies.
/// Private to record/.
class Lock {
 public:
  /// Creates the file if it is missing and writes the process id into it.
  /// @throws InputError if another process holds the lock, or the file cannot be written
  explicit Lock(const std::filesystem::path& file);
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;
  ~Lock();

 private:
  int descriptor_;
};

}  // namespace qupel
