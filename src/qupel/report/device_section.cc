#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "qupel/report/device_pictures.h"
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

std::string score_text(const StudyResult& result, const std::map<std::string, Interval>& metrics) {
  const auto found = metrics.find(result.metric);
  if (found == metrics.end()) return muted("–");
  return element("span", "",
                 fmt::format("<b>{}</b> {}", score(metric_of(result), found->second.mean),
                             muted(score_range(metric_of(result), found->second))));
}

std::string depth_against_limit(const DeviceReading& reading) {
  const auto used = plural(static_cast<double>(reading.ledger.depth), "layer");
  if (reading.depth_limit <= 0) return used;
  return element("span", "",
                 fmt::format("{} {}", used,
                             muted(fmt::format("of {}", count(static_cast<double>(reading.depth_limit))))));
}

std::string money(const DeviceReading& reading) {
  if (reading.currency.empty()) return muted("no price");
  return fmt::format("{} {}", count(std::ceil(reading.money)), escaped(reading.currency));
}

std::vector<std::string> row_of(const StudyResult& result, const ContenderResult& c,
                                const DeviceReading& reading) {
  const auto all = reading.spent();
  return {family_label(c.name, c.family),
          score_text(result, c.metrics),
          score_text(result, reading.noisy),
          score_text(result, reading.mitigated) +
              (reading.mitigation_harms() ? " " + muted("farther from ideal") : ""),
          score_text(result, reading.trained),
          escaped(lead(metric_of(result), metric_of(result).oriented(reading.bias))),
          depth_against_limit(reading),
          reading.resources.depth > 0 ? count(static_cast<double>(reading.resources.two_qubit)) : muted("–"),
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
                "depth", "two-qubit operations", "qubits, of those that count", "circuits", "shots",
                "device time", "price", "against the best that is not quantum"},
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

/// Nothing if the contender was not read there.
const DeviceReading* reading_on(const ContenderResult& c, const DeviceVerdict& device) {
  const auto found = std::ranges::find(c.devices, device.device, &DeviceReading::device);
  return found == c.devices.end() ? nullptr : &*found;
}

double mean_of(const StudyResult& result, const std::map<std::string, Interval>& metrics) {
  const auto found = metrics.find(result.metric);
  return found == metrics.end() ? std::nan("") : found->second.mean;
}

/// How much better `now` is than `before`, in the metric's own direction.
double gain(const StudyResult& result, double before, double now) {
  return metric_of(result).oriented(now - before);
}

std::string points(const StudyResult& result, double size) {
  return escaped(lead_size(metric_of(result), std::abs(size)));
}

std::string what_noise_did(const StudyResult& result, const ContenderResult& c,
                           const DeviceReading& reading) {
  const double ideal = mean_of(result, c.metrics), noisy = mean_of(result, reading.noisy);
  if (!std::isfinite(ideal) || !std::isfinite(noisy)) return "Not measured.";
  const auto metric = metric_of(result);
  const double change = gain(result, ideal, noisy);
  auto text = fmt::format("{} on a perfect quantum computer, {} here: {}.", score(metric, ideal),
                          score(metric, noisy),
                          change < 0   ? "noise takes " + points(result, change)
                          : change > 0 ? "by chance " + points(result, change) + " more"
                                       : std::string("no difference"));
  const auto& circuit = reading.resources;
  if (circuit.depth > 0)
    text += fmt::format(
        " Compiled, its circuit has {} on two qubits, and {} of its fidelity is expected to be left.",
        plural(static_cast<double>(circuit.two_qubit), "operation"), percent(circuit.expected_fidelity));
  if (reading.ledger.depth > 0 && reading.depth_limit > 0)
    text += fmt::format(" What ran was up to {} deep; after about {} most of a result is lost there.",
                        plural(static_cast<double>(reading.ledger.depth), "layer"),
                        count(static_cast<double>(reading.depth_limit)));
  return text;
}

std::string what_mitigation_did(const StudyResult& result, const ContenderResult& c,
                                const DeviceReading& reading) {
  if (reading.mitigated.empty()) return "None was asked for (<code>--mitigate zne,readout</code>).";
  const double ideal = mean_of(result, c.metrics), noisy = mean_of(result, reading.noisy);
  const double repaired = gain(result, noisy, mean_of(result, reading.mitigated)),
               lost = -gain(result, ideal, noisy);
  const double price = static_cast<double>(reading.mitigation_ledger.hardware_circuits) /
                       static_cast<double>(std::max(1LL, reading.ledger.hardware_circuits));
  const auto cost = fmt::format("for {} times the circuits", number(price));
  if (repaired > 0 && lost > 0)
    return fmt::format("It brings back {} of the {} that noise took, {}.", points(result, repaired),
                       points(result, lost), cost);
  if (repaired < 0)
    return fmt::format("It takes another {}, {}: mitigated values scatter more, and shots are limited.",
                       points(result, repaired), cost);
  return repaired > 0 ? fmt::format("It adds {}, {}.", points(result, repaired), cost)
                      : fmt::format("It changes nothing, {}.", cost);
}

std::string what_training_there_did(const StudyResult& result, const DeviceReading& reading) {
  const auto& before = reading.mitigated.empty() ? reading.noisy : reading.mitigated;
  const double change = gain(result, mean_of(result, before), mean_of(result, reading.trained));
  if (change == 0) return "Training under the device's noise changes nothing.";
  return fmt::format("Training under the device's noise makes it {} by {}.", change > 0 ? "better" : "worse",
                     points(result, change));
}

std::string what_the_job_takes(const StudyResult& result, const DeviceReading& reading) {
  auto all = reading.ledger;
  all += reading.mitigation_ledger;
  auto text = fmt::format(
      "To answer all test rows once: {}{}, {} on the device's clock.",
      plural(static_cast<double>(all.hardware_circuits), "circuit"),
      result.shots ? fmt::format(" of {}", plural(static_cast<double>(result.shots), "shot")) : "",
      duration(all.device_seconds));
  if (reading.currency.empty()) return text + " Its price is not known.";
  const double money = reading.trained.empty() ? reading.money : all.money;  // not of what was trained there
  return text + fmt::format(" {} {} at the price of {} ({}).", count(std::ceil(money)),
                            escaped(reading.currency), escaped(reading.vendor), escaped(reading.price_date));
}

std::string where_it_could_win(const StudyResult& result, const DeviceVerdict& device) {
  if (device.verdict == Verdict::quantum_better)
    return "On this device, as it is: the lead is still there under its noise.";
  if (result.ideal_verdict == Verdict::quantum_better)
    return "On a better device: the lead is there without noise and lost under this one's. "
           "<code>qupel break-even RUN</code> finds the errors at which it returns.";
  if (result.ideal_verdict == Verdict::inconclusive)
    return "Not known yet: even a perfect quantum computer shows no lead here, and no device is better "
           "than that. More " +
           result.row_noun + "s would decide it, another device would not.";
  return "On no device: even a perfect quantum computer does not lead on these data, so there is nothing that "
         "noise takes.";
}

/// Of a decision: what it would take as one circuit, whatever parts of it ran.
std::string as_one_circuit(const StudyResult& result, const DeviceVerdict& device) {
  const auto problem = nlohmann::json::parse(result.problem_description, nullptr, false);
  if (!problem.is_object() || !problem.contains("couplings") || !problem["couplings"].is_number()) return "";
  const auto here = device.map.readout_errors.size();
  return paragraph(
      "",
      fmt::format(
          "As one circuit the problem takes {}{} and, in each layer of a QAOA, {} on two qubits before "
          "they are brought next to each other.",
          plural(problem["qubits"].get<double>(), "qubit"), here > 0 ? fmt::format(" of {} here", here) : "",
          plural(problem["couplings"].get<double>(), "operation")));
}

/// What a manager asks, answered for the contender that stands for the quantum side.
std::string answers(const StudyResult& result, const DeviceVerdict& device, const ContenderResult& c,
                    const DeviceReading& reading) {
  const auto item = [](std::string_view question, std::string_view html) {
    return element("dt", "", question) + element("dd", "", html) + "\n";
  };
  auto mitigation = what_mitigation_did(result, c, reading);
  if (!reading.trained.empty()) mitigation += " " + what_training_there_did(result, reading);
  return element(
      "dl", "class=\"method\"",
      item(fmt::format("What the device did to {}", escaped(c.name)), what_noise_did(result, c, reading)) +
          item("What mitigation repaired, and what it cost", mitigation) +
          item("What the job takes", what_the_job_takes(result, reading)) +
          item("Where it could win", where_it_could_win(result, device)));
}

std::string on_device(const StudyResult& result, const DeviceVerdict& device) {
  const auto* c = best_of(result, Family::quantum);
  const auto* reading = c == nullptr ? nullptr : reading_on(*c, device);
  auto html =
      element("h3", "", escaped(device.device)) + told(result, device) + as_one_circuit(result, device);
  if (reading != nullptr) html += answers(result, device, *c, *reading);
  html += readings_on(result, device) + summed_up(result, device) + leads_on(result, device) +
          device_map(device, reading == nullptr ? nullptr : &reading->timeline);
  return reading == nullptr ? html : html + device_timeline(c->name, *reading);
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
  for (const auto& device : result.devices) html += on_device(result, device);
  return html;
}

}  // namespace qupel::report
