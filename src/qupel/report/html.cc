#include "qupel/report/html.h"

#include <fmt/format.h>

namespace qupel::report {

namespace {

/// A cell knows its column where that has a plain name: a table that becomes a list shows it.
std::string cell(const std::string& column, std::string_view html) {
  const bool plain = !column.empty() && column.find('<') == std::string::npos;
  return element("td", plain ? fmt::format("data-column=\"{}\"", column) : "", html);
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default: {
        const bool control = static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t';
        control || c == 0x7f ? out += "\uFFFD" : out += c;
      }
    }
  }
  return out;
}

std::string attribute(std::string_view name, std::string_view value) {
  return fmt::format("{}=\"{}\"", name, escaped(value));
}

std::string element(std::string_view name, std::string_view attributes, std::string_view html) {
  return fmt::format("<{}{}{}>{}</{}>", name, attributes.empty() ? "" : " ", attributes, html, name);
}

std::string paragraph(std::string_view css_class, std::string_view html) {
  return element("p", css_class.empty() ? "" : attribute("class", css_class), html) + "\n";
}

std::string muted(std::string_view html) { return element("span", "class=\"muted\"", html); }

std::string table(std::string_view caption, const std::vector<std::string>& header,
                  const std::vector<std::vector<std::string>>& rows, std::string_view css_class) {
  std::string head, body;
  for (const auto& cell : header) head += element("th", "scope=\"col\"", cell);
  for (const auto& row : rows) {
    std::string cells;
    for (std::size_t c = 0; c < row.size(); ++c)
      cells +=
          c == 0 ? element("th", "scope=\"row\"", row[c]) : cell(c < header.size() ? header[c] : "", row[c]);
    body += element("tr", "", cells) + "\n";
  }
  const auto parts = element("caption", "class=\"unseen\"", escaped(caption)) +
                     element("thead", "", element("tr", "", head)) + element("tbody", "", "\n" + body);
  return scrolling(caption, element("table", css_class.empty() ? "" : attribute("class", css_class), parts));
}

std::string scrolling(std::string_view label, std::string_view html) {
  return element("div", "class=\"scroll\" tabindex=\"0\" role=\"region\" " + attribute("aria-label", label),
                 html) +
         "\n";
}

std::string preformatted(std::string_view label, std::string_view text) {
  return scrolling(label, element("pre", "", escaped(text)));
}

std::string folded(std::string_view summary_html, std::string_view html, bool open) {
  return element("details", open ? "open" : "", element("summary", "", summary_html) + std::string(html)) +
         "\n";
}

std::string listing(std::string_view summary_html, std::string_view html) {
  return element("details", "class=\"listing\"", element("summary", "", summary_html) + std::string(html)) +
         "\n";
}

}  // namespace qupel::report
