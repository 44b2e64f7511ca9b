#include "qupel/study/default_metric.h"

#include <algorithm>

#include "qupel/problem/tabular/generators.h"
#include "qupel/problem/tabular/tabular.h"

namespace qupel {
namespace {

std::string text_in(const toml::table& data, std::string_view key) {
  return data[key].value_or<std::string>("");
}

bool set_holds_numbers(const std::string& name) {
  const auto set = full_generator_name(name);
  return std::ranges::any_of(
      data_sets(), [&](const DataSetSpec& known) { return known.name == set && known.classes == 0; });
}

bool asks_for_numbers(const toml::table& data, const std::filesystem::path& folder) {
  const auto task = text_in(data, "task"), file = text_in(data, "file");
  if (task == "regression" || task == "classification") return task == "regression";
  if (file.empty()) return set_holds_numbers(text_in(data, "set"));
  return target_holds_numbers(folder / file, text_in(data, "target"));
}

}  // namespace

std::string default_metric(std::span<const toml::table* const> data, const std::filesystem::path& folder) {
  const auto numbers = [&](const toml::table* table) { return asks_for_numbers(*table, folder); };
  return std::ranges::any_of(data, numbers) ? "rmse" : "accuracy";
}

}  // namespace qupel
