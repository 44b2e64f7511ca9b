#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>

#include "qupel/base/code_points.h"
#include "qupel/base/error.h"
#include "qupel/cli/command.h"

namespace qupel::cli {
namespace {

/// The whole number that a text writes with a point or an exponent or without: 1000, 1e3, 2.5e3.
std::optional<std::uint64_t> whole(std::string_view text) {
  std::string digits;
  long long places = 0;  // that the digits are to be moved up
  const auto exponent = text.find_first_of("eE");
  const auto number = text.substr(0, exponent);
  for (bool after_point = false; const char c : number) {
    if (c == '.' && !after_point) {
      after_point = true;
      continue;
    }
    if (c < '0' || c > '9') return std::nullopt;
    digits += c;
    places -= after_point ? 1 : 0;
  }
  if (digits.empty()) return std::nullopt;
  if (exponent != std::string_view::npos) {
    auto written = text.substr(exponent + 1);
    if (written.starts_with('+')) written.remove_prefix(1);
    int value = 0;
    const auto [end, error] = std::from_chars(written.data(), written.data() + written.size(), value);
    if (error != std::errc{} || end != written.data() + written.size()) return std::nullopt;
    places += value;
  }
  for (; places < 0 && digits.size() > 1 && digits.back() == '0'; ++places) digits.pop_back();
  constexpr long long most_places = 20;
  if (digits.find_first_not_of('0') == std::string::npos) return 0;
  if (places < 0 || places > most_places) return std::nullopt;
  digits.append(static_cast<std::size_t>(places), '0');
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{}) return std::nullopt;
  return value;
}

}  // namespace

CLI::Validator whole_number(std::uint64_t least, std::uint64_t most, std::string_view meaning_of_zero) {
  auto rule = most >= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())
                  ? fmt::format("a whole number, {} or more", least)
                  : fmt::format("a whole number from {} to {}", least, most);
  if (!meaning_of_zero.empty()) rule += fmt::format(" (0: {})", meaning_of_zero);
  const auto check = [=](std::string& text) -> std::string {
    const auto value = whole(text);
    if (!value && !text.empty() && std::ranges::all_of(text, is_digit))
      return fmt::format("{} is more than {}, the most", text, most);
    if (!value || *value < least || *value > most) return fmt::format("{} is not {}", in_quotes(text), rule);
    text = std::to_string(*value);  // what the option itself reads
    return "";
  };
  return CLI::Validator(check, "");
}

CLI::Validator not_empty() {
  return {[](const std::string& text) {
            return text.find_first_not_of(" \t\n;,") == std::string::npos
                       ? fmt::format("\"{}\" is empty; leave the option out to do without it", text)
                       : std::string();
          },
          ""};
}

void add_out(CLI::App& command, std::string& out) {
  command.add_option("--out", out, "folder of the runs (default: qupel-runs, or $QUPEL_RUNS)")
      ->type_name("DIR");
}

void require_other_file(const std::string& out, const std::vector<std::string>& inputs) {
  for (const auto& input : inputs) {
    std::error_code error;
    if (!out.empty() && std::filesystem::equivalent(out, input, error))
      throw InputError(fmt::format("--out: {} is what is read; choose another name", out));
  }
}

void add_json(CLI::App& command, bool& json) {
  command.add_flag("--json", json, "print one JSON object for programs to read, and nothing else");
}

void add_threads(CLI::App& command, int& threads) {
  constexpr int most = 4096;
  command
      .add_option("--threads", threads,
                  "threads to compute with; results are the same for any (default: all cores)")
      ->type_name("N")
      ->transform(whole_number(1, most));
}

}  // namespace qupel::cli
