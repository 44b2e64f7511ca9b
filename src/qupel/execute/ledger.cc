#include "qupel/execute/ledger.h"

#include <algorithm>

namespace qupel {
namespace {

// The innermost running timer of this thread: only it is charged, so that the stages of nested timers add up
// to the time that passed.
thread_local StageTimer* innermost = nullptr;

}  // namespace

std::string_view to_string(Stage stage) {
  switch (stage) {
    case Stage::encode:
      return "encode";
    case Stage::compile:
      return "compile";
    case Stage::queue:
      return "queue";
    case Stage::execute:
      return "execute";
    case Stage::mitigate:
      return "mitigate";
    case Stage::optimise:
      return "optimise";
    case Stage::classical:
      return "classical";
    case Stage::tune:
      return "tune";
  }
  return "";
}

void Ledger::add_circuits(const CircuitCost& cost, long long count, long long shots_each) {
  circuits += count;
  shots += count * shots_each;
  one_qubit_gates += count * cost.one_qubit;
  two_qubit_gates += count * cost.two_qubit;
  if (count > 0) {
    depth = std::max(depth, cost.depth);
    qubits = std::max(qubits, cost.qubits);
  }
}

double Ledger::mitigation_factor() const {
  const auto without = circuits - mitigation_circuits;
  return without > 0 ? static_cast<double>(circuits) / static_cast<double>(without) : 1;
}

Ledger& Ledger::operator+=(const Ledger& other) {
  circuits += other.circuits;
  gradients += other.gradients;
  hardware_circuits += other.hardware_circuits;
  mitigation_circuits += other.mitigation_circuits;
  device_seconds += other.device_seconds;
  money += other.money;
  shots += other.shots;
  one_qubit_gates += other.one_qubit_gates;
  two_qubit_gates += other.two_qubit_gates;
  depth = std::max(depth, other.depth);
  qubits = std::max(qubits, other.qubits);
  for (const auto& [stage, time] : other.seconds) seconds[stage] += time;
  return *this;
}

StageTimer::StageTimer(Ledger* ledger, Stage stage)
    : ledger_(ledger), stage_(stage), start_(clock::now()), outer_(innermost) {
  if (ledger_ == nullptr) return;
  if (outer_ != nullptr) outer_->charge(start_);
  innermost = this;
}

StageTimer::~StageTimer() {
  if (ledger_ == nullptr) return;
  const auto now = clock::now();
  charge(now);
  innermost = outer_;
  if (outer_ != nullptr) outer_->start_ = now;
}

void StageTimer::charge(clock::time_point now) {
  ledger_->seconds[stage_] += std::chrono::duration<double>(now - start_).count();
}

}  // namespace qupel
