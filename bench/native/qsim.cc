// qsim at one thread: the layers, which all samples share, are fused once; the encoding is fused for each
// sample. The best of fusing two to four qubits.
#include "qsim_circuit.h"

namespace {

using Simulator = qsim::Simulator<qsim::SequentialFor>;

double run(unsigned qubits, unsigned fused, const std::vector<bench::Gate>& layers,
           const std::vector<double>& data) {
  const auto parameter = bench::fusing(fused);
  const auto shared = bench::Fuser::FuseGates(parameter, qubits, layers);
  const Simulator simulator(1);
  const Simulator::StateSpace space(1);
  auto state = space.Create(qubits);
  std::vector<bench::Gate> encoding;
  double sum = 0;
  for (std::size_t sample = 0; sample < bench::samples; ++sample) {
    encoding.clear();
    for (unsigned q = 0; q < qubits; ++q) {
      const auto angle = static_cast<float>(data[sample * qubits + q]);
      encoding.push_back(qsim::GateRY<float>::Create(0, q, angle));
    }
    space.SetStateZero(state);
    for (const auto& gate : bench::Fuser::FuseGates(parameter, qubits, encoding))
      qsim::ApplyFusedGate(simulator, gate, state);
    for (const auto& gate : shared) qsim::ApplyFusedGate(simulator, gate, state);
    sum += simulator.ExpectationValue({0}, bench::z.data(), state).real();
  }
  return sum;
}

bench::Result encode_and_layers(const bench::Arguments& arguments) {
  const auto qubits = static_cast<unsigned>(arguments.qubits);
  const auto layers = bench::ring_gates(arguments.qubits, bench::layers);
  const auto data = bench::draws(8, static_cast<std::size_t>(bench::samples) * qubits);
  return bench::best_fusion(arguments.repeats,
                            [&](unsigned fused) { return run(qubits, fused, layers, data); });
}

}  // namespace

int main(int, char** argv) {
  const bench::Arguments arguments(argv);
  if (arguments.work == "encode-and-layers") return bench::report(encode_and_layers(arguments));
  if (arguments.work == "trajectories-cx-ring") return bench::report(bench::trajectories_of_ring(arguments));
  return arguments.work == "shots-1m" ? bench::report(bench::shots_of_ring(arguments)) : 2;
}
