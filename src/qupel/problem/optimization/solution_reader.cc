#include "qupel/problem/optimization/solution_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "qupel/base/error.h"
#include "qupel/base/text.h"

namespace qupel {
namespace {

using json = nlohmann::json;

constexpr std::size_t longest_shown = 60;  // characters of what was answered

std::string shown(const json& value) {
  auto text = value.dump(-1, ' ', true, json::error_handler_t::replace);
  if (text.size() > longest_shown) text = text.substr(0, longest_shown) + "...";
  return text;
}

json parsed(std::string_view text) {
  auto value = json::parse(text, nullptr, false);
  if (value.is_discarded()) throw InputError("a solution that is no JSON");
  return value;
}

std::int64_t whole_number_of(const json& value, const std::string& name) {
  constexpr double most = 9007199254740992.0;  // 2^53
  if (value.is_boolean()) return value.get<bool>() ? 1 : 0;
  const double number = value.is_number() ? value.get<double>() : std::nan("");
  if (!(std::abs(number) <= most) || number != std::floor(number))
    throw InputError(fmt::format("{} = {}, which is no whole number", name, shown(value)));
  return static_cast<std::int64_t>(number);
}

std::string name_text(const json& value, std::string_view what) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_integer()) return value.dump();
  throw InputError(fmt::format("{} for the name of a {}", shown(value), what));
}

Values places_in(const json& list, const std::vector<std::string>& names, std::string_view what) {
  if (!list.is_array())
    throw InputError(fmt::format("a solution {}, which is no list of {}s", shown(list), what));
  Values places;
  for (const auto& item : list) {
    const auto name = name_text(item, what);
    const auto found = std::ranges::find(names, name);
    if (found == names.end())
      throw InputError(unknown_name(name, fmt::format("a {} of the problem", what), names));
    places.push_back(found - names.begin());
  }
  return places;
}

}  // namespace

Values numbers_by_name(std::string_view text, const std::vector<std::string>& names) {
  const auto value = parsed(text);
  if (!value.is_array() && !value.is_object())
    throw InputError(
        fmt::format("a solution {}, which is neither an object by name nor a list", shown(value)));
  if (value.size() != names.size())
    throw InputError(fmt::format("a solution of {} values for {} variables", value.size(), names.size()));
  Values values;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (value.is_array()) {
      values.push_back(whole_number_of(value[i], names[i]));
      continue;
    }
    const auto found = value.find(names[i]);
    if (found == value.end()) throw InputError(fmt::format("a solution without a value for {}", names[i]));
    values.push_back(whole_number_of(*found, names[i]));
  }
  return values;
}

Values places_of_names(std::string_view text, const std::vector<std::string>& names, std::string_view what) {
  return places_in(parsed(text), names, what);
}

std::vector<Values> lists_of_names(std::string_view text, const std::vector<std::string>& names,
                                   std::string_view what) {
  const auto value = parsed(text);
  if (!value.is_array())
    throw InputError(fmt::format("a solution {}, which is no list of lists of {}s", shown(value), what));
  std::vector<Values> lists;
  for (const auto& list : value) lists.push_back(places_in(list, names, what));
  return lists;
}

}  // namespace qupel
