#include <algorithm>
#include <cmath>
#include <optional>
#include <span>

#include "qupel/compile/compile.h"
#include "qupel/compile/limits.h"
#include "qupel/device/price.h"
#include "qupel/study/comparisons.h"
#include "qupel/study/device_map.h"
#include "qupel/study/rehearsal.h"
#include "qupel/study/summary.h"

// What devices make of a study's quantum contenders.
namespace qupel {
namespace {

Ledger ledger_under(const EntryTrials& trials, const std::string& execution) {
  Ledger sum;
  for (const auto* trial : trials)
    if (const auto found = trial->evaluations.find(execution); found != trial->evaluations.end())
      sum += found->second.ledger;
  return sum;
}

double bias_under(const EntryTrials& trials, const std::string& execution, const std::string& metric) {
  double sum = 0;
  for (const auto* trial : trials)
    sum += trial->evaluations.at(execution).metrics.at(metric) - trial->exact().metrics.at(metric);
  return sum / static_cast<double>(trials.size());
}

/// What the circuit takes of the device, and how far the device goes.
void describe_device(const Circuit& circuit, const Device& device, DeviceReading& reading) {
  const auto compiled = compile(circuit, device);
  reading.resources = resources(compiled, device);
  reading.timeline = timeline(compiled, device);
  const double limit = depth_limit(device, std::max(1, reading.resources.qubits));
  reading.depth_limit = std::isfinite(limit) ? std::lround(limit) : 0;
  reading.effective_qubits = effective_qubits(device);
}

/// What the vendor takes for all circuits of a reading, at the device's first price.
void add_price(const Device& device, DeviceReading& reading) {
  if (device.prices.empty()) return;
  const auto& price = price_of(device);
  reading.money = reading.spent().money;
  reading.currency = price.currency;
  reading.vendor = price.vendor;
  reading.price_date = price.date;
}

/// The mean squared difference of two answers; nothing if they are no numbers for each row.
std::optional<double> squared_difference(const Answer& a, const Answer& b) {
  const auto values = [](const Answer& answer) -> std::span<const double> {
    if (const auto* classes = std::get_if<Classes>(&answer)) return classes->probabilities.values();
    if (const auto* numbers = std::get_if<Numbers>(&answer)) return numbers->values;
    return {};
  };
  const auto first = values(a), second = values(b);
  if (first.empty() || first.size() != second.size()) return std::nullopt;
  double sum = 0;
  for (std::size_t i = 0; i < first.size(); ++i) sum += (first[i] - second[i]) * (first[i] - second[i]);
  return sum / static_cast<double>(first.size());
}

/// The mean over the splits of how far answers under an execution are from the ideal ones.
std::optional<double> squared_error_under(const EntryTrials& trials, const std::string& execution) {
  double sum = 0;
  for (const auto* trial : trials) {
    const auto found = trial->evaluations.find(execution);
    if (found == trial->evaluations.end()) return std::nullopt;
    const auto each = squared_difference(found->second.answer, trial->exact().answer);
    if (!each) return std::nullopt;
    sum += *each;
  }
  return sum / static_cast<double>(trials.size());
}

/// What was asked for: mitigated, trained under noise, both or neither.
std::string final_execution(const Contest& contest, const DeviceEntry& entry) {
  return execution_on(entry, !contest.spec().mitigate.empty(), contest.spec().train_on_devices);
}

}  // namespace

Ledger DeviceReading::spent() const {
  auto all = ledger;
  all += mitigation_ledger;
  all += trained_ledger;
  return all;
}

Cost cost_on(const StudyResult& result, const std::string& device) {
  Cost total;
  for (const auto& contender : result.contenders)
    for (const auto& reading : contender.devices)
      if (reading.device == device)
        total = {total.amount + reading.money, reading.currency, reading.vendor, {}, reading.price_date};
  return total;
}

std::vector<DeviceReading> read_devices(const StudySpec& spec, const Problem& problem, const Entry& entry,
                                        const EntryTrials& trials, const std::string& qasm) {
  std::vector<DeviceReading> readings;
  if (entry.contender().family != Family::quantum || qasm.empty()) return readings;
  for (const auto& device : spec.devices) {
    DeviceReading reading;
    reading.device = device.device->name;
    const auto noisy = execution_on(device), mitigated = execution_on(device, true);
    reading.noisy = metrics_under(spec, problem, trials, noisy);
    if (reading.noisy.empty()) continue;  // a fit failed, and the floor answered
    reading.mitigated = metrics_under(spec, problem, trials, mitigated);
    if (spec.train_on_devices)
      reading.trained =
          metrics_under(spec, problem, trials, execution_on(device, !spec.mitigate.empty(), true));
    reading.bias = bias_under(trials, noisy, spec.metric);
    reading.squared_error = squared_error_under(trials, noisy);
    reading.mitigated_squared_error = squared_error_under(trials, mitigated);
    reading.ledger = ledger_under(trials, noisy);
    reading.mitigation_ledger = ledger_under(trials, mitigated);
    reading.trained_ledger = ledger_under(trials, execution_on(device, false, true));
    reading.trained_ledger += ledger_under(trials, execution_on(device, true, true));
    describe_device(circuit_of_an_answer(entry.contender(), qasm), *device.device, reading);
    add_price(*device.device, reading);
    readings.push_back(std::move(reading));
  }
  return readings;
}

std::vector<DeviceVerdict> device_verdicts(const Contest& contest, std::vector<ContenderResult>& contenders) {
  std::vector<DeviceVerdict> verdicts;
  for (const auto& entry : contest.spec().devices) {
    const auto& device = *entry.device;
    DeviceVerdict verdict{device.name, device.vendor, device.date, device.repairs, {}, {}};
    verdict.comparisons = compare_under(contest, final_execution(contest, entry));
    verdict.verdict = overall_verdict(verdict.comparisons);
    verdict.map = map_of(device);
    for (const auto& comparison : verdict.comparisons)
      for (auto& contender : contenders)
        for (auto& reading : contender.devices)
          if (contender.name == comparison.contender && reading.device == device.name)
            reading.verdict = comparison.verdict;
    verdicts.push_back(std::move(verdict));
  }
  return verdicts;
}

}  // namespace qupel
