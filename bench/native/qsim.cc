// qsim at one thread: the layers, which all samples share, are fused once; the encoding is fused for each
// sample. The best of fusing two to four qubits.
#include <algorithm>

#include "circuit.h"
#include "fuser_mqubit.h"
#include "gate_appl.h"
#include "gates_qsim.h"
#include "io.h"
#include "seqfor.h"
#include "simmux.h"
#include "work.h"

namespace {

using Simulator = qsim::Simulator<qsim::SequentialFor>;
using StateSpace = Simulator::StateSpace;
using Gate = qsim::GateQSim<float>;
using Fuser = qsim::MultiQubitGateFuser<qsim::IO, Gate>;

double best_seconds = std::numeric_limits<double>::infinity();

double run(const bench::Arguments& arguments, unsigned fused, const std::vector<Gate>& layers,
           const std::vector<float>& data) {
  const auto qubits = static_cast<unsigned>(arguments.qubits);
  Fuser::Parameter parameter;
  parameter.max_fused_size = fused;
  parameter.verbosity = 0;
  const auto shared = Fuser::FuseGates(parameter, qubits, layers);
  const Simulator simulator(1);
  const StateSpace space(1);
  auto state = space.Create(qubits);
  const std::vector<float> z{1, 0, 0, 0, 0, 0, -1, 0};
  std::vector<Gate> encoding;
  double sum = 0;
  const auto start = std::chrono::steady_clock::now();
  for (std::size_t sample = 0; sample < bench::samples; ++sample) {
    encoding.clear();
    for (unsigned q = 0; q < qubits; ++q)
      encoding.push_back(qsim::GateRY<float>::Create(0, q, data[sample * qubits + q]));
    space.SetStateZero(state);
    for (const auto& gate : Fuser::FuseGates(parameter, qubits, encoding))
      qsim::ApplyFusedGate(simulator, gate, state);
    for (const auto& gate : shared) qsim::ApplyFusedGate(simulator, gate, state);
    sum += simulator.ExpectationValue({0}, z.data(), state).real();
  }
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  best_seconds = std::min(best_seconds, seconds.count());
  return sum;
}

}  // namespace

int main(int, char** argv) {
  const bench::Arguments arguments(argv);
  const auto qubits = static_cast<unsigned>(arguments.qubits);
  bench::Angles angles(7), random(8);
  std::vector<Gate> layers;
  unsigned time = 1;
  for (int layer = 0; layer < bench::layers; ++layer) {
    for (unsigned q = 0; q < qubits; ++q) {
      const auto y = static_cast<float>(angles.next()), z = static_cast<float>(angles.next());
      layers.push_back(qsim::GateRY<float>::Create(time, q, y));
      layers.push_back(qsim::GateRZ<float>::Create(time + 1, q, z));
    }
    time += 2;
    for (unsigned q = 0; q < qubits; ++q)
      layers.push_back(qsim::GateCNot<float>::Create(time++, q, (q + 1) % qubits));
  }
  std::stable_sort(layers.begin(), layers.end(),
                   [](const Gate& a, const Gate& b) { return a.time < b.time; });
  std::vector<float> data(static_cast<std::size_t>(bench::samples) * qubits);
  for (float& x : data) x = static_cast<float>(random.next());
  double value = 0;
  for (int r = 0; r < arguments.repeats; ++r) {
    for (unsigned fused = 2; fused <= 4; ++fused) value = run(arguments, fused, layers, data);
  }
  std::cout << nlohmann::json{{"seconds", best_seconds}, {"value", value}}.dump() << "\n";
  return 0;
}
