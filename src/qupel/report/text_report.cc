#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "qupel/report/format.h"
#include "qupel/report/report.h"
#include "qupel/report/selection.h"
#include "qupel/report/terminal.h"

namespace qupel {
namespace report {
namespace {

constexpr std::size_t narrowest = 40;

/// ANSI colours, or none.
class Ink {
 public:
  explicit Ink(bool colour) : colour_(colour) {}
  std::string operator()(std::string_view code, std::string_view text) const {
    return colour_ ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
  }

 private:
  bool colour_;
};

constexpr std::string_view dim = "2", bold = "1";

std::string_view colour_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::quantum_better:
      return "1;35";
    case Verdict::classical_better:
      return "1;33";
    case Verdict::equivalent:
      return "1;36";
    case Verdict::inconclusive:
      break;
  }
  return "1";
}

std::string_view colour_of(Family family) {
  switch (family) {
    case Family::quantum:
      return "35";
    case Family::classical:
      return "33";
    case Family::quantum_inspired:
      break;
  }
  return "36";
}

struct Column {
  std::string_view title;
  Align align;
  int keep;  ///< columns with the lowest number are left out first when the terminal is narrow
  std::vector<std::string> cells;
  std::size_t width = 0;
};

std::string without_circuits(long long circuits) {
  return circuits == 0 ? "·" : count(static_cast<double>(circuits));
}

/// 123, 12.3, 1.23
std::string seconds_text(double seconds) {
  if (!std::isfinite(seconds)) return "–";
  return seconds >= 100 ? fmt::format("{:.0f}", seconds)
                        : fmt::format("{:.{}f}", seconds, seconds >= 10 ? 1 : 2);
}

std::vector<Column> columns(const StudyResult& result, const std::vector<const ContenderResult*>& shown) {
  std::vector<Column> all{{"contender", Align::left, 9, {}},    {"family", Align::left, 3, {}},
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
  std::erase_if(all, [](const Column& column) {
    return column.title == "status" && std::ranges::all_of(column.cells, &std::string::empty);
  });
  for (auto& column : all) {
    column.width = columns_of(column.title);
    for (const auto& cell : column.cells) column.width = std::max(column.width, columns_of(cell));
  }
  return all;
}

constexpr std::size_t gap = 2;

std::size_t total_width(const std::vector<Column>& columns) {
  std::size_t total = 0;
  for (const auto& column : columns) total += column.width + gap;
  return total - gap;
}

/// Leaves out columns, the least important first, then shortens names, until a line fits.
void fit(std::vector<Column>& columns, std::size_t width) {
  constexpr std::size_t shortest_name = 12;
  auto& name = columns.front();
  const auto name_room = [&] {
    const auto rest = total_width(columns) - columns.front().width;
    return rest < width ? width - rest : std::size_t{0};
  };
  while (columns.size() > 2 && name_room() < std::min(columns.front().width, std::size_t{24})) {
    const auto least = std::ranges::min_element(columns, {}, &Column::keep);
    if (least->keep >= 9) break;
    columns.erase(least);
  }
  name.width = std::min(name.width, std::max(name_room(), shortest_name));
}

std::string rule(const std::vector<Column>& columns, std::size_t width) {
  std::string line;
  for (std::size_t i = 0; i < std::min(total_width(columns), width); ++i) line += "─";
  return line;
}

std::string line_of(const std::vector<Column>& columns,
                    const std::function<std::string(const Column&)>& cell) {
  std::string line;
  for (const auto& column : columns) {
    if (!line.empty()) line += std::string(gap, ' ');
    line += padded(shortened(cell(column), column.width), column.width, column.align);
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

std::string table_text(const StudyResult& result, std::size_t width, const Ink& ink) {
  const auto shown = by_score(result);
  if (shown.empty()) return "";
  auto all = columns(result, shown);
  fit(all, width);
  auto text = ink(bold, line_of(all, [](const Column& column) { return std::string(column.title); })) + "\n" +
              ink(dim, rule(all, width)) + "\n";
  for (std::size_t r = 0; r < shown.size(); ++r)
    text += ink(colour_of(shown[r]->family),
                line_of(all, [&](const Column& column) { return column.cells[r]; })) +
            "\n";
  return text + ink(dim, rule(all, width)) + "\n" +
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
  auto text = ink(colour_of(result.verdict), fmt::format("verdict: {}", to_string(result.verdict))) + "\n";
  if (!result.reason.empty()) text += wrapped(printable(as_sentence(result.reason)), columns) + "\n";
  for (const auto& part : {table_text(result, columns, ink), gates_text(result, columns, ink)})
    if (!part.empty()) text += "\n" + part;
  return text;
}

}  // namespace qupel
