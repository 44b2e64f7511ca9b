#include "qupel/noise/noise_rules.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

#include "qupel/base/error.h"

namespace qupel {
namespace {

// A channel whose time was left out lasts as long as what it disturbs.
bool lacks_time(const Channel& channel) {
  return channel.spec->timed && channel.parameters.size() + 1 == channel.spec->parameters.size();
}

Channel lasting(Channel channel, double time) {
  if (lacks_time(channel)) channel.parameters.push_back(time);
  return channel;
}

}  // namespace

std::vector<Matrix<Complex>> NoiseStep::kraus() const {
  return channel.spec->kraus(channel.parameters, static_cast<int>(qubits.size()));
}

bool Place::holds(std::span<const int> gate) const {
  return ordered ? std::ranges::equal(qubits, gate) : std::ranges::is_permutation(qubits, gate);
}

bool NoiseRule::chooses(const GateEvent& gate) const {
  if (arity > 0) return gate.gate() && gate.qubits.size() == static_cast<std::size_t>(arity);
  if (gates.empty()) return gate.gate();
  return std::ranges::any_of(gates, [&](const auto& name) { return gate.is(name); });
}

std::vector<int> NoiseRule::chosen(std::span<const int> qubits) const {
  const bool whole =
      places.empty() || std::ranges::any_of(places, [&](const Place& place) { return place.holds(qubits); });
  std::vector<int> result;
  for (const int q : qubits) {
    if (whole || std::ranges::any_of(places, [&](const Place& place) { return place.holds({&q, 1}); }))
      result.push_back(q);
  }
  return result;
}

bool NoiseRule::chooses_whole(const GateEvent& gate) const {
  return chooses(gate) && chosen(gate.qubits).size() == gate.qubits.size();
}

bool NoiseRules::any(NoiseRule::Kind kind) const {
  return std::ranges::find(rules_, kind, &NoiseRule::kind) != rules_.end();
}

bool NoiseRules::disturbs_gates() const { return any(NoiseRule::Kind::after) || any(NoiseRule::Kind::idle); }

bool NoiseRules::disturbs_waiting() const { return any(NoiseRule::Kind::idle); }

Schedule NoiseRules::schedule() const {
  for (auto rule = rules_.rbegin(); rule != rules_.rend(); ++rule) {
    if (rule->kind == NoiseRule::Kind::early) return Schedule::as_early_as_possible;
    if (rule->kind == NoiseRule::Kind::late) break;
  }
  return Schedule::as_late_as_possible;
}

std::vector<NoiseStep> NoiseRules::after(const GateEvent& gate) const {
  std::vector<NoiseStep> steps;
  for (const auto& rule : rules_) {
    if (rule.kind != NoiseRule::Kind::after || !rule.chooses(gate)) continue;
    const auto qubits = rule.chosen(gate.qubits);
    if (qubits.empty()) continue;
    const auto channel = lasting(rule.channel, lacks_time(rule.channel) ? duration(gate) : 0);
    if (channel.spec->qubits == 0 && gate.qubits.size() <= 2) {
      if (qubits.size() == gate.qubits.size()) steps.push_back({channel, qubits});
    } else {
      for (const int q : qubits) steps.push_back({channel, {q}});
    }
  }
  return steps;
}

std::vector<NoiseStep> NoiseRules::while_idle(int qubit, double time) const {
  std::vector<NoiseStep> steps;
  for (const auto& rule : rules_) {
    if (rule.kind == NoiseRule::Kind::idle && !rule.chosen({&qubit, 1}).empty())
      steps.push_back({lasting(rule.channel, time), {qubit}});
  }
  return steps;
}

double NoiseRules::duration(const GateEvent& gate) const {
  for (auto rule = rules_.rbegin(); rule != rules_.rend(); ++rule) {
    if (rule->kind == NoiseRule::Kind::duration && rule->chooses_whole(gate))
      return rule->channel.parameters[0];
  }
  if (const auto stated = stated_duration(gate)) return *stated;
  throw InputError(fmt::format(
      "noise \"{}\": the duration of {} on qubit{} {} is not stated: add \"duration(TIME) of {}\"", text(),
      gate.name, gate.qubits.size() == 1 ? "" : "s", fmt::join(gate.qubits, ", "), gate.name));
}

ReadoutError NoiseRules::readout(int qubit) const {
  for (auto rule = rules_.rbegin(); rule != rules_.rend(); ++rule) {
    if (rule->kind == NoiseRule::Kind::readout && !rule->chosen({&qubit, 1}).empty())
      return {rule->channel.parameters[0], rule->channel.parameters[1]};
  }
  return {};
}

std::string NoiseRules::text() const {
  std::string all;
  for (const auto& rule : rules_) all += (all.empty() ? "" : "; ") + to_string(rule);
  return all;
}

bool NoiseRules::met(const NoiseRule& rule, std::span<const GateEvent> gates, int qubits) const {
  switch (rule.kind) {
    case NoiseRule::Kind::after: {
      const NoiseRules alone({{rule.kind, {rule.channel.spec, {}}, rule.arity, rule.gates, rule.places}});
      return std::ranges::any_of(gates, [&](const GateEvent& gate) { return !alone.after(gate).empty(); });
    }
    case NoiseRule::Kind::duration:
      return std::ranges::any_of(gates, [&](const GateEvent& gate) { return rule.chooses_whole(gate); });
    case NoiseRule::Kind::idle:
    case NoiseRule::Kind::readout: {
      std::vector<int> all(static_cast<std::size_t>(qubits));
      std::iota(all.begin(), all.end(), 0);
      return std::ranges::any_of(all, [&](const int& q) { return !rule.chosen({&q, 1}).empty(); });
    }
    case NoiseRule::Kind::early:
    case NoiseRule::Kind::late:
      break;
  }
  return true;
}

std::vector<std::string> NoiseRules::unmet(std::span<const GateEvent> gates, int qubits) const {
  std::vector<std::string> result;
  for (const auto& rule : rules_) {
    if (!met(rule, gates, qubits)) result.push_back(to_string(rule));
  }
  return result;
}

}  // namespace qupel
