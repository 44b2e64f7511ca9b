#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "qupel/report/format.h"
#include "qupel/report/html.h"
#include "qupel/report/row_chart.h"
#include "qupel/report/sections.h"
#include "qupel/report/selection.h"

namespace qupel::report {
namespace {

struct Part {
  std::vector<Stage> stages;
  std::string_view css, words;
};
/// Tuning is no part of its own: it is made of these.
const std::array parts{
    Part{{Stage::encode}, "stage-1", "encode"},
    Part{{Stage::compile, Stage::queue, Stage::execute, Stage::mitigate}, "stage-2", "execute circuits"},
    Part{{Stage::optimise}, "stage-3", "optimise"}, Part{{Stage::classical}, "stage-4", "classical code"}};

double seconds_of(const ContenderResult& c, Stage stage) {
  const auto found = c.ledger.seconds.find(stage);
  return found == c.ledger.seconds.end() ? 0 : found->second;
}

double seconds_of(const ContenderResult& c, const Part& part) {
  double sum = 0;
  for (const auto stage : part.stages) sum += seconds_of(c, stage);
  return sum;
}

std::string strip(const ContenderResult& c, const Scale& x) {
  auto canvas = Canvas::fluid(row_height, fmt::format("{}: {}", c.name, duration(c.seconds)));
  row_grid(canvas, x, row_height);
  double from = 0;
  const auto bar = [&](double seconds, std::string_view css, std::string_view words) {
    if (seconds <= 0) return;
    canvas.rect(x(from), 8, x(from + seconds) - x(from), 14, fmt::format("fill {}", css),
                fmt::format("{}, {}: {} ({})", c.name, words, duration(seconds),
                            percent(c.seconds > 0 ? seconds / c.seconds : 1)));
    from += seconds;
  };
  for (const auto& part : parts) bar(seconds_of(c, part), part.css, part.words);
  bar(c.seconds - from, "stage-5", "preparing and scoring");
  return canvas.svg();
}

std::string bars(const StudyResult& result) {
  std::vector<const ContenderResult*> sorted;
  double longest = 0;
  for (const auto& c : result.contenders) {
    sorted.push_back(&c);
    longest = std::max(longest, c.seconds);
  }
  std::stable_sort(sorted.begin(), sorted.end(), [](auto* a, auto* b) { return a->seconds > b->seconds; });
  const Scale x(0, longest, 0, 100);
  std::vector<ChartRow> rows;
  for (const auto* c : sorted)
    rows.push_back(
        {family_label(c->name, c->family), strip(*c, x),
         fmt::format("<b>{}</b> {}", duration(c->seconds),
                     c->ledger.circuits ? muted(plural(static_cast<double>(c->ledger.circuits), "evaluation"))
                                        : "")});
  return row_chart("wall-clock by contender and stage", rows,
                   row_axis(x, duration, "wall-clock, tuning included"));
}

std::string ledgers(const StudyResult& result) {
  std::vector<std::vector<std::string>> rows;
  const auto whole = [](long long value) {
    return value == 0 ? muted("–") : count(static_cast<double>(value));
  };
  const bool hardware =
      std::ranges::any_of(result.contenders, [](const auto& c) { return hardware_circuits(c).has_value(); });
  std::vector<std::string> header{"contender", "simulated evaluations"};
  if (hardware) header.emplace_back("circuits on hardware");
  for (const auto* title : {"gradients", "shots", "one-qubit gates", "two-qubit gates", "qubits", "deepest",
                            "tuning", "wall-clock", "1000 predictions"})
    header.emplace_back(title);
  for (const auto& c : result.contenders) {
    const double tuning = c.seconds > 0 ? seconds_of(c, Stage::tune) / c.seconds : 0;
    auto& row = rows.emplace_back();
    row = {family_icon(c.family) + escaped(c.name), whole(c.ledger.circuits)};
    if (hardware) row.push_back(whole(hardware_circuits(c).value_or(0)));
    for (const auto& cell :
         {whole(c.ledger.gradients), whole(c.ledger.shots), whole(c.ledger.one_qubit_gates),
          whole(c.ledger.two_qubit_gates), whole(c.ledger.qubits), whole(c.ledger.depth), percent(tuning),
          duration(c.seconds),
          c.predict_seconds_per_1000 > 0 ? duration(c.predict_seconds_per_1000) : muted("–")})
      row.push_back(cell);
  }
  return folded("All counts", table("what every contender spent", header, rows, "numbers tight stacked"));
}

}  // namespace

std::string spending_section(const StudyResult& result) {
  if (result.contenders.empty()) return "";
  std::string legend;
  for (const auto& part : parts)
    legend += fmt::format("<span><i class=\"key {}\"></i>{}</span>", part.css, part.words);
  legend += "<span><i class=\"key stage-5\"></i>preparing and scoring</span>";
  return paragraph("lead",
                   "Seconds of one thread on this computer, over all folds, tuning included. A "
                   "simulated circuit evaluation counts once, however many shots it takes, and so does "
                   "a gradient by the adjoint method. On hardware a gradient takes at least two "
                   "circuits a trained angle (parameter shift), and "
                   "every circuit its shots.") +
         paragraph("legend", legend) + bars(result) + ledgers(result);
}

}  // namespace qupel::report
