#pragma once
#include <algorithm>

#include "circuit.h"
#include "fuser_mqubit.h"
#include "gate_appl.h"
#include "gates_qsim.h"
#include "io.h"
#include "parfor.h"
#include "seqfor.h"
#include "simmux.h"
#include "work.h"

// What the qsim programs share: gates of the layers, fusing, and <Z0>.
namespace bench {

using Gate = qsim::GateQSim<float>;
using Fuser = qsim::MultiQubitGateFuser<qsim::IO, Gate>;
inline const std::vector<float> z{1, 0, 0, 0, 0, 0, -1, 0};

/// The layers, in the order of their times, as the fuser wants them.
inline std::vector<Gate> ring_gates(int qubits, int depth) {
  std::vector<Gate> gates;
  unsigned time = 0;
  ring_circuit(
      qubits, depth,
      [&](char axis, unsigned q, double angle) {
        const auto turn = static_cast<float>(angle);
        gates.push_back(axis == 'Y' ? qsim::GateRY<float>::Create(time + 1, q, turn)
                                    : qsim::GateRZ<float>::Create(time + 2, q, turn));
      },
      [&](unsigned a, unsigned b) {
        time = gates.back().time + 1;
        gates.push_back(qsim::GateCNot<float>::Create(time, a, b));
      });
  std::stable_sort(gates.begin(), gates.end(), [](const Gate& a, const Gate& b) { return a.time < b.time; });
  return gates;
}

template <class Parameter = Fuser::Parameter>
Parameter fusing(unsigned qubits) {
  Parameter parameter;
  parameter.max_fused_size = qubits;
  parameter.verbosity = 0;
  return parameter;
}

/// The best of fusing two to four qubits: work(fused).
template <class Work>
Result best_fusion(int repeats, Work&& work) {
  Result best;
  for (unsigned fused = 2; fused <= 4; ++fused) {
    const auto result = best_of(repeats, [&] { return work(fused); });
    if (result.seconds < best.seconds) best = result;
  }
  return best;
}

Result trajectories_of_ring(const Arguments& arguments);  // qsim_trajectories.cc
Result shots_of_ring(const Arguments& arguments);         // qsim_shots.cc

}  // namespace bench
