#include "qupel/record/trial_table.h"

#include <fmt/format.h>

#include "qupel/base/error.h"
#include "qupel/base/hash.h"
#include "qupel/record/environment.h"

namespace qupel {
namespace fs = std::filesystem;
namespace {

constexpr std::int64_t application_id = 0x51555045;  // "QUPE"
constexpr std::int64_t trial_schema_version = 1;
constexpr auto schema = R"(
BEGIN;
CREATE TABLE trials(
  number INTEGER PRIMARY KEY,
  entry TEXT NOT NULL, repeat INTEGER NOT NULL, fold INTEGER NOT NULL,
  trial TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  finished TEXT NOT NULL,
  UNIQUE(entry, repeat, fold));
CREATE TABLE sessions(number INTEGER PRIMARY KEY, seconds REAL NOT NULL);
PRAGMA application_id = {};
PRAGMA user_version = {};
COMMIT;
)";

/// Creates the file under another name first, so that one under its own name is always complete.
void create(const fs::path& file) {
  fs::path unfinished = file;
  unfinished += ".new";
  std::error_code error;
  fs::remove(unfinished, error);
  Database(unfinished, Database::Mode::write)
      .execute(fmt::format(schema, application_id, trial_schema_version).c_str());
  fs::rename(unfinished, file, error);
  if (error) throw InputError(fmt::format("cannot write {}: {}", file.string(), error.message()));
}

Database open(const fs::path& file, Database::Mode mode) {
  if (mode == Database::Mode::write && !fs::exists(file)) create(file);
  return {file, mode};
}

}  // namespace

TrialTable::TrialTable(const fs::path& file, Database::Mode mode) : database_(open(file, mode)) {
  require_sound();
  session_ = database_.integer("SELECT coalesce(max(number), 0) + 1 FROM sessions");
}

void TrialTable::require_sound() {
  const auto version = database_.integer("PRAGMA user_version");
  if (database_.integer("PRAGMA application_id") != application_id)
    database_.fail_damaged("it does not hold trials");
  if (version > trial_schema_version)
    throw InputError(
        fmt::format("{} was written by a newer qupel (format {}, this one reads up to {}); use that version, "
                    "or another --out",
                    database_.path().string(), version, trial_schema_version));
  Statement check(database_, "PRAGMA quick_check(1)");
  if (check.step() && check.text(0) != "ok") database_.fail_damaged(check.text(0));
}

Trial TrialTable::checked(const Statement& row) const {
  const auto text = row.text(0);
  if (sha256(text) != row.text(1)) database_.fail_damaged("a trial differs from its checksum");
  try {
    return trial_from_json(text);
  } catch (const NewerFormat& error) {
    throw InputError(
        fmt::format("{}: {}; use that version, or another --out", database_.path().string(), error.what()));
  }
}

std::optional<Trial> TrialTable::find(const TrialKey& key) {
  Statement select(database_, "SELECT trial, sha256 FROM trials WHERE entry = ? AND repeat = ? AND fold = ?");
  select.bind(1, key.entry).bind(2, std::int64_t{key.repeat}).bind(3, std::int64_t{key.fold});
  if (!select.step()) return std::nullopt;
  return checked(select);
}

std::vector<Trial> TrialTable::all() {
  std::vector<Trial> trials;
  Statement select(database_, "SELECT trial, sha256 FROM trials ORDER BY number");
  while (select.step()) trials.push_back(checked(select));
  return trials;
}

std::size_t TrialTable::count() {
  return static_cast<std::size_t>(database_.integer("SELECT count(*) FROM trials"));
}

void TrialTable::save(const Trial& trial, double session_seconds) {
  const auto text = to_json(trial);
  Transaction transaction(database_);
  Statement(
      database_,
      "INSERT OR REPLACE INTO trials(entry, repeat, fold, trial, sha256, finished) VALUES(?, ?, ?, ?, ?, ?)")
      .bind(1, trial.key.entry)
      .bind(2, std::int64_t{trial.key.repeat})
      .bind(3, std::int64_t{trial.key.fold})
      .bind(4, text)
      .bind(5, sha256(text))
      .bind(6, utc_now())
      .step();
  Statement(database_, "INSERT OR REPLACE INTO sessions VALUES(?, ?)")
      .bind(1, session_)
      .bind(2, session_seconds)
      .step();
  transaction.commit();
}

double TrialTable::seconds() {
  Statement sum(database_, "SELECT coalesce(sum(seconds), 0.0) FROM sessions");
  return sum.step() ? sum.number(0) : 0;
}

}  // namespace qupel
