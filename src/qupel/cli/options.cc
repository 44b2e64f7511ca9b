#include <fmt/format.h>

#include <charconv>

#include "qupel/cli/command.h"

namespace qupel::cli {

CLI::Validator whole_number(std::uint64_t least, std::uint64_t most, std::string_view meaning_of_zero) {
  auto rule = most >= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())
                  ? fmt::format("a whole number, {} or more", least)
                  : fmt::format("a whole number from {} to {}", least, most);
  if (!meaning_of_zero.empty()) rule += fmt::format(" (0: {})", meaning_of_zero);
  const auto check = [=](const std::string& text) -> std::string {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    if (whole && value >= least && value <= most) return "";
    return fmt::format("\"{}\" is not {}", text, rule);
  };
  return CLI::Validator(check, "");
}

void add_out(CLI::App& command, std::string& out) {
  command.add_option("--out", out, "folder of the runs (default: qupel-runs, or $QUPEL_RUNS)")
      ->type_name("DIR");
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
      ->check(whole_number(1, most));
}

}  // namespace qupel::cli
