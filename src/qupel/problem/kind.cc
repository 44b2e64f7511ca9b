#include "qupel/problem/kind.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>

#include "qupel/base/error.h"
#include "qupel/base/file.h"
#include "qupel/problem/molecule/molecule_kind.h"
#include "qupel/problem/optimization/kinds.h"

namespace qupel {
namespace {

constexpr std::array<const ProblemKind*, 7> all{&maxcut_kind,    &qubo_kind, &tsp_kind,     &cvrp_kind,
                                                &portfolio_kind, &mip_kind,  &molecule_kind};

}  // namespace

std::span<const ProblemKind* const> problem_kinds() { return all; }

const ProblemKind& problem_kind(std::string_view name) {
  const auto kinds = problem_kinds();
  const auto found = std::ranges::find(kinds, name, &ProblemKind::name);
  if (found != kinds.end()) return **found;
  std::vector<std::string> names;
  for (const auto* kind : kinds) names.emplace_back(kind->name);
  throw InputError(unknown_name(name, "a kind of problem", names));
}

const ProblemKind* recognised_kind(const std::string& file) {
  constexpr std::size_t enough = 4096;
  const auto beginning = read_beginning(file, enough);
  auto name = std::filesystem::path(file).filename().string();
  std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
  for (const auto* kind : problem_kinds())
    if (kind->recognises(name, beginning)) return kind;
  return nullptr;
}

void require_options(const ProblemKind& kind, const ProblemOptions& options) {
  std::vector<std::string> names;
  for (const auto& option : kind.options) names.emplace_back(option.name);
  for (const auto& [name, value] : options)
    if (std::ranges::find(names, name) == names.end())
      throw SettingError(name, names.empty()
                                   ? fmt::format("a {} has no options, so no \"{}\"", kind.name, name)
                                   : unknown_name(name, fmt::format("an option of {}", kind.name), names));
}

}  // namespace qupel
