#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "qupel/report/format.h"
#include "qupel/report/html.h"
#include "qupel/report/sections.h"
#include "qupel/report/selection.h"

namespace qupel::report {
namespace {

/// What must be there for a question to make sense.
enum class About { anything, table, classes, numbers };
struct Question {
  std::string_view code, text;
  About about = About::anything;
};
constexpr std::array questions{
    Question{"leak", "Does a column give the target away?", About::table},
    Question{"duplicate", "Do rows repeat?", About::table},
    Question{"granularity", "Do the scores follow from the stored predictions?"},
    Question{"train-is-test", "Were test rows trained on?"},
    Question{"above-validation", "Are test scores too good to be true?"},
    Question{"failed-fit", "Did every fit succeed and converge?"},
    Question{"unequal-budget", "Were all tuned equally?"},
    Question{"outliers", "Do a few rows decide the score?", About::numbers},
    Question{"imbalance", "Is a class rare?", About::classes},
    Question{"too-small", "Are there enough rows?"},
    Question{"no-entanglement", "Does a quantum contender entangle anything?"},
    Question{"weak-baselines", "Did enough classical families learn?"},
    Question{"lost-with-shots", "Does the lead survive finite shots?"},
};

std::string_view sign(Gate::Severity severity) {
  switch (severity) {
    case Gate::Severity::passed:
      return "✓";
    case Gate::Severity::warning:
      return "!";
    case Gate::Severity::refused:
      break;
  }
  return "✕";
}

std::string row(std::string_view css, std::string_view mark, std::string_view state,
                std::string_view question, std::string_view code, std::string_view message) {
  return element("li", attribute("class", css),
                 element("span", "class=\"sign\" aria-hidden=\"true\"", mark) +
                     element("div", "",
                             element("b", "", question.empty() ? escaped(code) : escaped(question)) + " " +
                                 element("span", "class=\"state\"", state) + " " + muted(escaped(code)) +
                                 paragraph("", escaped(as_sentence(message))))) +
         "\n";
}

std::string row_of(const Gate& gate, std::string_view question) {
  const auto state = to_string(gate.severity);
  return row(fmt::format("gate {}", state), sign(gate.severity), state, question, gate.code, gate.message);
}

bool asked_of(const StudyResult& result, About about) {
  switch (about) {
    case About::anything:
      return true;
    case About::table:
      return is_table(result);
    case About::classes:
      return !result.classes.empty();
    case About::numbers:
      break;
  }
  return !result.target_range.empty();
}

}  // namespace

std::string checks_section(const StudyResult& result) {
  std::string rows;
  for (const auto& asked : questions) {
    const auto gate = std::ranges::find(result.gates, asked.code, &Gate::code);
    if (gate != result.gates.end())
      rows += row_of(*gate, asked.text);
    else if (asked_of(result, asked.about))
      rows += row("gate unchecked", "–", "not checked", asked.text, asked.code, "");
  }
  for (const auto& gate : result.gates)
    if (std::none_of(questions.begin(), questions.end(), [&](const auto& q) { return q.code == gate.code; }))
      rows += row_of(gate, "");
  return paragraph(
             "lead",
             "A comparison is worth only what it was checked for. A warning leaves the verdict standing; a "
             "refusal withholds it.") +
         element("ul", "class=\"gates\"", "\n" + rows);
}

}  // namespace qupel::report
