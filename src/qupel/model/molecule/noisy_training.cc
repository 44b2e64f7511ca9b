#include "qupel/model/molecule/noisy_training.h"

#include <fmt/format.h>

#include "qupel/base/random.h"
#include "qupel/train/spsa.h"

namespace qupel {
namespace {

Execution with_shots(Execution execution, std::uint64_t seed) {
  constexpr std::uint64_t shots = 1000;
  if (execution.shots == 0) execution.shots = shots;
  execution.seed = derive(seed, {key_of("training shots")});
  return execution;
}

}  // namespace

void train_under_noise(const std::function<ElectronicCircuit()>& on_qubits, VqeOptimum& found,
                       const FitContext& context) {
  if (exact_here(context.executor->execution()) || found.parameters.empty()) return;
  const auto circuit = on_qubits();
  Executor there(with_shots(context.executor->execution(), context.seed));
  const auto prepared = there.prepare(circuit.circuit, {circuit.hamiltonian});
  const auto energy = [&](std::span<const double> parameters) {
    return there.expectations(prepared, Matrix<double>(1, 0), parameters).values(0, 0);
  };
  const auto steps = static_cast<std::size_t>(std::max(1.0, 100 * context.effort));
  auto optimum = spsa(energy, found.parameters,
                      {.steps = steps, .perturbation = 0.1, .first_step = 0.02, .seed = context.seed});
  context.executor->ledger() += there.ledger();
  found.info.reason = fmt::format("{} under noise, after: {}", optimum.reason, found.info.reason);
  found.info.steps += optimum.steps;
  found.info.losses.insert(found.info.losses.end(), optimum.losses.begin(), optimum.losses.end());
  if (found.info.losses.size() > 200)
    found.info.losses.erase(found.info.losses.begin(), found.info.losses.end() - 200);
  found.energy = optimum.losses.back();
  found.parameters = std::move(optimum.parameters);
}

}  // namespace qupel
