#include "qupel/report/chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <numeric>

#include "qupel/report/format.h"
#include "qupel/report/html.h"

namespace qupel::report {
namespace {

constexpr double smallest = 1e-300;

/// A step of 1, 2 or 5 times a power of ten.
double round_step(double range, int wanted) {
  const double raw = range / wanted, power = std::pow(10, std::floor(std::log10(raw)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (raw <= factor * power) return factor * power;
  return 10 * power;
}

/// The end of a mark's tag: empty, or with its tip.
std::string closed(std::string_view name, std::string_view tip) {
  if (tip.empty()) return "/>";
  return fmt::format(" {}>{}</{}>\n", attribute("data-tip", tip), element("title", "", escaped(tip)), name);
}

/// A mark at a place that is not a number is not drawn.
bool drawable(std::initializer_list<double> lengths) {
  return std::all_of(lengths.begin(), lengths.end(), [](double length) { return std::isfinite(length); });
}

std::string_view outline(Family family) {
  switch (family) {
    case Family::quantum:
      return "M-5.5 0a5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0-11 0z";
    case Family::classical:
      return "M-4.8-4.8h9.6v9.6h-9.6z";
    case Family::quantum_inspired:
      break;
  }
  return "M0-6.6L6.6 0 0 6.6-6.6 0z";
}

}  // namespace

Scale::Scale(double low, double high, double from, double to, bool logarithmic)
    : low_(low), high_(high), from_(from), to_(to), logarithmic_(logarithmic) {
  if (logarithmic_) {
    low_ = std::log10(std::max(low, smallest));
    high_ = std::log10(std::max(high, smallest));
  }
  if (!std::isfinite(low_)) low_ = 0;
  // Ends that only rounding tells apart are one: ticks between them would be the same number again and again.
  const double size = std::max(std::abs(low_), std::abs(high_));
  if (!std::isfinite(high_) || high_ - low_ <= 1e-9 * size)
    high_ = low_ + std::max(1.0, 1e-3 * std::abs(low_));
}

double Scale::operator()(double value) const {
  const double v = logarithmic_ ? std::log10(std::max(value, smallest)) : value;
  return from_ + (to_ - from_) * (v - low_) / (high_ - low_);
}

bool Scale::contains(double value) const {
  const double v = logarithmic_ ? std::log10(std::max(value, smallest)) : value,
               slack = 1e-9 * (high_ - low_);
  return v >= low_ - slack && v <= high_ + slack;
}

double Scale::tick_step(int wanted) const { return logarithmic_ ? 0 : round_step(high_ - low_, wanted); }

std::vector<double> Scale::ticks(int wanted) const {
  std::vector<double> values;
  const double range = high_ - low_;
  const double step = logarithmic_ ? std::max(1.0, std::ceil(range / wanted)) : tick_step(wanted);
  for (double k = std::ceil(low_ / step - 1e-9); k * step <= high_ + 1e-9 * step; ++k)
    values.push_back(logarithmic_ ? std::pow(10, k * step) : k == 0 ? 0 : k * step);
  return values;
}

Format tick_labels(const Scale& scale, int wanted) {
  return [step = scale.tick_step(wanted)](double value) { return number(value, step); };
}

std::string_view colour_class(Family family) {
  return family == Family::quantum_inspired ? "inspired" : to_string(family);
}

std::string family_icon(Family family) {
  return fmt::format(
      "<svg class=\"icon\" viewBox=\"-8 -8 16 16\" aria-hidden=\"true\"><path d=\"{}\" class=\"{}\"/></svg>",
      outline(family), colour_class(family));
}

std::string family_legend(std::string_view more_html) {
  std::string items;
  for (const auto family : {Family::quantum, Family::classical, Family::quantum_inspired})
    items += element("span", "", family_icon(family) + std::string(to_string(family)));
  return paragraph("legend", items + std::string(more_html));
}

std::string Canvas::x(double value) const { return fmt::format("{:.2f}{}", value, width_ == 0 ? "%" : ""); }

void Canvas::line(double x1, double y1, double x2, double y2, std::string_view css, std::string_view tip) {
  if (!drawable({x1, y1, x2, y2})) return;
  marks_ += fmt::format("<line x1=\"{}\" y1=\"{:.1f}\" x2=\"{}\" y2=\"{:.1f}\" class=\"{}\"", x(x1), y1,
                        x(x2), y2, css) +
            closed("line", tip);
}
void Canvas::rect(double left, double y, double width, double height, std::string_view css,
                  std::string_view tip) {
  if (!drawable({left, y, width, height})) return;
  marks_ += fmt::format("<rect x=\"{}\" y=\"{:.1f}\" width=\"{}\" height=\"{:.1f}\" class=\"{}\"", x(left), y,
                        x(std::max(width, 0.0)), height, css) +
            closed("rect", tip);
}
void Canvas::dot(double cx, double cy, double radius, std::string_view css, std::string_view tip) {
  if (!drawable({cx, cy, radius})) return;
  marks_ += fmt::format("<circle cx=\"{}\" cy=\"{:.1f}\" r=\"{:.1f}\" class=\"{}\"", x(cx), cy, radius, css) +
            closed("circle", tip);
}
void Canvas::text(double left, double y, std::string_view text, std::string_view css,
                  std::string_view anchor) {
  marks_ += fmt::format("<text x=\"{}\" y=\"{:.1f}\" class=\"{}\" text-anchor=\"{}\">{}</text>\n", x(left), y,
                        css, anchor, escaped(text));
}
void Canvas::path(const std::vector<std::pair<double, double>>& points, std::string_view css,
                  std::string_view tip) {
  std::string d;
  for (const auto& [px, py] : points)
    if (drawable({px, py})) d += fmt::format("{}{:.1f} {:.1f}", d.empty() ? "M" : "L", px, py);
  marks_ += fmt::format("<path d=\"{}\" class=\"{}\"", d, css) + closed("path", tip);
}
void Canvas::mark(double cx, double cy, Family family, std::string_view css, std::string_view tip) {
  if (!drawable({cx, cy})) return;
  // A nested drawing takes a position in percent, a path alone does not.
  marks_ += fmt::format("<svg x=\"{}\" y=\"{:.1f}\" class=\"at\"><path d=\"{}\" class=\"mark {}{}{}\"", x(cx),
                        cy, outline(family), colour_class(family), css.empty() ? "" : " ", css) +
            closed("path", tip) + "</svg>";
}

void Canvas::x_grid(const Scale& scale, double top, double bottom, int wanted) {
  for (const double tick : scale.ticks(wanted)) line(scale(tick), top, scale(tick), bottom, "grid");
}
void Canvas::x_labels(const Scale& scale, double y, const Format& format, int wanted) {
  for (const double tick : scale.ticks(wanted)) text(scale(tick), y, format(tick), "tick", "middle");
}
void Canvas::y_axis(const Scale& scale, double left, double right, const Format& format, int wanted) {
  for (const double tick : scale.ticks(wanted)) {
    line(left, scale(tick), right, scale(tick), "grid");
    text(left - 6, scale(tick) + 4, format(tick), "tick", "end");
  }
}

std::string Canvas::svg() const {
  const auto size = width_ == 0 ? fmt::format("class=\"strip\" height=\"{}\"", height_)
                                : fmt::format("class=\"plot\" viewBox=\"0 0 {} {}\"", width_, height_);
  return element("svg", fmt::format("{} role=\"img\" {}", size, attribute("aria-label", label_)), marks_) +
         "\n";
}

void spread(std::vector<double>& positions, double gap, double limit) {
  std::vector<std::size_t> order(positions.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return positions[a] < positions[b]; });
  for (std::size_t i = 1; i < order.size(); ++i)
    positions[order[i]] = std::max(positions[order[i]], positions[order[i - 1]] + gap);
  for (std::size_t i = order.size(); i-- > 0; limit -= gap)
    positions[order[i]] = std::min(positions[order[i]], limit);
}

}  // namespace qupel::report
