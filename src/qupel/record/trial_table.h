#pragma once
#include <optional>
#include <string>
#include <vector>

#include "qupel/record/database.h"
#include "qupel/study/result.h"

namespace qupel {

/// The trials of one run in one SQLite file, each with a checksum. Private to record/.
class TrialTable {
 public:
  /// Opens the file; Mode::write creates it if it is missing (an existing file is never replaced).
  /// @throws InputError: damaged, written by a newer version, and as Database
  TrialTable(const std::filesystem::path& file, Database::Mode mode);

  std::optional<Trial> find(const TrialKey& key);
  std::vector<Trial> all();  ///< in the order in which they finished
  std::size_t count();

  /// Stores a finished trial, and the wall clock that this session has taken until now, in one transaction.
  void save(const Trial& trial, double session_seconds);
  /// Wall clock of all sessions that saved a trial, this one included.
  double seconds();

 private:
  void require_sound();
  Trial checked(const Statement& row) const;

  Database database_;
  std::int64_t session_;
};

}  // namespace qupel
