#include "qupel/problem/wording.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "qupel/base/error.h"

namespace qupel {

std::string listed(std::span<const std::string> names, std::string_view between) {
  constexpr std::size_t limit = 20;
  const auto shown = fmt::format("{}", fmt::join(names.first(std::min(limit, names.size())), between));
  return names.size() <= limit ? shown : fmt::format("{} and {} more", shown, names.size() - limit);
}

std::string counted(std::size_t count, std::string_view thing) {
  return fmt::format("{} {}{}", count, thing, count == 1 ? "" : "s");
}

double percent(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

std::string shell_quoted(std::string_view argument) {
  constexpr auto plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./,:@%";
  if (!argument.empty() && argument.find_first_not_of(plain) == std::string_view::npos)
    return std::string(argument);
  std::string quoted = "'";
  for (const char c : argument) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string unknown_column(std::string_view given, std::span<const std::string> names) {
  if (!nearest(given, names).empty()) return unknown_name(given, "a column", names);
  return fmt::format("\"{}\" is not a column; choose one of {}", given, listed(names));
}

}  // namespace qupel
