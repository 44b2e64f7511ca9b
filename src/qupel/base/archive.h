#pragma once
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "qupel/base/matrix.h"

namespace qupel {

/// Named values that go into a file and come back from it to the bit: numbers, whole numbers, text, lists and
/// matrices of numbers, and archives within archives.
///
/// A file is a line "qupel archive", the number of its format and the length of what follows (8
/// bytes each, little endian), the values (a type, a length and the bytes of each), and the SHA-256
/// of all of it in hexadecimal. What is read is checked against both, so a file that was damaged or
/// cut off is refused. Values are read by what they are expected to be: a reader must not trust
/// lengths and ranges of what it was handed.
class Archive {
 public:
  void set(const std::string& name, double value) { values_[name] = value; }
  void set(const std::string& name, std::int64_t value) { values_[name] = value; }
  void set(const std::string& name, int value) { values_[name] = std::int64_t{value}; }
  void set(const std::string& name, std::size_t value) { values_[name] = static_cast<std::int64_t>(value); }
  void set(const std::string& name, bool value) { values_[name] = std::int64_t{value}; }
  void set(const std::string& name, std::string value) { values_[name] = std::move(value); }
  void set(const std::string& name, std::string_view value) { values_[name] = std::string(value); }
  void set(const std::string& name, const char* value) { values_[name] = std::string(value); }
  void set(const std::string& name, std::vector<double> value) { values_[name] = std::move(value); }
  void set(const std::string& name, Matrix<double> value) { values_[name] = std::move(value); }
  void set(const std::string& name, Archive value) { set(name, std::vector{std::move(value)}); }
  void set(const std::string& name, std::vector<Archive> value) { values_[name] = std::move(value); }
  void set(const std::string& name, std::vector<std::string> value) { values_[name] = std::move(value); }
  template <typename Whole>
  void set_wholes(const std::string& name, const std::vector<Whole>& values) {
    values_[name] = std::vector<std::int64_t>(values.begin(), values.end());
  }

  bool has(const std::string& name) const { return values_.contains(name); }
  /// The names, sorted.
  std::vector<std::string> names() const;

  /// Each @throws InputError naming the value if it is missing or another type, or out of its range
  double number(const std::string& name) const;
  std::int64_t whole(const std::string& name, std::int64_t low = std::numeric_limits<std::int64_t>::min(),
                     std::int64_t high = std::numeric_limits<std::int64_t>::max()) const;
  std::size_t size(const std::string& name, std::size_t most = std::size_t{1} << 40) const;
  bool flag(const std::string& name) const { return whole(name, 0, 1) == 1; }
  const std::string& text(const std::string& name) const;
  const std::vector<double>& numbers(const std::string& name) const;
  const Matrix<double>& matrix(const std::string& name) const;
  const std::vector<std::string>& texts(const std::string& name) const;
  const std::vector<Archive>& parts(const std::string& name) const;
  const Archive& part(const std::string& name) const;  ///< the only one of parts(name)
  template <typename Whole>
  std::vector<Whole> wholes(const std::string& name, std::int64_t low, std::int64_t high) const {
    std::vector<Whole> values;
    for (const auto value : all_wholes(name)) {
      require_within(name, value, low, high);
      values.push_back(static_cast<Whole>(value));
    }
    return values;
  }

  /// What stands in a file.
  std::string bytes() const;
  /// @param source for messages, for example the file's name
  /// @throws InputError for something else, a newer format, or bytes that are cut off or changed
  static Archive from_bytes(std::string_view bytes, std::string_view source);
  /// Whether bytes begin as an archive does.
  static bool begins_like_one(std::string_view bytes);

 private:
  using Value =
      std::variant<double, std::int64_t, std::string, std::vector<double>, std::vector<std::int64_t>,
                   Matrix<double>, std::vector<std::string>, std::vector<Archive>>;
  friend class ArchiveWriter;
  friend class ArchiveReader;

  template <typename T>
  const T& value(const std::string& name, std::string_view type) const;
  const std::vector<std::int64_t>& all_wholes(const std::string& name) const;
  static void require_within(const std::string& name, std::int64_t value, std::int64_t low,
                             std::int64_t high);

  std::map<std::string, Value> values_;
};

/// @throws InputError saying that a saved model holds what no fit makes; for readers that check what they
/// were handed
void require_saved(bool holds, std::string_view rule);

}  // namespace qupel
