#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "qupel/report/chart.h"

// Charts with a row a contender: label, drawing, value. Labels and values are text of the page, drawings
// stretch, so that one chart fits a phone (label above its drawing), a wide screen and paper.
namespace qupel::report {

struct ChartRow {
  std::string label;  ///< markup
  std::string strip;  ///< a fluid drawing of row_height
  std::string value;  ///< markup, right of the drawing
};

constexpr int row_height = 30;
/// A label of several lines makes its row taller than the drawing: rules reach so many pixels beyond it, and
/// the page cuts them at the row's ends.
constexpr double row_reach = 100;

/// A vertical line through a whole row; x in percent.
void row_line(Canvas& canvas, double x, int height, std::string_view css);
/// The scale's ticks as such lines, as many as row_axis labels.
void row_grid(Canvas& canvas, const Scale& scale, int height);

/// @param axis a fluid drawing below the last row, "" for none
/// @param css_class "rows" alone, or with a class that sets other widths
std::string row_chart(std::string_view label, const std::vector<ChartRow>& rows, std::string_view axis,
                      std::string_view css_class = "rows");

/// The drawing below the rows: the scale's labels, and the axis' title at the right end.
std::string row_axis(const Scale& scale, const Format& format, std::string_view title, int wanted = 5);

/// A contender's mark and name, with an optional remark after it.
std::string family_label(std::string_view name, Family family, std::string_view remark = "");

}  // namespace qupel::report
