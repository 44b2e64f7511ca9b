#include <fmt/format.h>

#include <cmath>

#include "qupel/report/forest.h"
#include "qupel/report/format.h"
#include "qupel/report/html.h"
#include "qupel/report/row_chart.h"
#include "qupel/report/sections.h"
#include "qupel/report/selection.h"

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
  auto all = reading.ledger;
  all += reading.mitigation_ledger;
  return {family_label(c.name, c.family),
          scored(result, c.metrics),
          scored(result, reading.noisy),
          scored(result, reading.mitigated),
          scored(result, reading.trained),
          escaped(lead(metric_of(result), metric_of(result).oriented(reading.bias))),
          depth_against_limit(reading),
          fmt::format("{} of {}", reading.effective_qubits, reading.ledger.qubits),
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
                "depth", "qubits that count", "circuits", "shots", "device time", "price",
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
          "calibration{}. Device time and price are those of answering all test rows once.",
          result.shots ? fmt::format(", with {} a circuit", plural(static_cast<double>(result.shots), "shot"))
                       : ", as if shots were without end"));
  for (const auto& device : result.devices)
    html += element("h3", "", escaped(device.device)) + told(result, device) + readings_on(result, device) +
            leads_on(result, device);
  return html;
}

}  // namespace qupel::report
