#include "qupel/problem/tabular/wrapped_lines.h"

#include <algorithm>

#include "qupel/base/code_points.h"

namespace qupel {
namespace {

/// What the one quoted cell of a line holds; nothing if the line is no such cell, or nothing in it could be
/// cut.
std::optional<std::string> unwrapped(std::string_view line) {
  if (line.size() < 2 || line.front() != '"' || line.back() != '"') return std::nullopt;
  const auto inner = line.substr(1, line.size() - 2);
  std::string plain;
  for (std::size_t i = 0; i < inner.size(); ++i) {
    plain += inner[i];
    if (inner[i] != '"') continue;
    if (i + 1 == inner.size() || inner[i + 1] != '"') return std::nullopt;
    ++i;
  }
  if (plain.find_first_of(",;\t|") == plain.npos) return std::nullopt;
  return plain;
}

}  // namespace

std::optional<std::string> without_quotes_around_lines(std::string_view text) {
  std::string table;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = trim(text.substr(0, end));
    if (!line.empty()) {
      const auto plain = unwrapped(line);
      if (!plain) return std::nullopt;
      table += *plain;
    }
    table += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return table;
}

}  // namespace qupel
