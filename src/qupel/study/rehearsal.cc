#include "qupel/study/rehearsal.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "qupel/base/error.h"
#include "qupel/base/interrupt.h"
#include "qupel/base/random.h"
#include "qupel/circuit/qasm_reader.h"
#include "qupel/mitigate/mitigation.h"
#include "qupel/study/entries.h"
#include "qupel/study/inputs.h"

namespace qupel {
namespace {

constexpr double few_rows = 24, little_effort = 0.02;

struct Fit {
  std::unique_ptr<Fitted> model;
  std::shared_ptr<const Instance> ask;
};

class Rehearsal {
 public:
  Rehearsal(const StudySpec& spec, const Problem& problem)
      : spec_(spec),
        splits_(problem.splits(splitting_of(spec))),
        problem_(problem),
        task_(problem.prepare(splitting_of(spec), splits_.front()).outer),
        technique_(mitigation(spec.mitigate)) {
    const double share = few_rows / static_cast<double>(std::max<std::size_t>(1, task_.learn_rows.size()));
    if (share < 1) few_ = problem.fewer(task_, share, derive(spec.seed, {key_of("rehearsal")}));
    for (const auto& split : splits_) {
      predictions_ += static_cast<double>(split.test.size());
      pairs_ += static_cast<double>(split.test.size()) * static_cast<double>(split.train.size());
    }
  }

  std::vector<DeviceNeed> needs() {
    std::vector<DeviceNeed> all;
    for (const auto& entry : spec_.entries) {
      if (entry.contender().family != Family::quantum || !entry.contender().circuit_cost) continue;
      check_interrupt();
      if (const auto found = fit(entry))
        for (const auto& device : spec_.devices) all.push_back(need(entry, *found, device));
    }
    return all;
  }

 private:
  /// Few rows may lack what a fit needs; then all rows, and then nothing.
  std::optional<Fit> fit(const Entry& entry) const {
    for (const auto* task : {few_ ? &*few_ : nullptr, &task_}) {
      if (task == nullptr) continue;
      try {
        const auto settings = default_settings(entry);
        Executor ideal(spec_.precision);
        const FitContext context{.executor = &ideal, .effort = little_effort, .for_search = true};
        const auto inputs = input_choice(entry, settings);
        return Fit{entry.contender().fit(*problem_.view(*task->learn, inputs), own_settings(entry, settings),
                                         context),
                   problem_.view(*task_.ask, inputs)};
      } catch (const InputError&) {
      }
    }
    return std::nullopt;
  }

  DeviceNeed need(const Entry& entry, const Fit& fit, const DeviceEntry& device) const {
    const auto plain = answered(fit, device, nullptr);
    auto all = plain;
    if (technique_) all += answered(fit, device, technique_.get());
    // Of kernels what counts are pairs of rows: one circuit each, without mitigation.
    double times = entry.contender().compares_rows
                       ? pairs_ / static_cast<double>(std::max(1LL, plain.hardware_circuits))
                       : predictions_ / static_cast<double>(task_.ask_rows.size());
    if (spec_.train_on_devices) times *= 2;
    DeviceNeed need{entry.name, device.device->name};
    need.circuits = std::llround(times * static_cast<double>(all.hardware_circuits));
    need.shots = std::llround(times * static_cast<double>(all.shots));
    need.seconds = times * all.device_seconds;
    if (device.device->prices.empty()) return need;
    const auto& price = price_of(*device.device);
    need.cost = {times * all.money, price.currency, price.vendor, price.plan, price.date};
    return need;
  }

  Ledger answered(const Fit& fit, const DeviceEntry& device, const Mitigation* technique) const {
    Executor there({.device = device.device,
                    .shots = spec_.shots,
                    .mitigation = technique,
                    .precision = Precision::double_,
                    .rehearsal = true});
    const FitContext context{.executor = &there};
    fit.model->answer(*fit.ask, context);
    return there.ledger();
  }

  const StudySpec& spec_;
  std::vector<Split> splits_;
  const Problem& problem_;
  Task task_;
  std::optional<Task> few_;
  std::unique_ptr<Mitigation> technique_;
  double predictions_ = 0, pairs_ = 0;
};

/// The cheapest thing that a device sells: one shot of a circuit without gates.
Cost one_shot(const Device& device) { return cost({.measured = 1}, device); }

}  // namespace

Circuit circuit_of_an_answer(const Contender& contender, const std::string& qasm) {
  auto circuit = read_qasm(qasm, contender.name).circuit;
  if (!contender.compares_rows) return circuit;
  const auto inverse = circuit.inverse();
  return circuit.append(inverse, circuit.features());
}

std::vector<DeviceNeed> rehearse(const StudySpec& spec, const Problem& problem) {
  return Rehearsal(spec, problem).needs();
}

void require_affordable(const StudySpec& spec, const std::vector<DeviceNeed>& needs, const Money& budget) {
  for (const auto& entry : spec.devices) {
    const auto least = one_shot(*entry.device);
    if (!affordable(least, budget))
      throw InputError(fmt::format("a budget of {:g} {} cannot buy one shot on {}, which costs {:g} {}",
                                   budget.amount, budget.currency, entry.device->name, least.amount,
                                   least.currency));
  }
  Cost total;
  std::string parts;
  for (const auto& need : needs) {
    const double before = total.amount;
    total = need.cost;
    total.amount += before;
    parts += fmt::format("{}{:.2f} for {} on {}", parts.empty() ? "" : ", ", need.cost.amount, need.contender,
                         need.device);
  }
  if (needs.empty() || affordable(total, budget)) return;
  throw InputError(fmt::format(
      "this would cost about {:.2f} {}, more than the {:.2f} {} allowed; nothing was spent ({}). Fewer shots, "
      "rows, repeats, contenders or mitigation cost less, and so may another device",
      total.amount, total.currency, budget.amount, budget.currency, parts));
}

}  // namespace qupel
