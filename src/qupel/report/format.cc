#include "qupel/report/format.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>

#include "qupel/study/wording.h"

namespace qupel::report {
namespace {

constexpr std::string_view absent = "–", minus = "−";
constexpr std::string_view percent_sign = "\u00A0%";  // a space that keeps number and sign on one line

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

/// 1.5 × 10⁶: one digit after the point.
std::string scientific(double value) {
  constexpr std::array digits{"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  const auto text = fmt::format("{:.1e}", value);
  const auto e = text.find('e');
  std::string exponent = text[e + 1] == '-' ? "⁻" : "";
  for (const char c : std::to_string(std::abs(std::stoi(text.substr(e + 1)))))
    exponent += digits[static_cast<std::size_t>(c - '0')];
  return fmt::format("{} × 10{}", typographic(text.substr(0, e)), exponent);
}

bool reads_in_percent(const Metric& metric) { return metric.share && !metric.read_as_number; }

/// A score without its unit.
std::string score_number(const Metric& metric, double value) {
  if (const auto text = without_digits(value); !text.empty()) return text;
  if (reads_in_percent(metric)) return typographic(fmt::format("{:.1f}", 100 * value));
  constexpr double large = 1e6;
  if (std::abs(value) >= large || !(metric.spread > 0)) return number(value);
  const auto decimals = std::clamp(3 - static_cast<int>(std::floor(std::log10(metric.spread))), 0, 12);
  return typographic(fmt::format("{:.{}f}", value, decimals));
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

struct Unit {
  double size;
  std::string_view name;
};

}  // namespace

std::string number(double value) {
  if (const auto text = without_digits(value); !text.empty()) return text;
  const double size = std::abs(value);
  if (size >= 1e15 || (size > 0 && size < 1e-4)) return scientific(value);
  if (size >= 999.5) {
    const double unit = std::pow(10, std::floor(std::log10(size)) - 2);
    return typographic(with_thousands(std::round(value / unit) * unit));
  }
  return typographic(fmt::format("{:.3g}", value));
}

std::string number(double value, double resolution) {
  const double size = std::abs(value);
  if (!(resolution > 0) || !std::isfinite(resolution) || !std::isfinite(value) || size >= 1e15 ||
      std::pow(10, std::floor(std::log10(size)) - 2) <= resolution)
    return number(value);
  const int decimals = std::clamp(static_cast<int>(std::ceil(-std::log10(resolution) - 1e-9)), 0, 15);
  return typographic(fmt::format("{:.{}f}", value, decimals));
}

std::string percent(double share) {
  if (const auto text = without_digits(share); !text.empty()) return text;
  return typographic(fmt::format("{:.1f}{}", 100 * share, percent_sign));
}

std::string whole_percent(double share) { return fmt::format("{:.4g}{}", 100 * share, percent_sign); }

std::string probability(double p) {
  if (p > 0 && p < 0.001) return fmt::format("<0.1{}", percent_sign);
  if (p < 1 && p > 0.999) return fmt::format(">99.9{}", percent_sign);
  return percent(p);
}

std::string p_value(double p) {
  if (p < 0.001) return "p < 0.001";
  return fmt::format("p = {}", std::isnan(p) ? std::string(absent) : fmt::format("{:.3f}", p));
}

std::string count(double value) {
  if (const auto text = without_digits(value); !text.empty()) return text;
  constexpr std::array units{Unit{1e12, "\u00A0trillion"}, Unit{1e9, "\u00A0billion"},
                             Unit{1e6, "\u00A0million"}};
  if (value >= 1e15) return scientific(value);
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

std::string score(const Metric& metric, double value) {
  if (reads_in_percent(metric)) return percent(value);
  const auto text = score_number(metric, value);
  return metric.unit.empty() || !std::isfinite(value) ? text : text + " " + metric.unit;
}

std::string axis_score(const Metric& metric, double value) {
  return reads_in_percent(metric) ? whole_percent(value) : typographic(fmt::format("{:.4g}", value));
}

std::string score_range(const Metric& metric, const Interval& interval) {
  return fmt::format("[{}, {}]", score_number(metric, interval.low), score_number(metric, interval.high));
}

std::string lead(const Metric& metric, double value) {
  if (const auto text = without_digits(value); !text.empty()) return text;
  return metric.share ? typographic(lead_number(metric, value)) : (value > 0 ? "+" : "") + number(value);
}

std::string lead_range(const Metric& metric, double low, double high) {
  return fmt::format("[{}, {}]", lead(metric, low), lead(metric, high));
}

std::string lead_unit(const Metric& metric) {
  const auto unit = unit_text(metric);
  return unit.empty() ? "of " + metric.name : unit;
}

std::string told_lead(const Metric& metric, double value, double low, double high) {
  return fmt::format("{} {} {}", lead(metric, value), lead_unit(metric), lead_range(metric, low, high));
}

std::string lead_size(const Metric& metric, double size) {
  return fmt::format("{} {}", number(metric.share ? 100 * size : size), lead_unit(metric));
}

std::string lead_name(const Metric& metric) { return metric.share ? "points" : "lead in " + metric.name; }

std::string typeset(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char before = i > 0 ? text[i - 1] : ' ', after = i + 1 < text.size() ? text[i + 1] : ' ';
    if (text[i] == '-' && is_digit(after) && std::string_view(" [(").find(before) != std::string_view::npos)
      out += minus;
    else if (text[i] == ' ' && after == '%' && is_digit(before))
      continue;
    else if (text[i] == '%' && (is_digit(before) || (before == ' ' && i > 1 && is_digit(text[i - 2]))))
      out += percent_sign;
    else
      out += text[i];
  }
  return out;
}

std::string as_sentence(std::string_view text) {
  auto sentence = typeset(text);
  if (sentence.empty()) return sentence;
  sentence[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(sentence[0])));
  if (std::string_view(".!?").find(sentence.back()) == std::string_view::npos) sentence += '.';
  return sentence;
}

}  // namespace qupel::report
