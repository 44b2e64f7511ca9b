#include "qupel/study/ownership.h"

#include <algorithm>
#include <string_view>

#include "qupel/study/summary.h"

namespace qupel {
namespace {

constexpr std::string_view processor = "cpu";

Cost times(Cost cost, double factor) {
  cost.amount *= factor;
  return cost;
}

/// So many seconds on a machine of the price book that is charged by the hour.
Cost charged(const Price& hourly, double seconds) { return cost({}, seconds, hourly); }

/// What one split took on average, all of it but the simulation of devices.
double training_seconds(const ContenderResult& c) {
  double all = 0;
  for (const auto& [stage, seconds] : c.ledger.seconds)
    if (stage != Stage::tune) all += seconds;
  return (all > 0 ? all : c.seconds) / std::max(1, c.trials);
}

class Owner {
 public:
  Owner(const StudyResult& result, const Demand& demand) : result_(result), demand_(demand) {}

  void add(const ContenderResult& c) {
    const auto training = charged(book_prices(processor).front(), training_seconds(c));
    if (c.predict_seconds_per_1000 > 0) add_on_computers(c);
    for (const auto& reading : c.devices)
      if (!reading.currency.empty()) add_on_device(c, reading, training);
  }

  std::vector<Ownership> take() && {
    std::ranges::stable_sort(all_, [](const Ownership& a, const Ownership& b) {
      return std::pair(a.total.currency != "USD", a.total.amount) <
             std::pair(b.total.currency != "USD", b.total.amount);
    });
    return std::move(all_);
  }

 private:
  void add_on_computers(const ContenderResult& c) {
    for (const std::string_view machine :
         {processor, std::string_view("gpu-h100"), std::string_view("gpu-h200")}) {
      const auto hourly = book_prices(machine).front();
      add({c.name, c.family, std::string(machine), false, charged(hourly, training_seconds(c)),
           charged(hourly, c.predict_seconds_per_1000)});
    }
  }

  void add_on_device(const ContenderResult& c, const DeviceReading& reading, const Cost& training) {
    const auto& answers = reading.mitigated.empty() ? reading.ledger : reading.mitigation_ledger;
    if (answers.hardware_circuits == 0) return;
    const Cost price{0, reading.currency, reading.vendor, {}, reading.price_date};
    const auto of = [&](double amount) {
      auto cost = price;
      cost.amount = amount;
      return cost;
    };
    const double asked = static_cast<double>(result_.rows) * std::max(1, result_.repeats);
    Ownership own{c.name, c.family, reading.device, false, training, of(1000 * answers.money / asked)};
    add(own);
    if (c.ledger.hardware_circuits == 0 || c.trials == 0) return;
    const double of_a_circuit = answers.money / static_cast<double>(answers.hardware_circuits);
    own.trained_there = true;
    own.training = of(of_a_circuit * static_cast<double>(c.ledger.hardware_circuits) / c.trials);
    add(own);
  }

  void add(Ownership own) {
    const auto training = own.training.currency == own.thousand_answers.currency
                              ? own.training
                              : times(own.thousand_answers, 0);
    own.total =
        cost_of_ownership(training, times(own.thousand_answers, 1e-3), demand_.answers_a_day, demand_.days);
    all_.push_back(std::move(own));
  }

  const StudyResult& result_;
  Demand demand_;
  std::vector<Ownership> all_;
};

}  // namespace

std::vector<Ownership> ownership(const StudyResult& result, const Demand& demand) {
  Owner owner(result, demand);
  for (const auto& contender : result.contenders)
    if (!contender.floor) owner.add(contender);
  return std::move(owner).take();
}

}  // namespace qupel
