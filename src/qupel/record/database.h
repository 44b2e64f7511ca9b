#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

// A thin layer over SQLite whose errors are InputErrors that name the
// file and the way out. Private to record/.
namespace qupel {

class Database {
 public:
  enum class Mode {
    read,   ///< the file exists; it is only read, or a half-written transaction of a killed process undone
    write,  ///< created if missing; every commit is on the disk when it returns
  };
  /// @throws InputError if the file cannot be opened or is no SQLite database
  Database(std::filesystem::path path, Mode mode);

  /// Runs statements that return nothing.
  void execute(const char* sql);
  /// The first column of the first row; 0 if there is none.
  std::int64_t integer(const char* sql);

  const std::filesystem::path& path() const { return path_; }
  /// Turns SQLite's last error into an InputError: a full disk, a damaged file, a folder without write
  /// permission, a file held by another process, or what SQLite says.
  [[noreturn]] void fail() const;
  [[noreturn]] void fail_damaged(std::string_view how) const;

 private:
  friend class Statement;
  struct Close {
    void operator()(sqlite3* connection) const;
  };
  std::filesystem::path path_;
  std::unique_ptr<sqlite3, Close> connection_;
};

/// A prepared statement; parameters and columns are counted as in SQLite (from 1, from 0).
class Statement {
 public:
  Statement(Database& database, std::string_view sql);
  Statement& bind(int parameter, std::string_view text);
  Statement& bind(int parameter, std::int64_t value);
  Statement& bind(int parameter, double value);
  bool step();  ///< true: there is a row
  std::string text(int column) const;
  std::int64_t integer(int column) const;
  double number(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  void check(int code) const;
  Database& database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// Undone at the end of its life unless committed.
class Transaction {
 public:
  explicit Transaction(Database& database);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();
  void commit();

 private:
  Database& database_;
  bool open_ = true;
};

}  // namespace qupel
