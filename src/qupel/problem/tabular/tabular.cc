#include "qupel/problem/tabular/tabular.h"

#include <fmt/format.h>

#include <algorithm>

#include "qupel/base/error.h"
#include "qupel/base/file.h"
#include "qupel/base/hash.h"
#include "qupel/problem/tabular/assemble.h"
#include "qupel/problem/tabular/cell.h"
#include "qupel/problem/tabular/label_spelling.h"
#include "qupel/problem/tabular/target.h"
#include "qupel/problem/wording.h"

namespace qupel {
namespace {

/// Why the names of the columns may not be those that were meant: what was said of the whole table.
std::string doubt_of_names(const RawTable& raw) {
  if (raw.names.size() == 1)
    return "; no delimiter was found: cells are separated by commas, semicolons, tabs, pipes or runs of "
           "spaces";
  std::string doubt;
  for (const auto& finding : raw.findings)
    if (finding.level == Finding::Level::warning) doubt += "; " + finding.message;
  if (doubt.empty() && std::ranges::any_of(raw.names, [](const auto& name) { return is_number(name); }))
    return "; the first line was taken as the names of the columns: if it is data, write a line of names "
           "above it";
  return doubt;
}

/// The place of the target among the columns.
std::size_t find_target(const RawTable& raw, const std::string& target, std::string_view source) {
  if (target.empty())
    throw InputError(fmt::format("{}: no target column is named; choose one of {}{}", source,
                                 listed(raw.names), doubt_of_names(raw)));
  const auto found = std::ranges::find(raw.names, target);
  if (found == raw.names.end())
    throw SettingError("target", fmt::format("{}: target: {}{}", source, unknown_column(target, raw.names),
                                             doubt_of_names(raw)));
  return static_cast<std::size_t>(found - raw.names.begin());
}

template <typename T>
T take_out(std::vector<T>& items, std::size_t at) {
  T item = std::move(items[at]);
  items.erase(items.begin() + static_cast<std::ptrdiff_t>(at));
  return item;
}

}  // namespace

std::size_t DataSet::strata_count() const {
  if (!holds_numbers()) return classes.size();
  return fifths.empty() ? 0 : 1 + static_cast<std::size_t>(std::ranges::max(fifths));
}

TableTask table_task(std::string_view name) {
  const std::vector<std::string> valid{"auto", "classification", "regression"};
  const auto found = std::ranges::find(valid, name);
  if (found == valid.end()) throw InputError(unknown_name(name, "a task", valid));
  return static_cast<TableTask>(found - valid.begin());
}

std::string_view to_string(TableTask task) {
  constexpr std::string_view names[] = {"auto", "classification", "regression"};
  return names[static_cast<std::size_t>(task)];
}

DataSet data_set_from_bytes(std::string_view bytes, std::string_view source, const DataSetOptions& options) {
  auto raw = parse_table(bytes, source, {.name = options.target});
  const auto at = find_target(raw, options.target, source);
  auto target = read_target(options.target, raw.columns[at], raw.lines, raw.marks, source, options.task);
  const auto spelling = spelling_warning(target.classes);
  take_out(raw.names, at);
  take_out(raw.columns, at);

  DataSet data{.name = std::filesystem::path(source).stem().string(),
               .source = std::string(source),
               .target = options.target,
               .classes = std::move(target.classes),
               .labels = std::move(target.labels),
               .targets = std::move(target.numbers),
               .table = type_columns(std::move(raw), source),
               .data_hash = sha256(bytes),
               .test_rows = {}};
  if (!spelling.empty()) target.warnings.push_back(spelling);
  for (auto& warning : target.warnings)
    data.table.findings.push_back({Finding::Level::warning, options.target, std::move(warning)});
  for (auto& finding : target.format) data.table.findings.push_back(std::move(finding));
  drop_columns(data.table, options);
  return assemble(std::move(data), options);
}

DataSet read_data_set(const std::filesystem::path& file, const DataSetOptions& options) {
  std::error_code error;
  const auto size =
      std::filesystem::is_regular_file(file, error) ? std::filesystem::file_size(file, error) : 0;
  if (!error && size > max_table_bytes)
    throw InputError(
        fmt::format("{}: {} MiB; tables of at most {} MiB are read, so take a sample of its rows first",
                    file.string(), size >> 20, max_table_bytes >> 20));
  return data_set_from_bytes(read_file(file, max_table_bytes), file.string(), options);
}

bool target_holds_numbers(const std::filesystem::path& file, const std::string& target) {
  try {
    const auto source = file.string();
    const auto raw = parse_table(read_file(file, max_table_bytes), source, {.name = target});
    const auto at = find_target(raw, target, source);
    return !read_target(target, raw.columns[at], raw.lines, raw.marks, source, TableTask::automatic)
                .numbers.empty();
  } catch (const InputError&) {
    return false;
  }
}

}  // namespace qupel
