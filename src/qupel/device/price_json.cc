#include "qupel/device/price_json.h"

#include <nlohmann/json.hpp>

#include "qupel/device/price.h"

namespace qupel {
namespace {

struct PriceField {
  const char* name;
  double Price::*field;
};
constexpr PriceField fields[] = {{"per_second", &Price::per_second},
                                 {"per_task", &Price::per_task},
                                 {"per_shot", &Price::per_shot},
                                 {"per_one_qubit_gate_shot", &Price::per_one_qubit_gate_shot},
                                 {"per_two_qubit_gate_shot", &Price::per_two_qubit_gate_shot},
                                 {"per_measurement_shot", &Price::per_measurement_shot},
                                 {"minimum", &Price::minimum},
                                 {"minimum_mitigated", &Price::minimum_mitigated}};

}  // namespace

JsonValue::Json price_to_json(const Price& price) {
  JsonValue::Json out{
      {"vendor", price.vendor}, {"plan", price.plan}, {"date", price.date}, {"currency", price.currency}};
  for (const auto& [name, field] : fields)
    if (price.*field != 0) out[name] = price.*field;
  return out;
}

Price price_from_json(const JsonValue& object) {
  std::vector<std::string> known{"vendor", "plan", "date", "currency", "per_hour"};
  for (const auto& each : fields) known.emplace_back(each.name);
  object.only(known);
  Price price{.vendor = object.at("vendor").text(),
              .plan = object.at("plan").text(),
              .date = object.at("date").text()};
  if (const auto currency = object.find("currency")) {
    price.currency = currency->text();
    require_currency(price.currency);
  }
  for (const auto& [name, field] : fields)
    if (const auto found = object.find(name)) price.*field = found->number(0);
  constexpr double seconds_an_hour = 3600;
  if (const auto hourly = object.find("per_hour")) {
    if (object.find("per_second")) hourly->fail("stands beside per_second; state one of them");
    price.per_second = hourly->number(0) / seconds_an_hour;
  }
  return price;
}

}  // namespace qupel
