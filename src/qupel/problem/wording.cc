#include "qupel/problem/wording.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "qupel/base/error.h"

namespace qupel {

std::string listed(std::span<const std::string> names) {
  constexpr std::size_t limit = 20;
  const auto shown = fmt::format("{}", fmt::join(names.first(std::min(limit, names.size())), ", "));
  return names.size() <= limit ? shown : fmt::format("{} and {} more", shown, names.size() - limit);
}

std::string counted(std::size_t count, std::string_view thing) {
  return fmt::format("{} {}{}", count, thing, count == 1 ? "" : "s");
}

std::string unknown_column(std::string_view given, std::span<const std::string> names) {
  if (!nearest(given, names).empty()) return unknown_name(given, "a column", names);
  return fmt::format("\"{}\" is not a column; choose one of {}", given, listed(names));
}

}  // namespace qupel
