#pragma once
#define TOML_EXCEPTIONS 1
// toml++ 3.3 asserts that a key's first character is one before its parser reports that it is not: without
// NDEBUG, "[{" would end the program instead of being refused by place.
#define TOML_ASSERT(expression) static_assert(true)
#include <toml++/toml.h>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace qupel {

/// @throws InputError "source:line:column: not TOML: ..."
toml::table parse_toml(std::string_view text, std::string_view source);

/// One table of a TOML file, read key by key; every error says `source:line:
/// [table] key: rule`. Private to study/.
class TomlReader {
 public:
  TomlReader(const toml::table& table, std::string source, std::string name)
      : table_(table), source_(std::move(source)), name_(std::move(name)) {}

  /// Each returns nothing if the key is absent. @throws InputError for another type or a value out of range
  std::optional<std::string> text(std::string_view key);
  std::optional<double> number(std::string_view key, double low, double high);
  std::optional<std::int64_t> integer(std::string_view key, std::int64_t low, std::int64_t high);
  std::optional<std::vector<std::string>> texts(std::string_view key);
  /// One of the valid names, or the fallback if the key is absent. @param kind of name, for errors
  std::string one_of(std::string_view key, std::string_view kind, std::string fallback,
                     const std::vector<std::string>& valid);
  /// The table under `key`, or null.
  const toml::table* table(std::string_view key);
  const toml::array* tables(std::string_view key);  ///< an array of tables, or null
  const toml::node* node(std::string_view key);

  /// Call last: @throws InputError for the first key that nobody asked for, naming the nearest.
  void no_other_keys() const;

  /// "source:line: [table] key", the line of `key` (or of the table if it is absent)
  std::string place(std::string_view key) const;

  /// @throws InputError with the place of `key`
  [[noreturn]] void fail(std::string_view key, const std::string& rule) const;

 private:
  const toml::table& table_;
  std::string source_, name_;
  std::set<std::string, std::less<>> known_;
};

}  // namespace qupel
