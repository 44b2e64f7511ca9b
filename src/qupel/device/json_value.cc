#include "qupel/device/json_value.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "qupel/base/error.h"

namespace qupel {
namespace {

/// Refuses a key that an object holds already; the parser alone would keep the last one.
class KeysOnce {
 public:
  explicit KeysOnce(std::string_view place) : place_(place) {}
  bool operator()(int, JsonValue::Json::parse_event_t event, JsonValue::Json& parsed) {
    using Event = JsonValue::Json::parse_event_t;
    if (event == Event::object_start) open_.emplace_back();
    if (event == Event::object_end) open_.pop_back();
    if (event == Event::key && !open_.back().insert(parsed.get<std::string>()).second)
      throw InputError(
          fmt::format("{}: \"{}\" stands twice in one object", place_, parsed.get<std::string>()));
    return true;
  }

 private:
  std::string_view place_;
  std::vector<std::set<std::string>> open_;
};

std::string shortened(const JsonValue::Json& value) {
  constexpr std::size_t most = 60;
  if (value.is_object()) return "an object";
  if (value.is_array()) return fmt::format("a list of {}", value.size());
  auto text = value.dump(-1, ' ', true);
  if (text.size() > most) text = text.substr(0, most) + "...";
  return text;
}

}  // namespace

JsonValue::Json JsonValue::parse(std::string_view text, std::string_view place) {
  try {
    return Json::parse(text, KeysOnce(place));
  } catch (const Json::exception& error) {
    std::string reason = error.what();
    if (const auto end = reason.find("] "); end != std::string::npos) reason = reason.substr(end + 2);
    throw InputError(fmt::format("{} is not JSON: {}", place, reason));
  }
}

void JsonValue::fail(std::string_view rule) const {
  throw InputError(fmt::format("{}: {} {}", place_, shortened(*value_), rule));
}

bool JsonValue::is_null() const { return value_->is_null(); }
bool JsonValue::is_list() const { return value_->is_array(); }
bool JsonValue::is_object() const { return value_->is_object(); }
bool JsonValue::is_text() const { return value_->is_string(); }

std::string JsonValue::text() const {
  if (!value_->is_string()) fail("is not text");
  return value_->get<std::string>();
}

bool JsonValue::flag() const {
  if (!value_->is_boolean()) fail("is neither true nor false");
  return value_->get<bool>();
}

std::string JsonValue::date() const {
  constexpr std::string_view pattern = "0000-00-00";
  const auto day = text().substr(0, pattern.size());
  const auto fits = [](char c, char like) { return like == '0' ? c >= '0' && c <= '9' : c == like; };
  if (day.size() != pattern.size() || !std::equal(day.begin(), day.end(), pattern.begin(), fits))
    fail("does not begin with a date as 2026-01-31");
  return day;
}

double JsonValue::number(double low, double high) const {
  if (!value_->is_number()) fail("is not a number");
  const auto number = value_->get<double>();
  constexpr auto none = std::numeric_limits<double>::max();
  if (number >= low && number <= high) return number;
  fail(high == none ? fmt::format("is below {}", low) : fmt::format("is not from {} to {}", low, high));
}

int JsonValue::whole(int low, int high) const {
  const auto value = number(low, high);
  if (value != std::floor(value)) fail("is not a whole number");
  return static_cast<int>(value);
}

std::vector<JsonValue> JsonValue::list() const {
  if (!is_list()) fail("is not a list");
  std::vector<JsonValue> items;
  items.reserve(value_->size());
  for (std::size_t i = 0; i < value_->size(); ++i)
    items.push_back(child((*value_)[i], fmt::format("[{}]", i)));
  return items;
}

std::vector<std::pair<std::string, JsonValue>> JsonValue::members() const {
  if (!is_object()) fail("is not an object");
  std::vector<std::pair<std::string, JsonValue>> found;
  for (const auto& [key, value] : value_->items()) found.emplace_back(key, child(value, ": " + key));
  return found;
}

JsonValue JsonValue::at(std::string_view key) const {
  if (!is_object()) fail("is not an object");
  const auto found = value_->find(std::string(key));
  if (found == value_->end()) fail(fmt::format("lacks \"{}\"", key));
  return child(*found, fmt::format(": {}", key));
}

std::optional<JsonValue> JsonValue::find(std::string_view key) const {
  if (!is_object()) fail("is not an object");
  const auto found = value_->find(std::string(key));
  if (found == value_->end() || found->is_null()) return std::nullopt;
  return child(*found, fmt::format(": {}", key));
}

void JsonValue::only(const std::vector<std::string>& keys) const {
  for (const auto& [key, value] : members())
    if (std::find(keys.begin(), keys.end(), key) == keys.end())
      throw InputError(fmt::format("{}: {}", place_, unknown_name(key, "a field", keys)));
}

}  // namespace qupel
