#include "qupel/report/format.h"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <cmath>

namespace qupel::report {
namespace {

constexpr std::string_view absent = "–", minus = "−";

/// The ASCII minus signs of a formatted number as U+2212.
std::string typographic(const std::string& formatted) {
  std::string out;
  for (const char c : formatted) c == '-' ? out += minus : out += c;
  return out;
}

/// What to print instead of a value that has no digits; "" for a finite one.
std::string without_digits(double value) {
  if (std::isnan(value)) return std::string(absent);
  if (std::isinf(value)) return value > 0 ? "∞" : std::string(minus) + "∞";
  return "";
}

std::string with_thousands(double value) {
  auto digits = fmt::format("{:.0f}", value);
  const std::size_t first = digits.starts_with('-') ? 1 : 0;
  for (std::size_t i = digits.size(); i > first + 3; i -= 3) digits.insert(i - 3, ",");
  return digits;
}

struct Unit {
  double size;
  std::string_view name;
};

}  // namespace

std::string number(double value) {
  if (const auto text = without_digits(value); !text.empty()) return text;
  return typographic(fmt::format("{:.3g}", value));
}

std::string percent(double share) {
  if (const auto text = without_digits(share); !text.empty()) return text;
  return typographic(fmt::format("{:.1f}%", 100 * share));
}

std::string probability(double p) {
  if (p > 0 && p < 0.001) return "<0.1%";
  if (p < 1 && p > 0.999) return ">99.9%";
  return percent(p);
}

std::string points(double difference) {
  if (const auto text = without_digits(difference); !text.empty()) return text;
  const auto digits = fmt::format("{:+.1f}", 100 * difference);
  return digits == "-0.0" || digits == "+0.0" ? "0.0" : typographic(digits);
}

std::string count(double value) {
  if (const auto text = without_digits(value); !text.empty()) return text;
  constexpr std::array units{Unit{1e15, "e15"}, Unit{1e12, " T"}, Unit{1e9, " G"}, Unit{1e6, " M"}};
  if (value >= 1e18) return fmt::format("{:.2g}", value);
  for (const auto& [size, name] : units)
    if (value >= size) return fmt::format("{:.3g}{}", value / size, name);
  return with_thousands(value);
}

std::string duration(double seconds) {
  if (const auto text = without_digits(seconds); !text.empty()) return text;
  if (seconds == 0) return "0 s";
  if (seconds < 0.9995e-3) return fmt::format("{:.3g} µs", seconds * 1e6);
  if (seconds < 0.9995) return fmt::format("{:.3g} ms", seconds * 1e3);
  constexpr double minute = 60, hour = 3600, day = 86400, year = 365.25 * day;
  constexpr std::array units{Unit{2 * year, " y"}, Unit{2 * day, " d"}, Unit{2 * hour, " h"},
                             Unit{2 * minute, " min"}};
  constexpr std::array sizes{year, day, hour, minute};
  for (std::size_t u = 0; u < units.size(); ++u)
    if (seconds >= units[u].size) return fmt::format("{}{}", number(seconds / sizes[u]), units[u].name);
  return fmt::format("{:.3g} s", seconds);
}

std::string plural(double amount, std::string_view noun) {
  return fmt::format("{} {}{}", count(amount), noun, amount == 1 ? "" : "s");
}

std::string score(std::string_view metric, double value) {
  if (metric == "accuracy" || metric == "balanced-accuracy" || metric == "calibration-error")
    return percent(value);
  if (const auto text = without_digits(value); !text.empty()) return text;
  return typographic(fmt::format("{:.3f}", value));
}

std::string score_range(std::string_view metric, const Interval& interval) {
  return fmt::format("[{}, {}]", score(metric, interval.low), score(metric, interval.high));
}

std::string points_range(double low, double high) {
  return fmt::format("[{}, {}]", points(low), points(high));
}

std::string as_sentence(std::string_view text) {
  std::string sentence(text);
  if (sentence.empty()) return sentence;
  sentence[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(sentence[0])));
  if (std::string_view(".!?").find(sentence.back()) == std::string_view::npos) sentence += '.';
  return sentence;
}

}  // namespace qupel::report
