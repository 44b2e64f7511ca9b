#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "qupel/base/error.h"
#include "qupel/circuit/measured_part.h"
#include "qupel/engine/engine.h"
#include "qupel/engine/engines.h"
#include "qupel/engine/moments.h"
#include "qupel/engine/narrowing.h"
#include "qupel/engine/no_engine.h"
#include "qupel/engine/normal_form.h"
#include "qupel/engine/planner/translation.h"

namespace qupel {
namespace {

void check(const Job& job) {
  job.circuit.require_bound();
  if (job.variances > job.observables.size())
    throw InputError(
        fmt::format("variances of {} observables: there are {}", job.variances, job.observables.size()));
  require_weights(job.observables);
  require_on_qubits(job.observables, job.circuit.qubits());
}

Circuit without_idle(const Circuit& circuit) {
  Circuit made = circuit.without_operations();
  for (const auto& operation : circuit.operations())
    if (!operation.spec->idle()) made.add(operation);
  return made;
}

/// Whether only classical bits are asked about, so that what they do not depend on may be left out.
bool asks_bits_only(const Job& job) {
  return job.observables.empty() && !job.state && job.circuit.measures() && !job.noise.disturbs_gates();
}

/// The job as engines see it: measurements at the end apart, and nothing in the circuit that does nothing.
Job prepared(const Job& job) {
  Job made = job;
  const bool repeatable = std::ranges::none_of(job.circuit.operations(), [&](const Operation& each) {
    return each.spec->structure == Structure::measure && job.noise.disturbs_gates() &&
           !job.noise.source()->after(*gate_ended_by(each)).empty();
  });
  auto parts = split_final_measurements(job.circuit, repeatable);
  if (asks_bits_only(job) && !parts.body.unitary())
    parts = split_final_measurements(measured_part(job.circuit), repeatable);
  auto& [body, readout] = parts;
  made.circuit = !job.noise.disturbs_gates() ? without_idle(body) : std::move(body);
  if (job.circuit.measures()) made.readout = std::move(readout);
  return made;
}

bool needs_preparation(const Job& job) {
  return !std::ranges::all_of(job.circuit.operations(),
                              [](const Operation& operation) { return operation.spec->gate(); });
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
  static const Engine* const all[] = {&batch_engine(),        &tiled_engine(),     &density_engine(),
                                      &trajectories_engine(), &branching_engine(), &stabilizer_engine()};
  return all;
}

const Forecast& Choice::forecast() const {
  const auto found = std::ranges::find(considered, engine, [](const auto& each) { return each.first; });
  return found->second;
}

namespace {

Choice choose_for(const Job& job, std::string_view name) {
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
    throw NoEngine(
        fmt::format("no engine can run this circuit of {} qubits ({})", job.circuit.qubits(), refusals));
  choice.reason = reason(choice);
  return choice;
}

// What reaches the caller is a number.
void require_numbers(const Outcome& outcome) {
  for (const auto* values : {&outcome.expectations, &outcome.variances}) {
    if (std::ranges::all_of(*values, [](double value) { return std::isfinite(value); })) continue;
    throw std::runtime_error(
        fmt::format("the engine \"{}\" answered with a value that is not finite: this is a fault of the "
                    "engine; try another one",
                    outcome.engine));
  }
}

Outcome run_prepared(const Job& job, std::string_view name) {
  const Translation translation(job);
  const Narrowing narrowing(translation.asked());
  const auto& engine = *choose_for(narrowing.asked(), name).engine;
  auto outcome = translation.answer(narrowing.answer(engine.run(narrowing.asked())));
  outcome.engine = engine.name();
  require_numbers(outcome);
  return outcome;
}

}  // namespace

Choice choose(const Job& job, std::string_view name) {
  check(job);
  const Translation translation(needs_preparation(job) ? prepared(job) : job);
  return choose_for(Narrowing(translation.asked()).asked(), name);
}

Outcome run(const Job& job, std::string_view name) {
  check(job);
  return needs_preparation(job) ? run_prepared(prepared(job), name) : run_prepared(job, name);
}

}  // namespace qupel
