#pragma once
#include <limits>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qupel {

/// A value in a JSON text, with where it stands: errors name the file, the field and the value. Refers to the
/// JSON it was made from.
class JsonValue {
 public:
  using Json = nlohmann::ordered_json;

  JsonValue(const Json& value, std::string place) : value_(&value), place_(std::move(place)) {}

  /// @throws InputError for text that is no JSON, or an object that holds a key twice
  static Json parse(std::string_view text, std::string_view place);

  const Json& json() const { return *value_; }
  bool is_null() const;
  bool is_list() const;
  bool is_object() const;
  bool is_text() const;

  /// Each @throws InputError for something else
  std::string text() const;
  bool flag() const;
  /// The day with which an ISO date begins, whatever time follows: "2026-01-31".
  std::string date() const;
  /// @param low, high the range, ends included
  double number(double low = -std::numeric_limits<double>::max(),
                double high = std::numeric_limits<double>::max()) const;
  int whole(int low, int high = std::numeric_limits<int>::max()) const;
  std::vector<JsonValue> list() const;
  std::vector<std::pair<std::string, JsonValue>> members() const;

  /// A member of an object. @throws InputError if there is none
  JsonValue at(std::string_view key) const;
  /// The same; nothing if there is none or it is null.
  std::optional<JsonValue> find(std::string_view key) const;
  /// @throws InputError naming the nearest of these for a key that is none of them
  void only(const std::vector<std::string>& keys) const;

  /// "file.json: gates[3].error: 1.5 " and the rule that it breaks.
  [[noreturn]] void fail(std::string_view rule) const;

 private:
  JsonValue child(const Json& value, const std::string& step) const { return {value, place_ + step}; }

  const Json* value_;
  std::string place_;
};

}  // namespace qupel
