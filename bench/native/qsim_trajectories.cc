// qsim's trajectories, divided between threads that run their own simulator each.
#include "channels_qsim.h"
#include "gates_cirq.h"
#include "qsim_circuit.h"
#include "qtrajectory.h"

namespace bench {
namespace {

using Simulator = qsim::Simulator<qsim::SequentialFor>;
using Trajectories = qsim::QuantumTrajectorySimulator<qsim::IO, Gate, qsim::MultiQubitGateFuser, Simulator>;
using Channel = qsim::Channel<Gate>;
constexpr double damping = 0.01, depolarizing = 0.01;

Gate pauli(unsigned time, unsigned qubit, int letter) {
  return letter == 1   ? qsim::GateX<float>::Create(time, qubit)
         : letter == 2 ? qsim::GateY<float>::Create(time, qubit)
                       : qsim::GateZ<float>::Create(time, qubit);
}

/// One of fifteen errors on two qubits (qsim's own channel is a product of errors on single ones).
Channel depolarize(unsigned time, unsigned a, unsigned b) {
  constexpr auto normal = qsim::KrausOperator<Gate>::kNormal;
  Channel channel{{normal, 1, 1 - depolarizing, {}}};
  for (int error = 1; error < 16; ++error) {
    channel.push_back({normal, 1, depolarizing / 15, {}});
    if (error % 4 > 0) channel.back().ops.push_back(pauli(time, a, error % 4));
    if (error / 4 > 0) channel.back().ops.push_back(pauli(time, b, error / 4));
  }
  return channel;
}

qsim::NoisyCircuit<Gate> noisy_ring(int qubits) {
  qsim::NoisyCircuit<Gate> circuit{static_cast<unsigned>(qubits), {}};
  for (auto gate : ring_gates(qubits, noisy_layers)) {
    gate.time *= 2;
    const unsigned time = gate.time + 1;
    circuit.channels.push_back(qsim::MakeChannelFromGate(gate.time, gate));
    circuit.channels.push_back(
        gate.qubits.size() == 1 ? qsim::AmplitudeDampingChannel<float>::Create(time, gate.qubits[0], damping)
                                : depolarize(time, gate.qubits[0], gate.qubits[1]));
  }
  return circuit;
}

/// The sum of <Z0> over trajectories first ... last - 1.
double sum(const qsim::NoisyCircuit<Gate>& circuit, unsigned fused, std::uint64_t first, std::uint64_t last) {
  const Simulator simulator(1);
  const Simulator::StateSpace space(1);
  double sum = 0;
  const auto measure = [&](std::uint64_t, const Simulator::State& state, const Trajectories::Stat&) {
    sum += simulator.ExpectationValue({0}, z.data(), state).real();
  };
  Trajectories::RunBatch(fusing<Trajectories::Parameter>(fused), circuit, first, last, space, simulator,
                         measure);
  return sum;
}

}  // namespace

Result trajectories_of_ring(const Arguments& arguments) {
  const auto circuit = noisy_ring(arguments.qubits);
  const auto threads = static_cast<std::uint64_t>(arguments.threads);
  return best_fusion(arguments.repeats, [&](unsigned fused) {
    double total = 0;
#pragma omp parallel for num_threads(arguments.threads) reduction(+ : total)
    for (std::uint64_t t = 0; t < threads; ++t)
      total += sum(circuit, fused, trajectories * t / threads, trajectories * (t + 1) / threads);
    return total / trajectories;
  });
}

}  // namespace bench
