#include "qupel/study/spec.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <set>

#include "qupel/base/error.h"
#include "qupel/base/file.h"
#include "qupel/base/hash.h"
#include "qupel/mitigate/mitigation.h"
#include "qupel/problem/tabular/generators.h"
#include "qupel/problem/tabular/table_problem.h"
#include "qupel/study/collection.h"
#include "qupel/study/default_metric.h"
#include "qupel/study/entry_reader.h"
#include "qupel/study/inputs.h"
#include "qupel/study/runner.h"
#include "qupel/study/toml_reader.h"

namespace qupel {
namespace {

constexpr auto any_count = std::numeric_limits<std::int64_t>::max();

void read_study_table(TomlReader reader, StudySpec& spec) {
  spec.name = reader.text("name").value_or(spec.name);
  if (spec.name.empty() || spec.name.find_first_of("/\\\n") != std::string::npos)
    reader.fail("name", "must not be empty or hold slashes");
  spec.seed = static_cast<std::uint64_t>(reader.integer("seed", 0, any_count).value_or(0));
  reader.no_other_keys();
}

void read_data(TomlReader reader, const std::filesystem::path& folder, StudySpec& spec) {
  spec.file = reader.text("file").value_or("");
  spec.data_set = reader.text("set").value_or("");
  if (spec.file.empty() == spec.data_set.empty())
    reader.fail("file", "give either file (a table) or set (a built-in data set, see qupel list data)");
  if (!spec.data_set.empty()) {
    std::vector<std::string> valid;
    for (const auto& set : data_sets()) valid.push_back(set.name);
    const auto full = full_generator_name(spec.data_set);
    if (std::find(valid.begin(), valid.end(), full) == valid.end())
      reader.fail("set", unknown_name(full, "a data set", valid));
    spec.data_set = full;
  } else if (std::filesystem::path(spec.file).is_relative()) {
    spec.file = (folder / spec.file).lexically_normal().string();
  }
  spec.target = reader.text("target").value_or("");
  spec.task = table_task(reader.one_of("task", "a task", "auto", {"auto", "classification", "regression"}));
  if (!spec.file.empty() && spec.target.empty()) reader.fail("target", "name the column to predict");
  spec.drop = reader.texts("drop").value_or(spec.drop);
  spec.max_rows = static_cast<std::size_t>(reader.integer("max_rows", 0, any_count).value_or(0));
  for (const auto* key : {"file", "target", "task", "drop", "max_rows"}) spec.places[key] = reader.place(key);
  reader.no_other_keys();
}

/// An option's value as it was written: a text, a number, or true for what is given or not; of a list its
/// texts with colons between them.
std::string option_text(const TomlReader& reader, std::string_view key, const toml::node& node) {
  if (const auto* list = node.as_array(); list && !list->empty() && list->is_homogeneous<std::string>()) {
    std::string joined;
    for (const auto& part : *list) joined += (joined.empty() ? "" : ":") + part.ref<std::string>();
    return joined;
  }
  if (const auto text = node.value_exact<std::string>()) return *text;
  if (const auto flag = node.value_exact<bool>()) return *flag ? "true" : "false";
  if (const auto whole = node.value_exact<std::int64_t>()) return fmt::format("{}", *whole);
  if (const auto number = node.value_exact<double>()) return fmt::format("{}", *number);
  reader.fail(key, "takes a text, a list of texts, a number, true or false");
}

const ProblemKind& read_kind(TomlReader& reader) {
  try {
    return problem_kind(reader.text("kind").value_or(""));
  } catch (const InputError& error) {
    reader.fail("kind", error.what());
  }
}

void read_problem(TomlReader reader, const std::filesystem::path& folder, StudySpec& spec) {
  const auto& kind = read_kind(reader);
  spec.kind = kind.name;
  spec.precision = kind.precision;
  spec.file = reader.text("file").value_or("");
  if (!spec.file.empty() && std::filesystem::path(spec.file).is_relative())
    spec.file = (folder / spec.file).lexically_normal().string();
  spec.left_out = reader.texts("left_out").value_or(spec.left_out);
  for (const auto* key : {"kind", "file"}) spec.places[key] = reader.place(key);
  for (const auto& option : kind.options) {
    const auto* node = reader.node(option.name);
    spec.places[std::string(option.name)] = reader.place(option.name);
    if (!node) continue;
    if (option.value.empty() && !node->is_boolean()) reader.fail(option.name, "takes true or false");
    const auto text = option_text(reader, option.name, *node);
    if (!option.value.empty() || text == "true") spec.options[std::string(option.name)] = text;
  }
  reader.no_other_keys();
}

std::vector<std::string> names_of(const std::vector<Metric>& metrics) {
  std::vector<std::string> names;
  for (const auto& metric : metrics) names.push_back(metric.name);
  return names;
}

void read_protocol(TomlReader reader, StudySpec& spec) {
  const auto kind = reader.one_of("kind", "a protocol", "nested", {"nested", "fixed"});
  spec.protocol = kind == "fixed" ? Protocol::fixed : Protocol::nested;
  const auto count = [&](std::string_view key, int low, int high, int fallback) {
    return static_cast<int>(reader.integer(key, low, high).value_or(fallback));
  };
  spec.outer_folds = count("outer_folds", 2, 100, spec.outer_folds);
  spec.repeats = count("repeats", 1, 1000, spec.repeats);
  spec.inner_folds = count("inner_folds", 2, 100, spec.inner_folds);
  spec.configurations = count("configurations", 1, 10000, spec.configurations);
  spec.metric = reader.one_of(
      "metric", "a metric that can decide", spec.metric,
      spec.kind.empty() ? names_of(deciding_table_metrics()) : problem_kind(spec.kind).deciding);
  spec.rope = reader.number("rope", 0, 0.5).value_or(spec.rope);
  spec.look = count("look", 1, 20, spec.look);
  for (const auto* key : {"kind", "outer_folds", "inner_folds", "metric"})
    spec.places[key] = reader.place(key);
  reader.no_other_keys();
}

void read_inputs(TomlReader reader, StudySpec& spec) {
  spec.reduction = reduction(reader.one_of("reduction", "a reduction", std::string(to_string(spec.reduction)),
                                           {"pca", "select", "none"}));
  spec.features = static_cast<int>(reader.integer("features", 1, max_qubits).value_or(spec.features));
  spec.scaling = reader.one_of("scaling", "a scaling", spec.scaling, {"standard", "none"});
  spec.places["reduction"] = reader.place("reduction");
  reader.no_other_keys();
}

void read_execution(TomlReader reader, StudySpec& spec) {
  const auto precision =
      reader.one_of("precision", "a precision", spec.precision == Precision::double_ ? "double" : "single",
                    {"single", "double"});
  spec.precision = precision == "double" ? Precision::double_ : Precision::single;
  spec.shots = static_cast<std::size_t>(
      reader.integer("shots", 0, 100'000'000).value_or(static_cast<std::int64_t>(spec.shots)));
  spec.effort = reader.number("effort", 0.01, 1000).value_or(spec.effort);
  try {
    spec.devices = device_entries(reader.texts("devices").value_or(std::vector<std::string>{}));
  } catch (const InputError& error) {
    reader.fail("devices", error.what());
  }
  spec.train_on_devices = reader.one_of("train", "a way of training", "ideal", {"ideal", "noisy"}) == "noisy";
  if (spec.train_on_devices && spec.devices.empty())
    reader.fail("train", "\"noisy\" needs devices, whose noise it is");
  spec.mitigate = reader.texts("mitigate").value_or(std::vector<std::string>{});
  try {
    mitigation(spec.mitigate);
  } catch (const InputError& error) {
    reader.fail("mitigate", error.what());
  }
  if (!spec.mitigate.empty() && spec.devices.empty())
    reader.fail("mitigate", "needs devices: on a perfect quantum computer there is nothing to mitigate");
  reader.no_other_keys();
}

/// The kind of problem that a metric measures: what a study without a list of contenders is about.
std::string kind_of_metric(std::string_view name) {
  const auto metrics = deciding_table_metrics();
  return std::ranges::find(metrics, name, &Metric::name)->problem;
}

/// The tables that name data: [data], or every [[data]].
std::vector<const toml::table*> data_tables(TomlReader& root) {
  const auto* node = root.node("data");
  if (!node)
    root.fail("data",
              "a study needs a [data] table with file and target, or set; several: [[data]]; or a [problem] "
              "with kind and file");
  if (!node->is_array()) return {root.table("data")};
  std::vector<const toml::table*> tables;
  for (const auto& item : *root.tables("data")) tables.push_back(item.as_table());
  return tables;
}

/// A study on every data set, alike in all else. One alone is the study itself.
std::vector<StudySpec> read_members(const std::vector<const toml::table*>& tables, const std::string& source,
                                    const StudySpec& common) {
  const auto folder = std::filesystem::path(source).parent_path();
  std::vector<StudySpec> members;
  std::set<std::string> names;
  for (const auto* table : tables) {
    auto& member = members.emplace_back(common);
    read_data(TomlReader(*table, source, "data"), folder, member);
    const auto name = data_set_name(member);
    if (!names.insert(name).second)
      TomlReader(*table, source, "data")
          .fail(member.file.empty() ? "set" : "file",
                fmt::format("\"{}\" stands twice; a data set counts once, and names must differ", name));
    if (tables.size() > 1) member.name = common.name + "-" + name;
  }
  return members;
}

}  // namespace

CollectionSpec parse_collection(std::string_view text, std::string_view source_name,
                                const Catalogue& catalogue) {
  const std::string source(source_name);
  const auto table = parse_toml(text, source);
  TomlReader root(table, source, "");
  StudySpec common;
  common.name = std::filesystem::path(source).stem().string();
  const auto* problem = root.table("problem");
  if (problem) {
    read_problem(TomlReader(*problem, source, "problem"), std::filesystem::path(source).parent_path(),
                 common);
    common.metric = problem_kind(common.kind).deciding.front();
  }
  const auto data = problem ? std::vector<const toml::table*>{} : data_tables(root);
  const bool metric_is_stated = table["protocol"]["metric"].is_string();
  if (!problem && !metric_is_stated)
    common.metric = default_metric(data, std::filesystem::path(source).parent_path());
  if (const auto* t = root.table("study")) read_study_table(TomlReader(*t, source, "study"), common);
  if (const auto* t = root.table("protocol")) read_protocol(TomlReader(*t, source, "protocol"), common);
  if (const auto* t = problem ? nullptr : root.table("inputs"))
    read_inputs(TomlReader(*t, source, "inputs"), common);
  if (const auto* t = root.table("execution")) read_execution(TomlReader(*t, source, "execution"), common);
  common.entries =
      read_entries(root, source, catalogue, problem ? common.kind : kind_of_metric(common.metric));
  root.no_other_keys();
  if (problem) return {common.name, {common}};
  if (data.size() > 1 && common.entries.size() < 2)
    root.fail("contender", "ranks over several data sets need two contenders or more");
  return {common.name, read_members(data, source, common)};
}

CollectionSpec read_collection(const std::filesystem::path& file, const Catalogue& catalogue) {
  constexpr std::size_t limit = 16 << 20;
  return parse_collection(read_file(file, limit), file.string(), catalogue);
}

StudySpec parse_study(std::string_view text, std::string_view source, const Catalogue& catalogue) {
  auto [name, members] = parse_collection(text, source, catalogue);
  if (members.size() > 1)
    throw InputError(fmt::format("{} names {} data sets; this takes a study of one", source, members.size()));
  return std::move(members.front());
}

std::string data_set_name(const StudySpec& spec) {
  return spec.file.empty() ? spec.data_set : std::filesystem::path(spec.file).stem().string();
}

InputError placed(const StudySpec& spec, const SettingError& error) {
  const auto found = spec.places.find(error.key);
  return InputError(found == spec.places.end() ? error.what()
                                               : fmt::format("{}: {}", found->second, error.what()));
}

DataSet load_table(const StudySpec& spec) {
  if (!spec.file.empty() && !std::filesystem::exists(spec.file))
    throw SettingError("file", fmt::format("there is no file {}", spec.file));
  const DataSetOptions options{.target = spec.target,
                               .task = spec.task,
                               .drop = spec.drop,
                               .max_rows = spec.max_rows,
                               .seed = spec.seed};
  return spec.file.empty() ? load_data_set(spec.data_set, options) : read_data_set(spec.file, options);
}

namespace {

bool asks_for_angles(const StudySpec& spec) {
  return std::ranges::any_of(spec.entries, [](const Entry& entry) {
    const auto found = entry.space.find(std::string(input_scaling));
    return found != entry.space.end() &&
           std::ranges::find(found->second, Setting(std::string("angle"))) != found->second.end();
  });
}

}  // namespace

TableInputs table_inputs(const StudySpec& spec) {
  return {.reduction = spec.reduction,
          .features = spec.features,
          .scaling = spec.scaling == "none" ? Scaling::none : Scaling::standard,
          .angles = asks_for_angles(spec)};
}

Splitting splitting_of(const StudySpec& spec) {
  return {.protocol = spec.protocol,
          .outer_folds = spec.outer_folds,
          .repeats = spec.repeats,
          .inner_folds = spec.inner_folds,
          .seed = spec.seed};
}

std::unique_ptr<Problem> load_problem(const StudySpec& spec) {
  if (!spec.kind.empty()) return problem_kind(spec.kind).load(spec.file, spec.options);
  return table_problem(load_table(spec), table_inputs(spec));
}

std::string study_hash(const StudySpec& spec, const std::string& data_hash) {
  StudySpec portable = spec;  // where the table lies does not change a result; what it holds does
  if (!portable.file.empty()) portable.file = "table";
  for (auto& entry : portable.entries)
    if (entry.external) entry.external->command = {"program"};  // the digest is of its words and files
  return sha256(to_toml(portable) + "\ndata " + data_hash + "\n" + digest_of(spec.devices));
}

}  // namespace qupel
