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

std::string_view sign(Check::Severity severity) {
  switch (severity) {
    case Check::Severity::passed:
      return "✓";
    case Check::Severity::warning:
      return "!";
    case Check::Severity::refused:
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

std::string row_of(const Check& check, std::string_view question) {
  const auto state = to_string(check.severity);
  return row(fmt::format("check {}", state), sign(check.severity), state, question, check.code,
             check.message);
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
    const auto check = std::ranges::find(result.checks, asked.code, &Check::code);
    if (check != result.checks.end())
      rows += row_of(*check, asked.text);
    else if (asked_of(result, asked.about))
      rows += row("check unchecked", "–", "not checked", asked.text, asked.code, "");
  }
  for (const auto& check : result.checks)
    if (std::none_of(questions.begin(), questions.end(), [&](const auto& q) { return q.code == check.code; }))
      rows += row_of(check, "");
  return paragraph(
             "lead",
             "A comparison is worth only what it was checked for. A warning leaves the verdict standing; a "
             "refusal withholds it.") +
         element("ul", "class=\"checks\"", "\n" + rows);
}

}  // namespace qupel::report
