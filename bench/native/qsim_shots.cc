// Shots from a state that is made beforehand; qsim draws them on one thread.
#include "qsim_circuit.h"

bench::Result bench::shots_of_ring(const Arguments& arguments) {
  using Simulator = qsim::Simulator<qsim::ParallelFor>;
  const auto qubits = static_cast<unsigned>(arguments.qubits),
             threads = static_cast<unsigned>(arguments.threads);
  const Simulator simulator(threads);
  const Simulator::StateSpace space(threads);
  auto state = space.Create(qubits);
  space.SetStateZero(state);
  for (const auto& gate : Fuser::FuseGates(fusing(4), qubits, ring_gates(arguments.qubits, deep_layers)))
    qsim::ApplyFusedGate(simulator, gate, state);
  std::vector<std::uint64_t> drawn;
  auto result = best_of(arguments.repeats, [&] {
    drawn = space.Sample(state, shots, 1);
    return 0.0;
  });
  for (const auto shot : drawn) result.value += (shot & 1 ? -1.0 : 1.0) / shots;
  return result;
}
