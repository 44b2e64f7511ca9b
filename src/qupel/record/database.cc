#include "qupel/record/database.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cerrno>
#include <cstring>
#include <new>

#include "qupel/base/error.h"

namespace qupel {
namespace {

constexpr int patience_ms = 10'000;

bool is_disk_full(sqlite3* connection) {
  const int code = sqlite3_errcode(connection) & 0xff;
  const int system = sqlite3_system_errno(connection);
  return code == SQLITE_FULL ||
         (code == SQLITE_IOERR && (system == ENOSPC || system == EDQUOT || system == EFBIG));
}

}  // namespace

void Database::Close::operator()(sqlite3* connection) const { sqlite3_close(connection); }

Database::Database(std::filesystem::path path, Mode mode) : path_(std::move(path)) {
  const int flags =
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (mode == Mode::write ? SQLITE_OPEN_CREATE : 0);
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(path_.c_str(), &opened, flags, nullptr);
  connection_.reset(opened);
  if (!opened) throw std::bad_alloc();
  if (code != SQLITE_OK) fail();
  sqlite3_busy_timeout(opened, patience_ms);
  // A rollback journal, not a write-ahead log: one file that can be copied, and it works on network file
  // systems. EXTRA also syncs the folder, so that a commit survives a power cut.
  if (mode == Mode::write) execute("PRAGMA journal_mode=DELETE; PRAGMA synchronous=EXTRA;");
}

void Database::execute(const char* sql) {
  if (sqlite3_exec(connection_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail();
}

std::int64_t Database::integer(const char* sql) {
  Statement statement(*this, sql);
  return statement.step() ? statement.integer(0) : 0;
}

void Database::fail() const {
  sqlite3* connection = connection_.get();
  const int code = sqlite3_errcode(connection) & 0xff;
  const int system = sqlite3_system_errno(connection);
  const auto reason = system != 0 && code != SQLITE_CORRUPT && code != SQLITE_NOTADB
                          ? std::strerror(system)
                          : sqlite3_errmsg(connection);
  if (is_disk_full(connection))
    throw InputError(
        fmt::format("the disk is full: cannot write {}; the trials finished before are kept: free "
                    "some space and run the same command again",
                    path_.string()));
  switch (code) {
    case SQLITE_NOMEM:
      throw std::bad_alloc();
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      fail_damaged(reason);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      throw InputError(fmt::format("another process holds {}; try again when it is done", path_.string()));
    case SQLITE_READONLY:
    case SQLITE_PERM:
      throw InputError(fmt::format("cannot write {}: it is read-only ({})", path_.string(), reason));
    case SQLITE_CANTOPEN:
      throw InputError(fmt::format("cannot open {}: {}", path_.string(), reason));
    default:
      throw InputError(fmt::format("cannot read or write {}: {}", path_.string(), reason));
  }
}

void Database::fail_damaged(std::string_view how) const {
  throw InputError(
      fmt::format("{} is damaged ({}). Nothing was changed, and other runs are not affected; move "
                  "the file away and run again to compute its trials anew",
                  path_.string(), how));
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Statement::Statement(Database& database, std::string_view sql) : database_(database) {
  sqlite3_stmt* prepared = nullptr;
  check(sqlite3_prepare_v2(database.connection_.get(), sql.data(), static_cast<int>(sql.size()), &prepared,
                           nullptr));
  statement_.reset(prepared);
}

void Statement::check(int code) const {
  if (code != SQLITE_OK) database_.fail();
}

Statement& Statement::bind(int parameter, std::string_view text) {
  check(sqlite3_bind_text64(statement_.get(), parameter, text.data(), text.size(), SQLITE_TRANSIENT,
                            SQLITE_UTF8));
  return *this;
}
Statement& Statement::bind(int parameter, std::int64_t value) {
  check(sqlite3_bind_int64(statement_.get(), parameter, value));
  return *this;
}
Statement& Statement::bind(int parameter, double value) {
  check(sqlite3_bind_double(statement_.get(), parameter, value));
  return *this;
}

bool Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code != SQLITE_ROW && code != SQLITE_DONE) database_.fail();
  return code == SQLITE_ROW;
}

std::string Statement::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  return bytes ? std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column)))
               : "";
}
std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }
double Statement::number(int column) const { return sqlite3_column_double(statement_.get(), column); }

Transaction::Transaction(Database& database) : database_(database) { database.execute("BEGIN IMMEDIATE"); }
Transaction::~Transaction() {
  if (!open_) return;
  try {
    database_.execute("ROLLBACK");
  } catch (...) {  // SQLite already undid it, after a full disk for example
  }
}
void Transaction::commit() {
  database_.execute("COMMIT");
  open_ = false;
}

}  // namespace qupel
