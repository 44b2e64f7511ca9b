#include <fmt/format.h>

#include <array>

#include "qupel/base/embedded.h"
#include "qupel/report/html.h"
#include "qupel/report/report.h"
#include "qupel/report/sections.h"

namespace qupel {
namespace report {
namespace {

struct Section {
  std::string_view id, title, short_title;
  std::string (*content)(const StudyResult&);
};

/// The page below the verdict, in reading order: the answer, why, what it costs, what happened, whether to
/// trust it.
constexpr std::array sections{
    Section{"cost", "What it really costs", "Cost", cost_table},
    Section{"scores", "Everybody on the same splits", "Scores", scores_section},
    Section{"differences", "Paired differences", "Differences", differences_section},
    Section{"reduction", "What fewer columns cost, what the model costs", "Reduction", reduction_section},
    Section{"entanglement", "Is entanglement doing anything?", "Entanglement", entanglement_section},
    Section{"shots", "Exact against counted", "Shots", shots_section},
    Section{"spending", "Where the time went", "Time and circuits", spending_section},
    Section{"encoding", "Loading data", "Loading data", encoding_section},
    Section{"circuits", "The circuits", "Circuits", circuits_section},
    Section{"confusion", "Where they are wrong", "Errors", confusion_section},
    Section{"calibration", "Does the stated probability hold?", "Calibration", calibration_section},
    Section{"training", "Learning curves", "Learning curves", training_section},
    Section{"settings", "What tuning chose", "Tuning", settings_section},
    Section{"checks", "What was checked", "Checks", checks_section},
    Section{"data", "What was read", "Data", data_section},
    Section{"method", "Method in short", "Method", method_section},
    Section{"replay", "Do it again", "Do it again", replay_section},
};

/// The dark colours stand once in their file, for the reader's preference and for the switch. Paper is always
/// light.
std::string style() {
  const auto dark = embedded_file("report/assets/dark.css");
  return fmt::format(
      "{}\n@media screen and (prefers-color-scheme: dark) {{ :root:not([data-theme=\"light\"]) {{\n{}}} }}\n"
      "@media screen {{ :root[data-theme=\"dark\"] {{\n{}}} }}\n",
      embedded_file("report/assets/report.css"), dark, dark);
}

/// The policy forbids the page every connection, whatever is in it.
std::string head(const StudyResult& result) {
  return "<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, "
         "initial-scale=1\">\n"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
         "'unsafe-inline'; script-src "
         "'unsafe-inline'; img-src data:\">\n<link rel=\"icon\" href=\"data:,\">\n" +
         element("title", "",
                 escaped(fmt::format("{}: {} – Qupel", result.name, to_string(result.verdict)))) +
         "\n" + element("style", "", style()) + "\n";
}

std::string body(const StudyResult& result) {
  std::string links, content;
  for (const auto& section : sections) {
    const auto html = section.content(result);
    if (html.empty()) continue;
    links += element("li", "", fmt::format("<a href=\"#{}\">{}</a>", section.id, section.short_title));
    content +=
        element("section", attribute("id", section.id), element("h2", "", section.title) + "\n" + html) +
        "\n";
  }
  return "<nav aria-label=\"contents\">" + element("p", "class=\"brand\"", "Qupel") +
         element("ol", "", links) +
         "<button id=\"theme\" type=\"button\" hidden>light / dark</button></nav>\n" +
         element("main", "", "\n" + verdict_header(result) + content) +
         "\n<div id=\"tip\" role=\"status\" hidden></div>\n" +
         element("script", "", embedded_file("report/assets/report.js"));
}

}  // namespace
}  // namespace report

std::string html_report(const StudyResult& result) {
  using report::element;
  return "<!doctype html>\n" +
         element("html", "lang=\"en\"",
                 "\n" + element("head", "", "\n" + report::head(result)) +
                     element("body", "", "\n" + report::body(result)) + "\n") +
         "\n";
}

}  // namespace qupel
