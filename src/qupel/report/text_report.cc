#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "qupel/report/format.h"
#include "qupel/report/report.h"
#include "qupel/report/selection.h"
#include "qupel/report/text_table.h"

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

std::vector<TextColumn> columns(const StudyResult& result, const std::vector<const ContenderResult*>& shown) {
  std::vector<TextColumn> all{{"contender", Align::left, 9, {}},    {"family", Align::left, 3, {}},
                              {result.metric, Align::right, 9, {}}, {"95 % interval", Align::left, 6, {}},
                              {"points", Align::right, 8, {}},      {"P(better)", Align::right, 7, {}},
                              {"circuits", Align::right, 4, {}},    {"seconds", Align::right, 5, {}},
                              {"status", Align::left, 2, {}}};
  for (const auto* c : shown) {
    const auto interval = interval_of(result, *c);
    const auto* difference = find_comparison(result, c->name, best_classical);
    const std::string cells[] = {printable(c->name),
                                 std::string(to_string(c->family)),
                                 score(result.metric, interval.mean),
                                 score_range(result.metric, interval),
                                 difference ? points(difference->difference) : "·",
                                 difference ? probability(difference->p_better) : "·",
                                 without_circuits(c->ledger.circuits),
                                 seconds_text(c->seconds),
                                 c->status == "ok" ? "" : printable(c->status)};
    for (std::size_t i = 0; i < all.size(); ++i) all[i].cells.push_back(cells[i]);
  }
  std::erase_if(all, [](const TextColumn& column) {
    return column.title == "status" && std::ranges::all_of(column.cells, &std::string::empty);
  });
  return all;
}

std::string table_text(const StudyResult& result, std::size_t width, const Ink& ink) {
  const auto shown = by_score(result);
  if (shown.empty()) return "";
  std::vector<std::string_view> colours;
  for (const auto* contender : shown) colours.push_back(colour_of(contender->family));
  return text_table(columns(result, shown), colours, width, ink) +
         ink(dim,
             wrapped("points: difference to the best classical contender chosen inside the training sets",
                     width)) +
         "\n";
}

std::string gates_text(const StudyResult& result, std::size_t width, const Ink& ink) {
  std::string text;
  for (const auto& gate : result.gates) {
    if (gate.severity == Gate::Severity::passed) continue;
    const bool refused = gate.severity == Gate::Severity::refused;
    const auto sign = refused ? "✕" : "!";
    const auto message = fmt::format("{} {} ({}): {}", sign, to_string(gate.severity), printable(gate.code),
                                     printable(gate.message));
    text += ink(refused ? "31" : "33", wrapped(message, width, 2)) + "\n";
  }
  if (!text.empty()) return text;
  return result.gates.empty()
             ? ""
             : ink("32", fmt::format("✓ all {} integrity gates passed", result.gates.size())) + "\n";
}

}  // namespace
}  // namespace report

std::string text_report(const StudyResult& result, int width, bool colour) {
  using namespace report;
  const auto columns = std::max(static_cast<std::size_t>(std::max(width, 0)), narrowest);
  const Ink ink(colour);
  auto text = verdict_text(result.verdict, result.reason, columns, ink);
  for (const auto& part : {table_text(result, columns, ink), gates_text(result, columns, ink)})
    if (!part.empty()) text += "\n" + part;
  return text;
}

}  // namespace qupel
