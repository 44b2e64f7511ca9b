#include "qupel/mitigate/options.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "qupel/base/error.h"

namespace qupel::mitigate {
namespace {

std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == at)
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

std::optional<double> number_in(const std::string& word) {
  double number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (error != std::errc{} || end != word.data() + word.size() || !std::isfinite(number)) return std::nullopt;
  return number;
}

}  // namespace

Options::Options(std::string_view technique, std::string_view text) : technique_(technique), text_(text) {
  if (text.find_first_not_of(' ') == std::string_view::npos) return;
  for (const auto& part : split(text, ',')) {
    Option option;
    for (const auto& word : split(part, ' ')) {
      if (word.empty()) continue;
      if (const auto number = number_in(word))
        option.numbers.push_back(*number);
      else if (!option.numbers.empty())
        fail(fmt::format("\"{}\" is no number; options stand apart by commas", word));
      else
        option.name += (option.name.empty() ? "" : " ") + word;
    }
    if (option.name.empty() && option.numbers.empty())
      fail("an option between commas is empty; leave it out");
    options_.push_back(std::move(option));
  }
}

void Options::require_known(std::vector<std::string> names) const {
  for (std::size_t i = 0; i < options_.size(); ++i) {
    const auto& name = options_[i].name;
    const auto same = [&](const Option& other) { return other.name == name; };
    if (std::ranges::count_if(options_, same) > 1)
      fail(name.empty() ? "numbers without a word stand twice" : fmt::format("{} stands twice", name));
    if (std::ranges::find(names, name) != names.end()) continue;
    if (name.empty()) fail("it takes no numbers without a word before them");
    std::erase(names, "");
    if (names.empty()) fail("it takes no options but numbers");
    fail(unknown_name(name, "one of its options", names));
  }
}

const Option* Options::find(std::string_view name) const {
  const auto found = std::ranges::find(options_, name, &Option::name);
  return found == options_.end() ? nullptr : &*found;
}

double Options::number(std::string_view name, double usual, double low, double high,
                       std::string_view what) const {
  const auto* option = find(name);
  if (option == nullptr) return usual;
  if (option->numbers.size() != 1 || !(option->numbers[0] >= low && option->numbers[0] <= high))
    fail(fmt::format("{} is one number from {:.12g} to {:.12g}", what, low, high));
  return option->numbers[0];
}

std::size_t Options::whole(std::string_view name, std::size_t usual, std::size_t low, std::size_t high,
                           std::string_view what) const {
  const auto* option = find(name);
  if (option == nullptr) return usual;
  if (option->numbers.size() != 1 || option->numbers[0] != std::floor(option->numbers[0]) ||
      !(option->numbers[0] >= static_cast<double>(low) && option->numbers[0] <= static_cast<double>(high)))
    fail(fmt::format("{} is a whole number from {} to {}", what, low, high));
  return static_cast<std::size_t>(option->numbers[0]);
}

void Options::fail(std::string_view rule) const {
  throw InputError(fmt::format("{}({}): {}", technique_, text_, rule));
}

}  // namespace qupel::mitigate
