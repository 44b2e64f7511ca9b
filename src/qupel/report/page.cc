#include "qupel/report/page.h"

#include <fmt/format.h>

#include "qupel/base/embedded.h"
#include "qupel/report/format.h"
#include "qupel/report/html.h"

namespace qupel::report {
namespace {

/// The dark colours stand once in their file, for the reader's preference and
/// for the switch. Paper is always light.
std::string style() {
  const auto dark = embedded_file("report/assets/dark.css");
  return fmt::format(
      "{}\n@media screen and (prefers-color-scheme: dark) {{ :root:not([data-theme=\"light\"]) {{\n{}}} }}\n"
      "@media screen {{ :root[data-theme=\"dark\"] {{\n{}}} }}\n",
      embedded_file("report/assets/report.css"), dark, dark);
}

/// The policy forbids the page every connection, whatever is in it.
std::string head(std::string_view title) {
  return "<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, "
         "initial-scale=1\">\n"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
         "'unsafe-inline'; script-src "
         "'unsafe-inline'; img-src data:\">\n<link rel=\"icon\" href=\"data:,\">\n" +
         element("title", "", escaped(fmt::format("{} – Qupel", title))) + "\n" +
         element("style", "", style()) + "\n";
}

std::string body(std::string_view header_html, const std::vector<Part>& parts) {
  std::string links, content;
  for (const auto& part : parts) {
    if (part.html.empty()) continue;
    links += element("li", "", fmt::format("<a href=\"#{}\">{}</a>", part.id, part.short_title));
    content +=
        element("section", attribute("id", part.id), element("h2", "", part.title) + "\n" + part.html) + "\n";
  }
  return "<nav aria-label=\"contents\">" + element("p", "class=\"brand\"", "Qupel") +
         element("ol", "", links) +
         "<button id=\"theme\" type=\"button\" hidden>light / dark</button></nav>\n" +
         element("main", "", fmt::format("\n{}{}", header_html, content)) +
         "\n<div id=\"tip\" role=\"status\" hidden></div>\n" +
         element("script", "", embedded_file("report/assets/report.js"));
}

}  // namespace

std::string page(std::string_view title, std::string_view header_html, const std::vector<Part>& parts) {
  return "<!doctype html>\n" +
         element("html", "lang=\"en\"",
                 "\n" + element("head", "", "\n" + head(title)) +
                     element("body", "", "\n" + body(header_html, parts)) + "\n") +
         "\n";
}

std::string answer_header(std::string_view css, std::string_view sign, std::string_view question_html,
                          std::string_view answer, std::string_view reason, std::string_view below_html) {
  const auto heading = element("h1", "",
                               element("span", "class=\"sign\" aria-hidden=\"true\"", sign) +
                                   element("span", "", escaped(answer))) +
                       "\n";
  return element("header", attribute("class", fmt::format("verdict {}", css)),
                 paragraph("kicker", question_html) + heading +
                     paragraph("reason", escaped(as_sentence(reason))) + std::string(below_html)) +
         "\n";
}

std::string fact_list(const std::vector<Fact>& facts) {
  std::string items;
  for (const auto& fact : facts)
    items += element("div", "", element("dt", "", fact.name) + element("dd", "", fact.html));
  return element("dl", "class=\"facts\"", items);
}

}  // namespace qupel::report
