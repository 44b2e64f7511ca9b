#include <fmt/format.h>

#include <array>

#include "qupel/report/chart.h"
#include "qupel/report/format.h"
#include "qupel/report/html.h"
#include "qupel/report/page.h"
#include "qupel/report/sections.h"
#include "qupel/report/selection.h"
#include "qupel/study/verdict.h"

namespace qupel::report {
namespace {

struct Answer {
  std::string_view css, sign, sentence;
};

Answer answer_of(const StudyResult& result) {
  if (refusal(result)) return {"refused", "✕", "No verdict: an integrity check refuses this comparison."};
  const auto* decisive = overall(result);
  if (!decisive) return {"inconclusive", "?", "No verdict: nothing was compared."};
  if (nothing_learned(result.comparisons, *decisive))
    return {"inconclusive", "?", "Undecided. Neither side is shown to learn anything from these data."};
  switch (result.verdict) {
    case Verdict::quantum_better:
      return {"quantum-better", "✓", "Yes. A quantum model is better here, simulated without noise."};
    case Verdict::classical_better:
      return {"classical-better", "✕", "No. A classical model is better here."};
    case Verdict::equivalent:
      return {"equivalent", "=",
              "No need. Quantum and classical are practically equal here: take the cheaper."};
    case Verdict::inconclusive:
      break;
  }
  return {"inconclusive", "?", "Undecided. These data do not settle it."};
}

/// How sure the study is, as one bar.
std::string certainty(const Comparison& c) {
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
  return element("div", "class=\"certainty\"", canvas.svg() + paragraph("legend", legend));
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

std::string facts(const StudyResult& result) {
  const auto rows = static_cast<double>(result.rows), read = static_cast<double>(result.rows_read);
  const auto splits = result.outer_folds <= 1
                          ? std::string("one fixed split")
                          : fmt::format("{} × {} folds", result.repeats, result.outer_folds);
  return fact_list(
      {{"rows",
        result.rows_read == result.rows ? count(rows) : fmt::format("{} of {}", count(rows), count(read))},
       {"columns", fmt::format("{} → {} prepared", result.columns, result.prepared_columns)},
       {"quantum models see", plural(static_cast<double>(result.features), "column")},
       {"contenders", count(static_cast<double>(result.contenders.size()))},
       {"test splits", splits},
       {"wall-clock", duration(result.seconds)},
       {"classes", class_counts(result)}});
}

}  // namespace

std::string verdict_header(const StudyResult& result) {
  const auto answer = answer_of(result);
  std::string below;
  if (const auto* c = overall(result); c && !refusal(result)) below = certainty(*c);
  return answer_header(answer.css, answer.sign,
                       fmt::format("Is a quantum model worth it for <b>{}</b>, to predict <b>{}</b>?",
                                   escaped(result.source), escaped(result.target)),
                       answer.sentence, result.reason, below + facts(result));
}

}  // namespace qupel::report
