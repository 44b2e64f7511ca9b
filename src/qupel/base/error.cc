#include "qupel/base/error.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "qupel/base/text.h"

namespace qupel {
namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t substitute = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, substitute});
    }
  }
  return row.back();
}

}  // namespace

std::string nearest(std::string_view given, std::span<const std::string> valid) {
  std::string best;
  // Whatever the case, and of equal ones the one that is nearest with it.
  std::pair best_distance{std::max<std::size_t>(2, given.size() / 3) + 1, std::size_t{0}};
  for (const auto& name : valid) {
    const std::pair distance{edit_distance(lower(given), lower(name)), edit_distance(given, name)};
    if (distance < best_distance) {
      best_distance = distance;
      best = name;
    }
  }
  return best;
}

std::string unknown_name(std::string_view given, std::string_view kind, std::span<const std::string> valid) {
  const auto best = nearest(given, valid);
  if (!best.empty()) return fmt::format("\"{}\" is not {}; did you mean \"{}\"?", given, kind, best);
  return fmt::format("\"{}\" is not {}; choose one of {}", given, kind, fmt::join(valid, ", "));
}

}  // namespace qupel
