#include <fmt/format.h>

#include <algorithm>

#include "qupel/circuit/qasm/interpreter.h"

// Measurement, reset, barrier, delay, and what is written into bits.
namespace qupel::qasm {
namespace {

constexpr std::size_t most_bits_in_all = 1'000'000;

std::size_t at_index(int number) { return static_cast<std::size_t>(number); }

}  // namespace

int Interpreter::add_register(std::string_view name, int size, Location at) {
  const auto first = scope_.bits.size();
  if (first + at_index(size) > most_bits_in_all) fail(at, fmt::format("more than {} bits", most_bits_in_all));
  registers_.push_back({std::string(name), static_cast<int>(first), size});
  scope_.bits.resize(first + at_index(size));
  return static_cast<int>(first);
}

int Interpreter::spare_bit(Location at) {
  if (spare_bits_used_ == spare_bits_.size()) spare_bits_.push_back(add_register("", 1, at));
  return spare_bits_[spare_bits_used_++];
}

void Interpreter::append(Operation operation, Location at) {
  budget_.at = at;
  budget_.spend(std::max<std::size_t>(1, operation.qubits.size()));
  operation.conditions = conditions_;
  for (const int bit : operation.bits) {
    auto& known = scope_.bits[at_index(bit)];
    known.measured = true;
    if (conditions_.empty() && operation.spec->classical())
      known = {false, operation.spec->structure == Structure::set};
  }
  operations_.push_back(std::move(operation));
}

// Where noise is given, it may act on a qubit that no gate acted on: after a measurement or a delay.
void Interpreter::disturb(int qubit) {
  if (!noise_words_.empty()) used_[at_index(qubit)] = true;
}

void Interpreter::measure(const Measurement& measurement, Location at) {
  const auto qubits = evaluate_.qubits(measurement.qubits);
  std::vector<int> into;
  if (measurement.bits) {
    into = target_bits(*measurement.bits);
  } else {
    if (!discarded_) discarded_ = add_register("", 1, at);
    into.assign(at_index(qubits.size()), *discarded_);
  }
  if (static_cast<int>(into.size()) != qubits.size()) {
    fail(measurement.bits->at,
         fmt::format("{} qubits are measured into {} bits", qubits.size(), into.size()));
  }
  measure(qubits, into, at);
}

void Interpreter::measure(const Qubits& qubits, const std::vector<int>& into, Location at) {
  static const OpSpec& spec = operation("measure");
  for (int k = 0; k < qubits.size(); ++k) {
    measured_[at_index(qubits[k])] = true;
    disturb(qubits[k]);
    append({&spec, {qubits[k]}, {}, {}, {into[at_index(k)]}}, at);
  }
}

// A qubit that nothing acted on is 0 already, unless noise acted on it, or noise acts after the reset.
void Interpreter::reset(const Reset& reset, Location at) {
  static const OpSpec& spec = operation("reset");
  const auto qubits = evaluate_.qubits(reset.qubits);
  for (int k = 0; k < qubits.size(); ++k) {
    if (used_[at_index(qubits[k])] || noise_words_.contains("reset") || noise_words_.contains("idle"))
      append({&spec, {qubits[k]}, {}, {}}, at);
    if (conditions_.empty()) used_[at_index(qubits[k])] = false;
  }
}

void Interpreter::barrier(const Barrier& barrier, Location at) {
  static const OpSpec& spec = operation("barrier");
  std::vector<int> qubits;
  for (const auto& operand : barrier.operands) {
    const auto more = evaluate_.qubits(operand);
    for (int k = 0; k < more.size(); ++k) qubits.push_back(more[k]);
  }
  if (target_ != nullptr) return;  // within a gate: its operations keep their order anyway
  if (barrier.operands.empty())
    for (std::size_t q = 0; q < qubits_.size(); ++q) qubits.push_back(static_cast<int>(q));
  std::ranges::sort(qubits);
  qubits.erase(std::unique(qubits.begin(), qubits.end()), qubits.end());
  if (!qubits.empty()) append({&spec, std::move(qubits), {}, {}}, at);
}

void Interpreter::delay(const Delay& delay, Location at) {
  static const OpSpec& spec = operation("delay");
  for (const auto& operand : delay.operands) {
    const auto qubits = evaluate_.qubits(operand);
    for (int k = 0; k < qubits.size(); ++k) {
      append({&spec, {qubits[k]}, {}, {}, {}, {}, delay.duration}, at);
      disturb(qubits[k]);
    }
  }
}

void Interpreter::write(int bit, bool value, Location at) {
  static const OpSpec &set = operation("set"), &clear = operation("clear");
  const auto& known = scope_.bits[at_index(bit)];
  if (!known.measured && known.value == value) return;
  append({value ? &set : &clear, {}, {}, {}, {bit}}, at);
}

void Interpreter::write(std::span<const int> bits, const Expression& value, Location at) {
  if (evaluate_.depends_on_measurement(value)) return copy(bits, value, at);
  const auto given = cast(evaluate_.value(value), {Type::Kind::bits, static_cast<int>(bits.size())}, at);
  for (std::size_t k = 0; k < bits.size(); ++k)
    write(bits[k], ((given.integer >> std::min(k, std::size_t{63})) & 1) != 0, at);  // a sign goes on upwards
}

}  // namespace qupel::qasm
