#include "qupel/problem/kind.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "qupel/base/error.h"
#include "qupel/base/file.h"
#include "qupel/base/text.h"
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

namespace {

const ProblemKind* recognised_as(const std::filesystem::path& file, std::string_view beginning) {
  const auto name = lower(file.filename().string());
  for (const auto* kind : problem_kinds())
    if (kind->recognises(name, beginning)) return kind;
  return nullptr;
}

/// Molecules, the kind that takes folders, if the folder holds a file with a name of that kind; else null.
const ProblemKind* kind_of_folder(const std::string& folder) {
  std::error_code unreadable;
  for (const auto& entry : std::filesystem::directory_iterator(folder, unreadable))
    if (recognised_as(entry.path(), "") == &molecule_kind) return &molecule_kind;
  return nullptr;
}

}  // namespace

const ProblemKind* recognised_kind(const std::string& file) {
  if (std::error_code ignored; std::filesystem::is_directory(file, ignored))
    if (const auto* kind = kind_of_folder(file)) return kind;
  constexpr std::size_t enough = 4096;
  return recognised_as(file, read_beginning(file, enough));
}

std::string words_on_flags(const std::string& file) {
  const auto text = plain_text(read_file(file), file);
  std::string words;
  for (const auto* kind : problem_kinds()) {
    if (kind->could_be == nullptr || !kind->could_be(text)) continue;
    words +=
        fmt::format("; or add --{}, for {}", kind->flag, kind->summary.substr(0, kind->summary.find(':')));
  }
  return words;
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
