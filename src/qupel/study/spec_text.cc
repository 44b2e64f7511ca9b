#include <fmt/format.h>
#include <fmt/ranges.h>

#include "qupel/study/collection.h"
#include "qupel/study/spec.h"

// The study file with every choice explicit.
namespace qupel {
namespace {

std::string toml_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    else
      out += c;
  }
  return out + '"';
}

/// Programs may call their settings as they like.
std::string toml_key(const std::string& name) {
  const bool bare =
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") ==
      std::string::npos;
  return bare && !name.empty() ? name : toml_text(name);
}

std::string toml_value(const Setting& setting) {
  if (const auto* text = std::get_if<std::string>(&setting)) return toml_text(*text);
  const auto number = fmt::format("{}", std::get<double>(setting));
  return number.find_first_of(".en") == std::string::npos ? number + ".0" : number;
}

std::string toml_list(const auto& values, const auto& show) {
  std::vector<std::string> items;
  for (const auto& value : values) items.push_back(show(value));
  return fmt::format("[{}]", fmt::join(items, ", "));
}

/// Which contender it is: a record of Qupel's, or a program.
std::string record_toml(const Entry& entry) {
  if (!entry.external) return fmt::format("record = {}\n", toml_text(entry.record->name));
  return fmt::format("command = {}\nfamily = \"{}\"\ntime_limit = {}\ndigest = \"{}\"\n",
                     toml_list(entry.external->command, toml_text), to_string(entry.record->family),
                     toml_value(entry.external->time_limit), entry.external->digest);
}

std::string entry_toml(const Entry& entry) {
  auto text = fmt::format("\n[[contender]]\nname = {}\n{}inputs = \"{}\"\n", toml_text(entry.name),
                          record_toml(entry), entry.inputs == Inputs::all ? "all" : "reduced");
  if (entry.space.empty()) return text;
  text += "[contender.space]\n";
  for (const auto& [name, values] : entry.space)
    text += fmt::format("{} = {}\n", toml_key(name), toml_list(values, toml_value));
  return text;
}

std::string study_toml(const std::string& name, std::uint64_t seed) {
  return fmt::format("[study]\nname = {}\nseed = {}\n", toml_text(name), seed);
}

std::string problem_toml(const StudySpec& spec) {
  auto text = fmt::format("\n[problem]\nkind = {}\n", toml_text(spec.kind));
  if (!spec.file.empty()) text += fmt::format("file = {}\n", toml_text(spec.file));
  for (const auto& option : problem_kind(spec.kind).options)
    if (const auto found = spec.options.find(option.name); found != spec.options.end())
      text += fmt::format("{} = {}\n", found->first,
                          option.value.empty() ? found->second : toml_text(found->second));
  if (!spec.left_out.empty()) text += fmt::format("left_out = {}\n", toml_list(spec.left_out, toml_text));
  return text;
}

/// @param header [data] or [[data]]
std::string data_toml(const StudySpec& spec, std::string_view header) {
  if (!spec.kind.empty()) return problem_toml(spec);
  auto text = fmt::format("\n{}\n", header);
  text += spec.file.empty() ? fmt::format("set = {}\n", toml_text(spec.data_set))
                            : fmt::format("file = {}\n", toml_text(spec.file));
  if (!spec.target.empty()) text += fmt::format("target = {}\n", toml_text(spec.target));
  if (spec.task != TableTask::automatic) text += fmt::format("task = \"{}\"\n", to_string(spec.task));
  return text + fmt::format("drop = {}\nmax_rows = {}\n", toml_list(spec.drop, toml_text), spec.max_rows);
}

/// All but [study] and [data].
std::string choices_toml(const StudySpec& spec) {
  auto text = fmt::format(
      "\n[protocol]\nkind = \"{}\"\nouter_folds = {}\nrepeats = {}\ninner_folds = {}\nconfigurations = {}\n"
      "metric = \"{}\"\nrope = {}\nlook = {}\n",
      spec.protocol == Protocol::fixed ? "fixed" : "nested", spec.outer_folds, spec.repeats, spec.inner_folds,
      spec.configurations, spec.metric, toml_value(spec.rope), spec.look);
  if (spec.kind.empty())
    text += fmt::format("\n[inputs]\nreduction = \"{}\"\nfeatures = {}\nscaling = \"{}\"\n",
                        to_string(spec.reduction), spec.features, spec.scaling);
  text += fmt::format("\n[execution]\nprecision = \"{}\"\nshots = {}\neffort = {}\n",
                      spec.precision == Precision::double_ ? "double" : "single", spec.shots,
                      toml_value(spec.effort));
  if (!spec.devices.empty())
    text +=
        fmt::format("devices = {}\n",
                    toml_list(spec.devices, [](const DeviceEntry& entry) { return toml_text(entry.given); }));
  if (spec.train_on_devices) text += "train = \"noisy\"\n";
  if (!spec.mitigate.empty()) text += fmt::format("mitigate = {}\n", toml_list(spec.mitigate, toml_text));
  for (const auto& entry : spec.entries) text += entry_toml(entry);
  return text;
}

}  // namespace

std::string to_toml(const StudySpec& spec) {
  return study_toml(spec.name, spec.seed) + data_toml(spec, "[data]") + choices_toml(spec);
}

std::string to_toml(const CollectionSpec& spec) {
  if (spec.members.size() == 1) return to_toml(spec.members.front());
  auto text = study_toml(spec.name, spec.members.front().seed);
  for (const auto& member : spec.members) text += data_toml(member, "[[data]]");
  return text + choices_toml(spec.members.front());
}

}  // namespace qupel
