#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "qupel/study/result.h"

// Static SVG, complete without scripts and in print. A mark's tip is shown on hovering, by the page's script
// or else by the browser (title). Colours come from CSS classes, so that one drawing serves the light and the
// dark page.
namespace qupel::report {

/// Maps data to positions, linearly or logarithmically.
class Scale {
 public:
  /// [low, high] goes to [from, to]; a range that is empty, up to rounding, or not finite is widened to one
  /// that is neither.
  Scale(double low, double high, double from, double to, bool logarithmic = false);
  double operator()(double value) const;
  /// Round values inside the range, about `wanted` of them (powers of ten if logarithmic).
  std::vector<double> ticks(int wanted = 5) const;
  bool contains(double value) const;
  /// What two values differ by that are told apart on it: the step of its ticks, or a thousandth of it all. 0
  /// if logarithmic: three digits do.
  double tick_step(int wanted = 5) const;
  double resolution() const { return logarithmic_ ? 0 : (high_ - low_) / 1000; }

 private:
  double low_, high_, from_, to_;
  bool logarithmic_;
};

using Format = std::function<std::string(double)>;
/// Numbers with the digits that tell about `wanted` ticks apart.
Format tick_labels(const Scale& scale, int wanted = 5);

/// The CSS class that colours a family: "quantum", "classical" or "inspired".
std::string_view colour_class(Family family);
/// The mark of a family (disc, square, diamond: colour is never the only sign), to stand in a line of text.
std::string family_icon(Family family);
/// "● quantum ■ classical ◆ quantum-inspired", then `more`.
std::string family_legend(std::string_view more_html = "");

/// Collects the marks of one chart. A mark whose place is not finite is left out.
class Canvas {
 public:
  /// As wide as its place on the page: x counts in percent of the width, y in pixels. No paths.
  static Canvas fluid(int height, std::string_view label) { return {0, height, label}; }
  /// x and y in units of a drawing that is scaled as a whole.
  static Canvas fixed(int width, int height, std::string_view label) { return {width, height, label}; }

  void line(double x1, double y1, double x2, double y2, std::string_view css, std::string_view tip = "");
  void rect(double x, double y, double width, double height, std::string_view css, std::string_view tip = "");
  void dot(double x, double y, double radius, std::string_view css, std::string_view tip = "");
  void text(double x, double y, std::string_view text, std::string_view css = "",
            std::string_view anchor = "start");
  void path(const std::vector<std::pair<double, double>>& points, std::string_view css,
            std::string_view tip = "");
  /// A family's mark, about 11 pixels across.
  void mark(double x, double y, Family family, std::string_view css = "", std::string_view tip = "");

  /// Vertical lines from top to bottom at the scale's ticks.
  void x_grid(const Scale& scale, double top, double bottom, int wanted = 5);
  /// The ticks' labels with their baseline at y.
  void x_labels(const Scale& scale, double y, const Format& format, int wanted = 5);
  /// Horizontal lines with labels left of them.
  void y_axis(const Scale& scale, double left, double right, const Format& format, int wanted = 4);

  std::string svg() const;
  /// What is drawn, to stand in a drawing of somebody else's.
  const std::string& marks() const { return marks_; }

 private:
  Canvas(int width, int height, std::string_view label) : width_(width), height_(height), label_(label) {}
  std::string x(double value) const;  ///< a length along x with its unit

  int width_, height_;
  std::string label_, marks_;
};

/// Moves labels apart until neighbours keep `gap`, in place and in order of
/// position; the lowest stays above `limit`.
void spread(std::vector<double>& positions, double gap, double limit);

}  // namespace qupel::report
