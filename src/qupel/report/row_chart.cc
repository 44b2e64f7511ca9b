#include "qupel/report/row_chart.h"

#include "qupel/report/html.h"

namespace qupel::report {

std::string row_chart(std::string_view label, const std::vector<ChartRow>& rows, std::string_view axis,
                      std::string_view css_class) {
  const auto cell = [](std::string_view name, std::string_view html) {
    return element("div", attribute("class", name), html);
  };
  std::string body;
  for (const auto& row : rows)
    body +=
        cell("row", cell("label", row.label) + cell("drawing", row.strip) + cell("value", row.value)) + "\n";
  if (!axis.empty()) body += cell("row axis", cell("label", "") + cell("drawing", axis) + cell("value", ""));
  return element("figure",
                 attribute("class", css_class) + " role=\"group\" " + attribute("aria-label", label),
                 "\n" + body) +
         "\n";
}

void row_line(Canvas& canvas, double x, int height, std::string_view css) {
  canvas.line(x, -row_reach, x, height + row_reach, css);
}

void row_grid(Canvas& canvas, const Scale& scale, int height) {
  canvas.x_grid(scale, -row_reach, height + row_reach);
}

std::string row_axis(const Scale& scale, const Format& format, std::string_view title, int wanted) {
  auto canvas = Canvas::fluid(36, title);
  canvas.x_labels(scale, 14, format, wanted);
  canvas.text(100, 31, title, "axis", "end");
  return canvas.svg();
}

std::string family_label(std::string_view name, Family family, std::string_view remark) {
  return family_icon(family) +
         element("span", "", escaped(name) + (remark.empty() ? "" : " " + muted(escaped(remark))));
}

}  // namespace qupel::report
