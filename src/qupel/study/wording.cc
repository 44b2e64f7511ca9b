#include "qupel/study/wording.h"

#include <fmt/format.h>

#include <cmath>

namespace qupel {
namespace {

/// Three digits that count, without an exponent where that reads well.
std::string three_digits(double value) {
  if (value == 0 || !std::isfinite(value)) return fmt::format("{:g}", value);
  const double size = std::abs(value);
  if (size >= 1e6 || size < 1e-4) return fmt::format("{:.2e}", value);
  const int decimals = std::max(0, 2 - static_cast<int>(std::floor(std::log10(size))));
  return fmt::format("{:.{}f}", value, decimals);
}

std::string with_unit(std::string number, const Metric& metric) {
  const auto unit = unit_text(metric);
  return unit.empty() ? number : number + " " + unit;
}

}  // namespace

std::string unit_text(const Metric& metric) { return metric.share ? "points" : metric.unit; }

std::string score_text(const Metric& metric, double score) {
  return metric.share ? fmt::format("{:.1f} %", 100 * score) : with_unit(three_digits(score), metric);
}

std::string lead_number(const Metric& metric, double lead) {
  if (!metric.share) return (lead > 0 ? "+" : "") + three_digits(lead);
  const auto text = fmt::format("{:+.1f}", 100 * lead);
  return text == "+0.0" || text == "-0.0" ? "0.0" : text;
}

std::string lead_text(const Metric& metric, double lead) {
  return with_unit(lead_number(metric, lead), metric);
}

std::string size_text(const Metric& metric, double size) {
  if (metric.share) return fmt::format("{:g} point{}", 100 * size, size == 0.01 ? "" : "s");
  return with_unit(three_digits(size), metric);
}

}  // namespace qupel
