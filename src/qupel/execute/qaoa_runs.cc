#include "qupel/execute/qaoa_runs.h"

#include <algorithm>
#include <cmath>

#include "qupel/base/error.h"

namespace qupel {
namespace {

std::vector<double> as_parameters(const QaoaAngles& angles) {
  std::vector<double> parameters;
  for (std::size_t l = 0; l < angles.gammas.size(); ++l) {
    parameters.push_back(angles.gammas[l]);
    parameters.push_back(angles.betas[l]);
  }
  return parameters;
}

void add_phase(Circuit& circuit, const Observable& cost, int gamma) {
  for (const auto& term : cost.terms) {
    std::vector<int> on;
    for (const auto& letter : term.pauli.letters()) on.push_back(letter.first);
    if (on.empty()) continue;
    circuit.add_pauli_rotation(std::string(on.size(), 'Z'), on, Angle::parameter(gamma, 2 * term.weight));
  }
}

void add_mixer(Circuit& circuit, const QaoaAnsatz& ansatz, int beta) {
  if (ansatz.ones == 0) {
    for (int q = 0; q < ansatz.qubits; ++q) circuit.add("rx", {q}, {Angle::parameter(beta, 2)});
    return;
  }
  for (const auto& [a, b] : ring_pairs(ansatz.qubits)) {
    circuit.add("rxx", {a, b}, {Angle::parameter(beta, 1)});
    circuit.add("ryy", {a, b}, {Angle::parameter(beta, 1)});
  }
}

/// Turns the target about Y where both controls are 1.
void add_twice_controlled_ry(Circuit& circuit, int first, int second, int target, double angle) {
  circuit.add("cry", {second, target}, {angle / 2});
  circuit.add("cx", {first, second});
  circuit.add("cry", {second, target}, {-angle / 2});
  circuit.add("cx", {first, second});
  circuit.add("cry", {first, target}, {angle / 2});
}

}  // namespace

// Split-and-cyclic-shift gates from the last qubit down: each leaves its last qubit 1 with the probability
// that a one is there, and shifts the ones before it.
void add_dicke_state(Circuit& circuit, int ones) {
  const int qubits = circuit.qubits();
  for (int q = qubits - ones; q < qubits; ++q) circuit.add("x", {q});
  for (int size = qubits; size >= 2; --size) {
    const int last = size - 1;
    for (int k = 1; k <= std::min(ones, size - 1); ++k) {
      const int target = last - k;
      const double angle = 2 * std::acos(std::sqrt(static_cast<double>(k) / size));
      circuit.add("cx", {target, last});
      if (k == 1)
        circuit.add("cry", {last, target}, {angle});
      else
        add_twice_controlled_ry(circuit, last, target + 1, target, angle);
      circuit.add("cx", {target, last});
    }
  }
}

Circuit qaoa_circuit(const QaoaAnsatz& ansatz, std::size_t layers) {
  Circuit circuit(ansatz.qubits);
  if (ansatz.ones > 0)
    add_dicke_state(circuit, ansatz.ones);
  else
    for (int q = 0; q < ansatz.qubits; ++q) circuit.add("h", {q});
  for (int l = 0; l < static_cast<int>(layers); ++l) {
    add_phase(circuit, ansatz.cost, 2 * l);
    add_mixer(circuit, ansatz, 2 * l + 1);
  }
  return circuit;
}

QaoaRuns::QaoaRuns(Executor& executor, QaoaAnsatz ansatz, int threads)
    : executor_(executor), ansatz_(std::move(ansatz)), threads_(threads) {}

bool QaoaRuns::here() const {
  const auto& execution = executor_.execution();
  return execution.device == nullptr && execution.noise.empty() && execution.mitigation == nullptr &&
         execution.backend == nullptr && execution.engine.empty();
}

QaoaRuns::Engine& QaoaRuns::engine() {
  if (!here())
    throw InputError(
        "the tail gradient and the success probability of a QAOA are computed on this computer only, without "
        "noise, device, mitigation or a named engine");
  if (!engine_) {
    const StageTimer timer(&executor_.ledger(), Stage::compile);
    const CostFunction cost(ansatz_.cost, ansatz_.qubits);
    if (ansatz_.ones > 0)
      engine_.emplace(DickeQaoa(cost, ansatz_.ones));
    else
      engine_.emplace(Qaoa(cost, executor_.execution().precision, threads_));
  }
  return *engine_;
}

void QaoaRuns::charge(std::size_t layers, std::uint64_t shots) {
  auto found = costs_.find(layers);
  if (found == costs_.end()) found = costs_.emplace(layers, qaoa_circuit(ansatz_, layers).cost()).first;
  executor_.ledger().add_circuits(found->second, 1, static_cast<long long>(shots));
}

void QaoaRuns::charge_gradient(std::size_t layers) {
  charge(layers, 0);
  auto& ledger = executor_.ledger();
  ++ledger.gradients;
  // A device turns every rotation once forwards and once backwards.
  const auto mixers =
      ansatz_.ones > 0 ? 2 * ring_pairs(ansatz_.qubits).size() : static_cast<std::size_t>(ansatz_.qubits);
  ledger.hardware_circuits += 1 + 2 * static_cast<long long>((ansatz_.cost.terms.size() + mixers) * layers);
}

QaoaGradient QaoaRuns::gradient(const QaoaAngles& angles) {
  if (!here()) return circuit_gradient(angles);
  auto& runs = engine();
  const StageTimer timer(&executor_.ledger(), Stage::execute);
  charge_gradient(angles.gammas.size());
  return std::visit([&](auto& qaoa) { return qaoa.gradient(angles); }, runs);
}

QaoaGradient QaoaRuns::tail_gradient(const QaoaAngles& angles, double share) {
  auto& runs = engine();
  const StageTimer timer(&executor_.ledger(), Stage::execute);
  charge_gradient(angles.gammas.size());
  return std::visit([&](auto& qaoa) { return qaoa.tail_gradient(angles, share); }, runs);
}

double QaoaRuns::success_probability(const QaoaAngles& angles) {
  return std::visit([&](auto& qaoa) { return qaoa.success_probability(angles, 1e-6); }, engine());
}

QaoaGradient QaoaRuns::circuit_gradient(const QaoaAngles& angles) {
  if (executor_.execution().shots > 0) throw InputError("the gradient of a QAOA is taken from exact values");
  const auto layers = angles.gammas.size();
  const auto prepared = executor_.prepare(qaoa_circuit(ansatz_, layers), {ansatz_.cost});
  const auto found = executor_.gradient(
      prepared, Matrix<double>(1, 0), as_parameters(angles),
      [](std::size_t, const Matrix<double>&, Matrix<double>& slopes) { slopes(0, 0) = 1; });
  QaoaGradient result{found.values(0, 0), {}};
  for (std::size_t l = 0; l < layers; ++l) {
    result.gradient.gammas.push_back(found.parameters[2 * l]);
    result.gradient.betas.push_back(found.parameters[2 * l + 1]);
  }
  return result;
}

ShotCounts QaoaRuns::samples(const QaoaAngles& angles, std::uint64_t draws, std::uint64_t seed) {
  const auto& execution = executor_.execution();
  const auto shots = execution.shots > 0 ? execution.shots : draws;
  ShotCounts counts;
  if (here()) {
    auto& runs = engine();
    const StageTimer timer(&executor_.ledger(), Stage::execute);
    charge(angles.gammas.size(), shots);
    ++executor_.ledger().hardware_circuits;
    const auto own = execution.shots > 0 ? execution.seed : seed;
    counts = std::visit([&](auto& qaoa) { return qaoa.counts(angles, shots, own); }, runs);
  } else {
    const auto circuit = qaoa_circuit(ansatz_, angles.gammas.size());
    counts = executor_.run(circuit.bind({}, as_parameters(angles)), {.shots = shots}).counts;
  }
  std::ranges::sort(counts);
  return counts;
}

}  // namespace qupel
