#include "qupel/mitigate/damping.h"

#include <algorithm>
#include <vector>

#include "qupel/noise/circuit_noise.h"

namespace qupel::mitigate {
namespace {

/// The mean over all Pauli strings but the identity.
double kept(const NoiseStep& step) {
  const auto transfer = transfer_matrix(step.kraus());
  double sum = 0;
  for (std::size_t p = 1; p < transfer.rows(); ++p) sum += transfer(p, p);
  return sum / static_cast<double>(transfer.rows() - 1);
}

}  // namespace

double damping(const Job& job) {
  std::vector<bool> reaches(static_cast<std::size_t>(job.circuit.qubits()), job.observables.empty());
  const auto reached = [&](std::span<const int> qubits) {
    return std::ranges::any_of(qubits, [&](int q) { return reaches[static_cast<std::size_t>(q)]; });
  };
  if (!job.observables.empty())
    for (const auto& term : job.observables.front().terms)
      for (const auto& [q, letter] : term.pauli.letters()) reaches[static_cast<std::size_t>(q)] = true;
  const CircuitNoise noise(job.circuit, job.noise);
  double left = 1;
  for (std::size_t k = job.circuit.operations().size(); k-- > 0;) {
    for (const auto& step : noise.steps_after(k))
      if (reached(step.qubits)) left *= kept(step);
    const auto& qubits = job.circuit.operations()[k].qubits;
    if (reached(qubits))
      for (const int q : qubits) reaches[static_cast<std::size_t>(q)] = true;
  }
  return std::clamp(left, 1e-6, 1.0);
}

}  // namespace qupel::mitigate
