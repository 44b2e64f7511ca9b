#include "qupel/study/entry_reader.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <set>

#include "qupel/base/error.h"
#include "qupel/study/entries.h"
#include "qupel/study/inputs.h"

namespace qupel {
namespace {

Setting read_setting(const TomlReader& reader, const HyperParameter& parameter, const toml::node& node) {
  const auto texts = parameter.names();
  if (texts.empty()) {
    if (!node.is_number()) reader.fail(parameter.name, "takes numbers only");
    const double value = *node.value<double>();
    if (!parameter.range.holds(value))
      reader.fail(parameter.name, fmt::format("must be {}, not {:g}", to_string(parameter.range), value));
    return value;
  }
  const auto value = node.value_exact<std::string>();
  if (!value) reader.fail(parameter.name, fmt::format("takes names only: {}", fmt::join(texts, ", ")));
  if (std::find(texts.begin(), texts.end(), *value) == texts.end())
    reader.fail(parameter.name, unknown_name(*value, "a value of this setting", texts));
  return *value;
}

void read_space(TomlReader reader, Entry& entry) {
  for (const auto& parameter : hyperparameters_of(entry)) {
    const auto* node = reader.node(parameter.name);
    if (!node) continue;
    auto& values = entry.space[parameter.name];
    if (const auto* array = node->as_array()) {
      for (const auto& item : *array) values.push_back(read_setting(reader, parameter, item));
    } else {
      values.push_back(read_setting(reader, parameter, *node));
    }
    if (values.empty()) reader.fail(parameter.name, "must hold at least one value");
  }
  reader.no_other_keys();
}

/// The settings of a program: each key of its space, with the values that are tried.
std::vector<HyperParameter> read_settings(const toml::table& space, const std::string& source) {
  std::vector<HyperParameter> settings;
  const TomlReader reader(space, source, "contender.space");
  for (const auto& [key, node] : space) {
    const std::string name(key.str());
    if (name == input_columns || name == input_scaling) continue;  // no settings of the contender itself
    HyperParameter setting{.name = name,
                           .summary = "passed on",
                           .values = {},
                           .range = {.low = std::numeric_limits<double>::lowest(),
                                     .high = std::numeric_limits<double>::max(),
                                     .with_low = true}};
    const auto add = [&](const toml::node& item) {
      if (item.is_number())
        setting.values.emplace_back(*item.value<double>());
      else if (item.is_string())
        setting.values.emplace_back(*item.value<std::string>());
      else
        reader.fail(name, "takes numbers or names");
    };
    if (const auto* array = node.as_array()) {
      for (const auto& item : *array) add(item);
    } else {
      add(node);
    }
    if (setting.values.empty()) reader.fail(name, "must hold at least one value");
    for (const auto& value : setting.values)
      if (value.index() != setting.values.front().index())
        reader.fail(name, "takes numbers only or names only");
    settings.push_back(std::move(setting));
  }
  return settings;
}

Family read_family(TomlReader& reader) {
  std::vector<std::string> names;
  for (const auto family : {Family::quantum, Family::classical, Family::quantum_inspired})
    names.emplace_back(to_string(family));
  const auto chosen = reader.one_of("family", "a family", names[1], names);
  return static_cast<Family>(std::ranges::find(names, chosen) - names.begin());
}

/// An entry with a command: a program that competes (contend/external.h).
Entry read_external(const toml::table& table, const std::string& source, const Catalogue& catalogue) {
  constexpr double longest = 1e6;
  TomlReader reader(table, source, "contender");
  Entry entry;
  entry.name = reader.text("name").value_or("");
  const auto own = entry.name.substr(0, entry.name.find('@'));
  if (own.empty()) reader.fail("name", "a contender with a command needs a name of its own");
  if (std::ranges::any_of(catalogue.all(), [&](const auto& record) { return record->name == own; }))
    reader.fail(
        "name",
        fmt::format("\"{}\" is a contender that comes with Qupel; a command needs a name of its own", own));
  const auto command = reader.texts("command").value_or(std::vector<std::string>{});
  if (command.empty() || command.front().empty())
    reader.fail("command", "must be a list: the program, then its arguments");
  for (const auto& word : command)
    if (word.find('\0') != std::string::npos) reader.fail("command", "must not hold NUL characters");
  External external;
  external.command = resolved_command(command, std::filesystem::path(source).parent_path().string());
  external.time_limit = reader.number("time_limit", 0.1, longest).value_or(external.time_limit);
  external.digest = digest_of(external.command);
  external.recorded_digest = reader.text("digest").value_or(external.digest);
  const auto family = read_family(reader);
  const std::string natural = entry.name.ends_with("@reduced") ? "reduced" : "all";
  entry.inputs = reader.one_of("inputs", "a kind of inputs", natural, {"all", "reduced"}) == "all"
                     ? Inputs::all
                     : Inputs::reduced;
  const auto* space = reader.table("space");
  entry.record = external_contender(own, family, entry.inputs, external,
                                    space ? read_settings(*space, source) : std::vector<HyperParameter>{});
  entry.external = std::move(external);
  if (space) read_space(TomlReader(*space, source, "contender.space"), entry);
  reader.no_other_keys();
  return entry;
}

Entry read_entry(const toml::table& table, const std::string& source, const Catalogue& catalogue) {
  if (table.contains("command")) return read_external(table, source, catalogue);
  TomlReader reader(table, source, "contender");
  Entry entry;
  const auto name = reader.text("name");
  if (!name) reader.fail("name", "every contender needs a name, see qupel list contenders");
  entry.name = *name;
  std::vector<std::string> valid;
  for (const auto& record : catalogue.all()) valid.push_back(record->name);
  const bool has_record = table.contains("record");
  const auto wanted = reader.text("record").value_or(entry.name.substr(0, entry.name.find('@')));
  if (std::find(valid.begin(), valid.end(), wanted) == valid.end())
    reader.fail(has_record ? "record" : "name", unknown_name(wanted, "a contender", valid));
  entry.record = catalogue.at(wanted);
  const std::string natural =
      entry.record->inputs == Inputs::all && !entry.name.ends_with("@reduced") ? "all" : "reduced";
  entry.inputs = reader.one_of("inputs", "a kind of inputs", natural, {"all", "reduced"}) == "all"
                     ? Inputs::all
                     : Inputs::reduced;
  if (const auto* space = reader.table("space"))
    read_space(TomlReader(*space, source, "contender.space"), entry);
  reader.no_other_keys();
  return entry;
}

}  // namespace

std::vector<Entry> read_entries(TomlReader& root, const std::string& source, const Catalogue& catalogue,
                                std::string_view kind) {
  const auto* list = root.tables("contender");
  if (!list || list->empty()) return default_entries(catalogue, kind);
  std::vector<Entry> entries;
  std::set<std::string> names;
  for (const auto& item : *list) {
    entries.push_back(read_entry(*item.as_table(), source, catalogue));
    if (!names.insert(entries.back().name).second)
      TomlReader(*item.as_table(), source, "contender")
          .fail("name", fmt::format("\"{}\" stands twice; names must differ, for example \"{}@other\"",
                                    entries.back().name, entries.back().name));
  }
  return entries;
}

}  // namespace qupel
