#include <fmt/format.h>

#include <array>

#include "qupel/report/chart.h"
#include "qupel/report/format.h"
#include "qupel/report/html.h"
#include "qupel/report/page.h"
#include "qupel/report/sections.h"
#include "qupel/report/selection.h"
#include "qupel/report/terminal.h"
#include "qupel/report/wording.h"

namespace qupel::report {
namespace {

/// How sure the study is, as one bar.
std::string certainty(const Metric& metric, const Comparison& c) {
  struct Part {
    std::string_view css, words;
    double p;
  };
  const std::array parts{Part{"classical", "classical better", c.p_worse},
                         Part{"same", "practically equal", c.p_equivalent},
                         Part{"quantum", "quantum better", c.p_better}};
  auto canvas = Canvas::fluid(
      18, fmt::format("probability: classical better {}, practically equal {}, quantum better {}",
                      probability(c.p_worse), probability(c.p_equivalent), probability(c.p_better)));
  std::string legend;
  double from = 0;
  for (const auto& [css, words, p] : parts) {
    canvas.rect(from, 0, 100 * p, 18, fmt::format("fill {}", css),
                fmt::format("{}: {}", words, probability(p)));
    from += 100 * p;
    legend += element(
        "span", "", fmt::format("<i class=\"key {}\"></i>{} <b>{}</b>", css, words, escaped(probability(p))));
  }
  const auto of = fmt::format("{} against {}: {}", escaped(c.contender), escaped(c.against),
                              escaped(told_lead(metric, c.difference, c.low, c.high)));
  return element("div", "class=\"certainty\"",
                 canvas.svg() + paragraph("legend", legend + element("span", "class=\"muted\"", of)));
}

/// A line beside the answer that leads to the part which tells more.
std::string line(std::string_view css, std::string_view sign, std::string_view text,
                 std::string_view section) {
  return element("li", attribute("class", css),
                 element("span", "class=\"sign\" aria-hidden=\"true\"", sign) +
                     element("span", "", escaped(as_sentence(text))) + " " +
                     element("a", attribute("href", fmt::format("#{}", section)), "more")) +
         "\n";
}

/// Beside the answer only its first words; the whole stands in the part it leads to.
std::string first_words(const std::string& text) {
  constexpr std::size_t most = 190;
  return shortened(text, most);
}

/// What a reader must know before believing the answer: open checks, what is wrong with the target, how far
/// the answer reaches.
std::string beside_the_answer(const StudyResult& result) {
  std::string lines;
  for (const auto* check : open_checks(result)) {
    if (check == refusal(result)) continue;  // the reason says it
    const bool refused = check->severity == Check::Severity::refused;
    lines +=
        line(refused ? "refused" : "warning", refused ? "✕" : "!", first_words(check->message), "checks");
  }
  for (const auto* finding : target_warnings(result))
    lines += line("warning", "!",
                  first_words(fmt::format("target {}: {}", finding->column, finding->message)), "data");
  for (const auto& reach : reach_of(result)) lines += line("told", "·", reach.text, reach.section);
  return lines.empty() ? "" : element("ul", "class=\"beside\"", "\n" + lines);
}

/// "2026-11-28 15:20 UTC" of an ISO time stamp; anything else as it is.
std::string day_of(const std::string& stamp) {
  if (stamp.size() != std::string_view("2026-11-28T15:20:00Z").size()) return stamp;
  return stamp.substr(0, 10) + " " + stamp.substr(11, 5) + " UTC";
}

std::string class_counts(const StudyResult& result) {
  constexpr std::size_t most = 6;
  std::string text;
  for (std::size_t c = 0; c < std::min(most, result.classes.size()); ++c)
    text += fmt::format(
        "{}{} ({})", c ? ", " : "", escaped(result.classes[c]),
        c < result.class_counts.size() ? count(static_cast<double>(result.class_counts[c])) : "–");
  if (result.classes.size() > most) text += fmt::format(" and {} more", result.classes.size() - most);
  return text;
}

std::string range_in_words(const TargetRange& range) {
  return fmt::format("{} to {}, mean {}", number(range.smallest), number(range.largest), number(range.mean));
}

std::string facts(const StudyResult& result) {
  const auto rows = static_cast<double>(result.rows), read = static_cast<double>(result.rows_read);
  std::vector<Fact> list{{result.row_noun + "s", result.rows_read == result.rows
                                                     ? count(rows)
                                                     : fmt::format("{} of {}", count(rows), count(read))}};
  if (is_table(result)) {
    list.push_back({"columns", fmt::format("{} → {} prepared", result.columns, result.prepared_columns)});
    list.push_back({"quantum models see", plural(static_cast<double>(result.features), "column")});
  }
  list.push_back({"contenders", count(static_cast<double>(result.contenders.size()))});
  list.push_back({"test splits", is_table(result) && result.outer_folds > 1
                                     ? fmt::format("{} × {} folds", result.repeats, result.outer_folds)
                                     : count(static_cast<double>(splits_of(result)))});
  list.push_back({"wall-clock", duration(result.seconds)});
  if (!result.classes.empty()) list.push_back({"classes", class_counts(result)});
  if (const auto range = range_of_target(result)) list.push_back({"target", range_in_words(*range)});
  if (const auto date = result.environment.find("date"); date != result.environment.end())
    list.push_back({"made", escaped(day_of(date->second))});
  return fact_list(list);
}

/// A table has a column to predict; what else is asked for is found.
std::string question(const StudyResult& result) {
  const auto wanted =
      fmt::format(", to {} <b>{}</b>", is_table(result) ? "predict" : "find", escaped(result.target));
  return fmt::format("Is a quantum model worth it for <b>{}</b>{}?", escaped(result.source),
                     result.target.empty() ? "" : wanted);
}

}  // namespace

std::string verdict_header(const StudyResult& result) {
  const auto answer = answer_of(result);
  std::string below;
  if (const auto* c = overall(result); c && !refusal(result)) below = certainty(metric_of(result), *c);
  return answer_header(answer.css, answer.sign, question(result), answer.sentence, result.reason,
                       below + beside_the_answer(result) + facts(result));
}

}  // namespace qupel::report
