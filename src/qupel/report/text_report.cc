#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "qupel/report/format.h"
#include "qupel/report/ranked_table.h"
#include "qupel/report/report.h"
#include "qupel/report/selection.h"
#include "qupel/report/text_table.h"
#include "qupel/report/wording.h"

namespace qupel {
namespace report {
namespace {

std::string without_circuits(long long circuits) {
  return circuits == 0 ? "·" : count(static_cast<double>(circuits));
}

/// 123, 12.3, 1.23
std::string seconds_text(double seconds) {
  if (!std::isfinite(seconds)) return "–";
  return seconds >= 100 ? fmt::format("{:.0f}", seconds)
                        : fmt::format("{:.{}f}", seconds, seconds >= 10 ? 1 : 2);
}

/// Short, so that it stays in a narrow terminal.
std::string_view family_word(Family family) {
  return family == Family::quantum_inspired ? "inspired" : to_string(family);
}

/// A row of the table: a side of the verdict or a contender.
struct Row {
  std::string name;
  Family family;
  Interval score;
  const Comparison* difference;  ///< against best classical; null without one
  const ContenderResult* contender;
};

std::vector<Row> rows_of(const StudyResult& result) {
  std::vector<Row> rows;
  for (const auto& side : result.sides)
    rows.push_back({side.name, side.name == best_quantum ? Family::quantum : Family::classical, side.score,
                    find_comparison(result, side.name, best_classical), nullptr});
  for (const auto* c : by_score(result))
    rows.push_back({printable(c->name), c->family, interval_of(result, *c),
                    find_comparison(result, c->name, best_classical), c});
  return rows;
}

std::vector<TextColumn> columns(const StudyResult& result, const std::vector<Row>& rows) {
  const auto metric = metric_of(result);
  std::vector<TextColumn> all{{"contender", Align::left, 9, {}},
                              {"family", Align::left, 6, {}},
                              {result.metric, Align::right, 9, {}},
                              {"95 % interval", Align::left, 5, {}},
                              {metric.share ? "points" : "lead", Align::right, 8, {}},
                              {"P(better)", Align::right, 4, {}},
                              {"verdict", Align::left, 7, {}},
                              {"evaluations", Align::right, 1, {}},
                              {"seconds", Align::right, 2, {}},
                              {"status", Align::left, 3, {}}};
  for (const auto& row : rows) {
    const auto* c = row.contender;
    const std::string cells[] = {row.name,
                                 std::string(family_word(row.family)),
                                 score(metric, row.score.mean),
                                 score_range(metric, row.score),
                                 row.difference ? lead(metric, row.difference->difference) : "·",
                                 row.difference ? probability(row.difference->p_better) : "·",
                                 row.difference ? std::string(outcome(*row.difference)) : "·",
                                 c ? without_circuits(c->ledger.circuits) : "",
                                 c ? seconds_text(c->seconds) : "",
                                 !c || c->status == "ok" ? "" : printable(c->status)};
    for (std::size_t i = 0; i < all.size(); ++i) all[i].cells.push_back(cells[i]);
  }
  std::erase_if(all, [](const TextColumn& column) {
    return column.title == "status" && std::ranges::all_of(column.cells, &std::string::empty);
  });
  return all;
}

std::string table_text(const StudyResult& result, std::size_t width, const Ink& ink) {
  const auto metric = metric_of(result);
  const auto rows = rows_of(result);
  if (rows.empty()) return "";
  std::vector<std::string_view> colours;
  for (const auto& row : rows) colours.push_back(colour_of(row.family));
  auto text = text_table(columns(result, rows), colours, width, ink);
  const auto note = [&](const std::string& words) { text += ink(dim, wrapped(words, width)) + "\n"; };
  for (const auto& side : result.sides) note(printable(fmt::format("{}: {}", side.name, made_of(side))));
  note(
      fmt::format("{} best classical{}, chosen inside every training set; P(better): "
                  "probability that it is more than +{}",
                  metric.share ? "points: difference to"
                               : fmt::format("lead: how much {} {} is than that of",
                                             metric.higher_is_better ? "higher" : "lower", result.metric),
                  result.sides.empty() ? "" : ", the best of all that are not quantum",
                  number(metric.share ? 100 * result.rope : result.rope)));
  return text;
}

/// Energies of molecules, or of one in several basis sets and active spaces: of one alone, a line a
/// contender.
std::string energies_text(const StudyResult& result, std::size_t width, const Ink& ink) {
  const auto table = energy_table(result);
  if (table.rows.empty()) return "";
  if (table.rows.size() == 1) {
    std::vector<TextColumn> turned{{"contender", Align::left, 9, table.contenders},
                                   {"energy in hartree", Align::left, 9, table.rows[0].energies}};
    return text_table(std::move(turned), std::vector<std::string_view>(table.contenders.size()), width, ink);
  }
  std::vector<TextColumn> all{{"molecule", Align::left, 9, {}}, {"active", Align::left, 1, {}}};
  int keep = 9;
  for (const auto& contender : table.contenders)
    all.push_back({contender, Align::right, std::max(keep--, 2), {}});
  for (const auto& row : table.rows) {
    all[0].cells.push_back(printable(row.name));
    all[1].cells.push_back(row.active);
    for (std::size_t k = 0; k < row.energies.size(); ++k) all[k + 2].cells.push_back(row.energies[k]);
  }
  const std::string_view order = table.ranked ? ", lowest first" : "";
  return ink(bold, fmt::format("Energies in hartree{}", order)) + "\n" +
         text_table(std::move(all), std::vector<std::string_view>(table.rows.size()), width, ink);
}

std::string derived_text(const StudyResult& result, std::size_t width, const Ink& ink) {
  const auto derived = derived_energies(result);
  if (derived.rows.empty()) return "";
  std::vector<TextColumn> columns;
  for (std::size_t k = 0; k < derived.header.size(); ++k) {
    columns.push_back({derived.header[k], k == 0 ? Align::left : Align::right, 9, {}});
    for (const auto& row : derived.rows) columns[k].cells.push_back(row[k]);
  }
  return ink(bold, derived.title) + "\n" +
         text_table(std::move(columns), std::vector<std::string_view>(derived.rows.size()), width, ink);
}

/// How far the verdict reaches, a sentence a line.
std::string reach_text(const StudyResult& result, std::size_t width) {
  std::string text;
  for (const auto& reach : reach_of(result)) text += wrapped("· " + printable(reach.text), width, 2) + "\n";
  return text;
}

std::string checks_text(const StudyResult& result, std::size_t width, const Ink& ink) {
  std::string text;
  for (const auto* check : open_checks(result)) {
    const bool refused = check->severity == Check::Severity::refused;
    const auto message = fmt::format("{} {} ({}): {}", refused ? "✕" : "!", to_string(check->severity),
                                     printable(check->code), printable(typeset(check->message)));
    text += ink(refused ? "31" : "33", wrapped(message, width, 2)) + "\n";
  }
  for (const auto* finding : target_warnings(result))
    text += ink("33", wrapped(fmt::format("! target {}: {}", printable(finding->column),
                                          printable(typeset(finding->message))),
                              width, 2)) +
            "\n";
  if (!text.empty()) return text;
  return result.checks.empty()
             ? ""
             : ink("32", fmt::format("✓ all {} integrity checks passed", result.checks.size())) + "\n";
}

}  // namespace
}  // namespace report

std::string text_report(const StudyResult& result, int width, bool colour) {
  using namespace report;
  const auto columns = std::max(static_cast<std::size_t>(std::max(width, 0)), narrowest);
  const Ink ink(colour);
  auto text = verdict_text(result.verdict, answer_of(result).sentence, result.reason, columns, ink);
  for (const auto& part :
       {reach_text(result, columns), table_text(result, columns, ink), energies_text(result, columns, ink),
        derived_text(result, columns, ink), checks_text(result, columns, ink)})
    if (!part.empty()) text += "\n" + part;
  return text;
}

}  // namespace qupel
