#include <fmt/format.h>

#include "qupel/report/forest.h"
#include "qupel/report/format.h"
#include "qupel/report/html.h"
#include "qupel/report/score_chart.h"
#include "qupel/report/sections.h"
#include "qupel/report/selection.h"

namespace qupel::report {
namespace {

/// From the best classical contender on all columns down to the best quantum one, a change at a time.
std::vector<Scored> steps(const StudyResult& result) {
  std::vector<Scored> found;
  const auto add = [&](const ContenderResult* c, std::string_view remark) {
    if (c) found.push_back(scored(result, *c, remark));
  };
  add(best_classical_on(result, Inputs::all), "all columns");
  add(best_classical_on(result, Inputs::reduced), "the best classical on the reduced columns");
  const auto* quantum = best_of(result, Family::quantum);
  if (const auto* twin = quantum ? twin_comparison(result, quantum->name) : nullptr)
    add(find_contender(result, twin->against), "a quantum circuit without entanglement");
  add(quantum, "the best quantum contender");
  return found;
}

std::string changed_by(const StudyResult& result, const Comparison& c) {
  return escaped(told_lead(metric_of(result), c.difference, c.low, c.high));
}

std::string summary(const StudyResult& result, const std::vector<const Comparison*>& reduction) {
  if (result.features >= result.prepared_columns)
    return fmt::format("The quantum contenders see all {} prepared columns: nothing was lost to a reduction.",
                       result.prepared_columns);
  auto text = fmt::format("Of {} prepared columns the quantum contenders see {}.", result.prepared_columns,
                          plural(static_cast<double>(result.features), "column"));
  const auto* full = best_classical_on(result, Inputs::all);
  for (const auto* c : reduction)
    if (full && c->against == full->name)
      text += fmt::format(" That reduction alone changes <b>{}</b> by {}.", escaped(c->against),
                          changed_by(result, *c));
  if (const auto* quantum = best_of(result, Family::quantum))
    if (const auto* c = find_comparison(result, quantum->name, best_classical_reduced))
      text += fmt::format(" On the same few columns, <b>{}</b> differs from the best classical by {}.",
                          escaped(quantum->name), changed_by(result, *c));
  return text;
}

}  // namespace

std::string reduction_section(const StudyResult& result) {
  std::vector<const Comparison*> reduction, model;
  for (const auto& c : result.comparisons) {
    const auto* contender = find_contender(result, c.contender);
    if (contender && contender->family == Family::classical && contender->inputs == Inputs::reduced)
      reduction.push_back(&c);
    if (c.against == best_classical_reduced) model.push_back(&c);
  }
  if (reduction.empty() && model.empty()) return "";
  auto html = paragraph("lead", summary(result, reduction));
  if (const auto shown = steps(result); shown.size() > 2)
    html += score_chart(result, shown, shown.front().interval.mean);
  if (!reduction.empty())
    html +=
        element("h3", "", "What the reduction costs") +
        paragraph("lead", "Classical contenders on the reduced columns against themselves on all columns.") +
        forest(result, reduction, true);
  if (!model.empty())
    html +=
        element("h3", "", "What the model costs") +
        paragraph("lead", "Quantum contenders against the best classical one, both on the reduced columns.") +
        forest(result, model, false);
  return html;
}

}  // namespace qupel::report
