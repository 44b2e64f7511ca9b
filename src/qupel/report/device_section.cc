#include <fmt/format.h>

#include <cmath>

#include "qupel/report/forest.h"
#include "qupel/report/format.h"
#include "qupel/report/html.h"
#include "qupel/report/row_chart.h"
#include "qupel/report/sections.h"
#include "qupel/report/selection.h"
#include "qupel/study/summary.h"

// What real devices make of the quantum contenders.
namespace qupel::report {
namespace {

std::string scored(const StudyResult& result, const std::map<std::string, Interval>& metrics) {
  const auto found = metrics.find(result.metric);
  if (found == metrics.end()) return muted("–");
  return fmt::format("<b>{}</b> {}", score(metric_of(result), found->second.mean),
                     muted(score_range(metric_of(result), found->second)));
}

std::string depth_against_limit(const DeviceReading& reading) {
  const auto used = plural(static_cast<double>(reading.ledger.depth), "layer");
  if (reading.depth_limit <= 0) return used;
  return fmt::format("{} {}", used,
                     muted(fmt::format("of {}", count(static_cast<double>(reading.depth_limit)))));
}

std::string money(const DeviceReading& reading) {
  if (reading.currency.empty()) return muted("no price");
  return fmt::format("{} {}", count(std::ceil(reading.money)), escaped(reading.currency));
}

std::vector<std::string> row_of(const StudyResult& result, const ContenderResult& c,
                                const DeviceReading& reading) {
  const auto all = reading.spent();
  return {family_label(c.name, c.family),
          scored(result, c.metrics),
          scored(result, reading.noisy),
          scored(result, reading.mitigated) +
              (reading.mitigation_harms() ? " " + muted("farther from ideal") : ""),
          scored(result, reading.trained),
          escaped(lead(metric_of(result), metric_of(result).oriented(reading.bias))),
          depth_against_limit(reading),
          fmt::format("{} of {}", reading.ledger.qubits, reading.effective_qubits),
          count(static_cast<double>(all.hardware_circuits)),
          count(static_cast<double>(all.shots)),
          duration(all.device_seconds),
          money(reading),
          escaped(to_string(reading.verdict))};
}

std::string readings_on(const StudyResult& result, const DeviceVerdict& device) {
  std::vector<std::vector<std::string>> rows;
  for (const auto* c : by_score(result))
    for (const auto& reading : c->devices)
      if (reading.device == device.device) rows.push_back(row_of(result, *c, reading));
  return table(fmt::format("quantum contenders on {}", device.device),
               {"contender", "ideal", "on the device", "mitigated", "trained there", "what noise takes",
                "depth", "qubits, of those that count", "circuits", "shots", "device time", "price",
                "against the best that is not quantum"},
               rows, "stacked");
}

std::string told(const StudyResult& result, const DeviceVerdict& device) {
  auto text =
      fmt::format("Calibration of {}, {}. The verdict there: <b>{}</b>; on a perfect quantum computer: {}.",
                  escaped(device.date), escaped(device.vendor), to_string(device.verdict),
                  to_string(result.ideal_verdict));
  for (const auto& repair : device.repairs) text += " " + escaped(as_sentence(repair));
  return paragraph("lead", text);
}

/// What all of it costs, and where mitigation did harm.
std::string summed_up(const StudyResult& result, const DeviceVerdict& device) {
  const auto [money, currency, vendor, plan, date] = cost_on(result, device.device);
  std::string harmed;
  std::size_t harms = 0, mitigated = 0;
  for (const auto* c : by_score(result))
    for (const auto& reading : c->devices) {
      if (reading.device != device.device) continue;
      mitigated += reading.mitigated_squared_error ? 1 : 0;
      if (!reading.mitigation_harms()) continue;
      ++harms;
      harmed += fmt::format("{}{} ({:.2g} against {:.2g})", harmed.empty() ? "" : ", ", escaped(c->name),
                            *reading.mitigated_squared_error, *reading.squared_error);
    }
  std::string text;
  if (!currency.empty() && money > 0)
    text = fmt::format("All of them together: <b>{} {}</b> ({}, {}).", count(std::ceil(money)),
                       escaped(currency), escaped(vendor), escaped(date));
  if (harms > 0)
    text += fmt::format(
        " Mitigation took the answers of {} of {} farther away from the ideal ones than noise alone "
        "(mean squared difference, mitigated against not): {}. With so few shots the variance that it adds is "
        "more than the bias that it removes, or its extrapolation does not fit.",
        harms, mitigated, harmed);
  return text.empty() ? "" : paragraph("", text);
}

std::string leads_on(const StudyResult& result, const DeviceVerdict& device) {
  std::vector<const Comparison*> comparisons;
  for (const auto& c : device.comparisons) comparisons.push_back(&c);
  return comparisons.empty() ? "" : forest(result, comparisons, true);
}

}  // namespace

std::string device_section(const StudyResult& result) {
  if (result.devices.empty()) return "";
  std::string html = paragraph(
      "lead",
      fmt::format(
          "The same fitted models, their circuits compiled for a device and run under the noise of its "
          "calibration{}. Device time and price are those of answering all test rows, once in each way.",
          result.shots ? fmt::format(", with {} a circuit", plural(static_cast<double>(result.shots), "shot"))
                       : ", as if shots were without end"));
  for (const auto& device : result.devices)
    html += element("h3", "", escaped(device.device)) + told(result, device) + readings_on(result, device) +
            summed_up(result, device) + leads_on(result, device);
  return html;
}

}  // namespace qupel::report
