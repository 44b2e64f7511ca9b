#include "qupel/device/price.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "qupel/base/code_points.h"
#include "qupel/base/embedded.h"
#include "qupel/base/error.h"
#include "qupel/device/price_json.h"

namespace qupel {
namespace {

constexpr double microseconds_in_second = 1e6;  // in a second

const std::vector<std::string>& currencies() {
  static const std::vector<std::string> known{"USD", "EUR", "GBP", "CHF", "JPY", "CNY", "INR", "KRW", "CAD",
                                              "AUD", "NZD", "SGD", "SEK", "NOK", "DKK", "PLN", "BRL", "HQC"};
  return known;
}

double readout_time(const Device& device) {
  double longest = 0;
  for (const auto& qubit : device.qubits)
    if (qubit.live) longest = std::max(longest, qubit.readout_time);
  return longest;
}

void require_sound(const Workload& work) {
  if (work.shots < 1)
    throw InputError(fmt::format("shots = {}: a circuit needs one shot at least", work.shots));
  if (work.circuits < 0 || work.duration < 0 || work.one_qubit < 0 || work.two_qubit < 0 || work.measured < 0)
    throw InputError("a workload has no negative counts or times");
}

std::string plans_of(const Device& device) {
  std::string text;
  for (const auto& price : device.prices)
    text += fmt::format("{}\"{}\" ({})", text.empty() ? "" : ", ", price.plan, price.vendor);
  return text;
}

bool matches(std::string_view pattern, std::string_view name) {
  if (pattern.ends_with('*')) return name.starts_with(pattern.substr(0, pattern.size() - 1));
  return pattern == name;
}

/// A number of 0 or more at the beginning of the text, and what follows it.
std::pair<double, std::string_view> amount_of(std::string_view text, std::string_view whole) {
  double amount = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), amount);
  if (error != std::errc{} || !(amount >= 0) || std::isinf(amount))
    throw InputError(fmt::format("\"{}\" is no amount of money as 500USD", whole));
  return {amount, trim(text.substr(static_cast<std::size_t>(end - text.data())))};
}

}  // namespace

double device_seconds(const Workload& work, const Device& device) {
  require_sound(work);
  const double shot = work.duration + readout_time(device) + device.reset_time + device.repetition_delay;
  const auto jobs = (work.circuits + device.circuits_per_job - 1) / device.circuits_per_job;
  const double executions = static_cast<double>(work.circuits) * static_cast<double>(work.shots);
  return (executions * shot + static_cast<double>(jobs) * device.job_overhead) / microseconds_in_second;
}

double device_seconds(double duration, long shots, const Device& device) {
  return device_seconds({.duration = duration, .shots = shots}, device);
}

Cost cost(const Workload& work, double seconds, const Price& price) {
  require_sound(work);
  if (work.circuits == 0) return {0, price.currency, price.vendor, price.plan, price.date};
  const auto circuits = static_cast<double>(work.circuits);
  const double of_a_shot = price.per_shot +
                           price.per_one_qubit_gate_shot * static_cast<double>(work.one_qubit) +
                           price.per_two_qubit_gate_shot * static_cast<double>(work.two_qubit) +
                           price.per_measurement_shot * static_cast<double>(work.measured);
  const double of_a_circuit =
      price.per_task + static_cast<double>(work.shots) * of_a_shot + price.per_second * seconds / circuits;
  const bool other_minimum = work.mitigated && price.minimum_mitigated > 0;
  const double least = other_minimum ? price.minimum_mitigated : price.minimum;
  return {circuits * std::max(of_a_circuit, least), price.currency, price.vendor, price.plan, price.date};
}

Cost cost(const Workload& work, const Device& device, std::string_view plan) {
  return cost(work, device_seconds(work, device), price_of(device, plan));
}

Cost cost_of_ownership(const Cost& training, const Cost& prediction, double predictions_a_day, double days) {
  if (training.currency != prediction.currency)
    throw InputError(fmt::format("training costs {} and predictions cost {}: state both in one currency",
                                 training.currency, prediction.currency));
  if (!(predictions_a_day >= 0 && days >= 0))
    throw InputError(
        fmt::format("{} predictions a day for {} days: neither may be negative", predictions_a_day, days));
  auto total = prediction;
  total.amount = training.amount + prediction.amount * predictions_a_day * days;
  return total;
}

const Price& price_of(const Device& device, std::string_view plan) {
  if (device.prices.empty())
    throw InputError(
        fmt::format("{}: no price is known (nobody may sell time on it); state one", device.name));
  if (plan.empty()) return device.prices.front();
  for (const auto& price : device.prices)
    if (price.plan == plan || price.vendor == plan) return price;
  throw InputError(
      fmt::format("{}: \"{}\" is no plan or vendor of its prices: {}", device.name, plan, plans_of(device)));
}

const std::vector<BookEntry>& price_book() {
  static const auto book = [] {
    const std::string place = "device/prices.json";
    const auto parsed = JsonValue::parse(embedded_file(place), place);
    std::vector<BookEntry> entries;
    for (const auto& entry : JsonValue(parsed, place).list()) {
      entry.only({"devices", "price"});
      const auto price = price_from_json(entry.at("price"));
      for (const auto& devices : entry.at("devices").list()) entries.push_back({devices.text(), price});
    }
    return entries;
  }();
  return book;
}

std::vector<Price> book_prices(std::string_view device) {
  std::vector<Price> found;
  for (const auto& entry : price_book())
    if (matches(entry.devices, device)) found.push_back(entry.price);
  return found;
}

std::vector<Price> book_prices(const Device& device) {
  auto found = book_prices(device.name);
  if (!found.empty()) return found;
  for (const auto& entry : price_book())
    if (entry.price.vendor == device.vendor) return {entry.price};
  return {};
}

Price with_changes(Price price, std::string_view changes) {
  auto json = price_to_json(price);
  while (!trim(changes).empty()) {
    const auto comma = std::min(changes.find(','), changes.size());
    const auto change = trim(changes.substr(0, comma));
    changes.remove_prefix(std::min(changes.size(), comma + 1));
    const auto equals = change.find('=');
    if (equals == std::string_view::npos)
      throw InputError(fmt::format("price: \"{}\" is not FIELD=VALUE, for example per_shot=0.01", change));
    const std::string field(trim(change.substr(0, equals)));
    const auto text = trim(change.substr(equals + 1));
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool is_number = error == std::errc{} && end == text.data() + text.size() && std::isfinite(number);
    if (field == "per_hour") json.erase("per_second");
    if (is_number && !field.starts_with("date"))
      json[field] = number;
    else
      json[field] = std::string(text);
  }
  return price_from_json(JsonValue(json, "price"));
}

Money parse_money(std::string_view text) {
  const auto [amount, rest] = amount_of(trim(text), text);
  std::string currency(rest.empty() ? "USD" : rest);
  require_currency(currency);
  return {amount, std::move(currency)};
}

void require_currency(std::string_view code) {
  const auto& known = currencies();
  if (std::find(known.begin(), known.end(), code) == known.end())
    throw InputError(unknown_name(code, "a currency", known));
}

bool affordable(const Cost& cost, const Money& budget) {
  if (cost.currency != budget.currency)
    throw InputError(fmt::format("{} ({}) asks for {}, the budget is in {}: state the budget in {}",
                                 cost.vendor, cost.plan, cost.currency, budget.currency, cost.currency));
  return cost.amount <= budget.amount;
}

}  // namespace qupel
