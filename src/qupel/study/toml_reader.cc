#include "qupel/study/toml_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "qupel/base/error.h"
#include "qupel/base/text.h"

namespace qupel {
namespace {

std::string type_of(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::table:
      return "a table";
    case toml::node_type::array:
      return "an array";
    case toml::node_type::string:
      return "a string";
    case toml::node_type::integer:
      return "an integer";
    case toml::node_type::floating_point:
      return "a number";
    case toml::node_type::boolean:
      return "a boolean";
    default:
      return "a date or time";
  }
}

[[noreturn]] void fail_syntax(std::string_view source, std::size_t line, std::size_t column,
                              std::string_view rule) {
  throw InputError(fmt::format("{}:{}:{}: not TOML: {}", source, line, column, rule));
}

bool is_ascii(char c) { return static_cast<unsigned char>(c) < 128; }

// Where a string that starts at `at` ends: after its closing quotes, where a line ends that it must not pass,
// or at a character beyond ASCII that a backslash stands before (with or without blanks and line ends).
std::size_t end_of_string(std::string_view text, std::size_t at) {
  const char quote = text[at];
  const std::string triple(3, quote);
  const bool lines = text.substr(at, 3) == triple;
  for (std::size_t i = at + (lines ? 3 : 1); i < text.size(); ++i) {
    if (quote == '"' && text[i] == '\\') {
      const auto next = std::min(text.find_first_not_of(" \t\r\n", i + 1), text.size());
      if (next < text.size() && !is_ascii(text[next])) return next;
      i = std::max(i + 1, next - 1);
    } else if (lines ? text.substr(i, 3) == triple : text[i] == quote) {
      return i + (lines ? 3 : 1);
    } else if (!lines && text[i] == '\n') {
      return i;
    }
  }
  return text.size();
}

// The text with a blank for each unusual space outside of strings, where it is a mistake of the keyboard or
// of a web page.
std::string with_plain_spaces(std::string_view text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size();) {
    const auto space = unusual_space(text.substr(at));
    const bool quoted = text[at] == '"' || text[at] == '\'';
    const auto next = quoted            ? end_of_string(text, at)
                      : text[at] == '#' ? std::min(text.find('\n', at), text.size())
                                        : at + std::max(space, std::size_t{1});
    plain += space > 0 ? std::string_view(" ") : text.substr(at, next - at);
    at = next;
  }
  return plain;
}

// Other characters than ASCII's belong into strings and comments; toml++ 3.3 does not survive some of them
// elsewhere. Strings are found as in valid text: of other text this lets some through.
void require_ascii_syntax(std::string_view text, std::string_view source) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (text[at] == '"' || text[at] == '\'') {
      at = end_of_string(text, at);
    } else if (text[at] == '#') {
      at = std::min(text.find('\n', at), text.size());
    } else if (is_ascii(text[at])) {
      ++at;
    } else {
      const auto before = text.substr(0, at);
      fail_syntax(source, 1 + static_cast<std::size_t>(std::ranges::count(before, '\n')),
                  at - (before.rfind('\n') + 1) + 1,
                  "a character beyond ASCII outside of quotes and comments, or after a backslash");
    }
  }
}

// The text with an x for every character beyond ASCII, so that lines and columns stay.
std::string ascii_shape(std::string_view text) {
  std::string shape;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80 || byte >= 0xC0) shape += is_ascii(c) ? c : 'x';
  }
  return shape;
}

}  // namespace

toml::table parse_toml(std::string_view given, std::string_view source) {
  const auto text = with_plain_spaces(plain_text(std::string(given), source));
  require_ascii_syntax(text, source);
  try {
    if (!std::ranges::all_of(text, is_ascii)) static_cast<void>(toml::parse(ascii_shape(text), source));
    return toml::parse(std::string_view(text), source);
  } catch (const toml::parse_error& error) {
    const auto at = error.source().begin;
    fail_syntax(source, at.line, at.column, error.description());
  }
}

std::string TomlReader::place(std::string_view key) const {
  const auto* node = table_.get(key);
  const auto line = (node ? node->source() : table_.source()).begin.line;
  const auto where = name_.empty() ? std::string() : fmt::format(" [{}]", name_);
  return fmt::format("{}:{}:{} {}", source_, line, where, key);
}

void TomlReader::fail(std::string_view key, const std::string& rule) const {
  throw InputError(fmt::format("{}: {}", place(key), rule));
}

const toml::node* TomlReader::node(std::string_view key) {
  known_.emplace(key);
  return table_.get(key);
}

std::optional<std::string> TomlReader::text(std::string_view key) {
  const auto* found = node(key);
  if (!found) return std::nullopt;
  if (const auto value = found->value_exact<std::string>()) return *value;
  fail(key, fmt::format("must be a string, but is {}", type_of(*found)));
}

std::optional<double> TomlReader::number(std::string_view key, double low, double high) {
  const auto* found = node(key);
  if (!found) return std::nullopt;
  if (!found->is_number()) fail(key, fmt::format("must be a number, but is {}", type_of(*found)));
  const double value = *found->value<double>();
  if (!(value >= low && value <= high))
    fail(key, fmt::format("{} is not between {} and {}", value, low, high));
  return value;
}

std::optional<std::int64_t> TomlReader::integer(std::string_view key, std::int64_t low, std::int64_t high) {
  const auto* found = node(key);
  if (!found) return std::nullopt;
  const auto value = found->value_exact<std::int64_t>();
  if (!value) fail(key, fmt::format("must be an integer, but is {}", type_of(*found)));
  if (*value < low || *value > high) fail(key, fmt::format("{} is not between {} and {}", *value, low, high));
  return *value;
}

std::optional<std::vector<std::string>> TomlReader::texts(std::string_view key) {
  const auto* found = node(key);
  if (!found) return std::nullopt;
  const auto* array = found->as_array();
  if (!array) fail(key, fmt::format("must be an array of strings, but is {}", type_of(*found)));
  std::vector<std::string> values;
  for (const auto& item : *array) {
    const auto value = item.value_exact<std::string>();
    if (!value) fail(key, fmt::format("must hold strings only, but holds {}", type_of(item)));
    values.push_back(*value);
  }
  return values;
}

std::string TomlReader::one_of(std::string_view key, std::string_view kind, std::string fallback,
                               const std::vector<std::string>& valid) {
  const auto value = text(key);
  if (!value) return fallback;
  if (std::ranges::find(valid, *value) == valid.end()) fail(key, unknown_name(*value, kind, valid));
  return *value;
}

const toml::table* TomlReader::table(std::string_view key) {
  const auto* found = node(key);
  if (found && !found->is_table()) fail(key, fmt::format("must be a table, but is {}", type_of(*found)));
  return found ? found->as_table() : nullptr;
}

const toml::array* TomlReader::tables(std::string_view key) {
  const auto* found = node(key);
  if (!found) return nullptr;
  const auto* array = found->as_array();
  if (!array || !array->is_array_of_tables())
    fail(key, fmt::format("must be an array of tables, written [[{}]]", key));
  return array;
}

void TomlReader::no_other_keys() const {
  for (const auto& [key, value] : table_) {
    if (known_.contains(key.str())) continue;
    const std::vector<std::string> valid(known_.begin(), known_.end());
    fail(key.str(), unknown_name(key.str(), "a key of this table", valid));
  }
}

}  // namespace qupel
