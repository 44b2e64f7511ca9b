#include <fmt/format.h>

#include <algorithm>

#include "qupel/base/error.h"
#include "qupel/engine/engine.h"
#include "qupel/engine/engines.h"

namespace qupel {
namespace {

void check(const Job& job) {
  job.circuit.require_bound();
  for (const auto& observable : job.observables) {
    if (observable.qubits() > job.circuit.qubits())
      throw InputError(fmt::format("the observable acts on qubit {}: the circuit has qubits 0 to {}",
                                   observable.qubits() - 1, job.circuit.qubits() - 1));
  }
}

Forecast ask(const Engine& engine, const Job& job, const Capabilities& needed) {
  for (const auto ability : all_abilities) {
    if (!needed.has(ability) || engine.supports().has(ability)) continue;
    Forecast refused;
    refused.refusal = refusal(ability);
    return refused;
  }
  return engine.predict(job);
}

std::vector<const Engine*> engines_named(std::string_view name) {
  std::vector<const Engine*> found;
  std::vector<std::string> names;
  for (const auto* engine : engines()) {
    names.emplace_back(engine->name());
    if (name.empty() || engine->name() == name) found.push_back(engine);
  }
  if (found.empty()) throw InputError(unknown_name(name, "an engine", names));
  return found;
}

std::string reason(const Choice& choice) {
  if (choice.considered.size() == 1) return "it is the only engine";
  std::string others;
  for (const auto& [engine, forecast] : choice.considered) {
    if (engine == choice.engine) continue;
    if (!others.empty()) others += "; ";
    others += forecast.refusal.empty()
                  ? fmt::format("{} would take {:.2g} s", engine->name(), forecast.seconds)
                  : fmt::format("{}: {}", engine->name(), forecast.refusal);
  }
  return fmt::format("predicted {:.2g} s; {}", choice.forecast().seconds, others);
}

}  // namespace

std::span<const Engine* const> engines() {
  static const Engine* const all[] = {&batch_engine(), &tiled_engine(), &density_engine(),
                                      &trajectories_engine()};
  return all;
}

const Forecast& Choice::forecast() const {
  const auto found = std::ranges::find(considered, engine, [](const auto& each) { return each.first; });
  return found->second;
}

Choice choose(const Job& job, std::string_view name) {
  check(job);
  const auto needed = needs(job);
  Choice choice;
  std::string refusals;
  for (const auto* engine : engines_named(name)) {
    const auto& forecast = choice.considered.emplace_back(engine, ask(*engine, job, needed)).second;
    if (!forecast.refusal.empty())
      refusals += fmt::format("{}{}: {}", refusals.empty() ? "" : "; ", engine->name(), forecast.refusal);
    else if (choice.engine == nullptr || forecast.seconds < choice.forecast().seconds)
      choice.engine = engine;
  }
  if (choice.engine == nullptr)
    throw InputError(
        fmt::format("no engine can run this circuit of {} qubits ({})", job.circuit.qubits(), refusals));
  choice.reason = reason(choice);
  return choice;
}

Outcome run(const Job& job, std::string_view name) {
  const auto& engine = *choose(job, name).engine;
  auto outcome = engine.run(job);
  outcome.engine = engine.name();
  return outcome;
}

}  // namespace qupel
