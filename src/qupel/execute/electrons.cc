#include "qupel/execute/electrons.h"

#include <algorithm>

#include "qupel/base/error.h"
#include "qupel/circuit/shot_estimator.h"

namespace qupel {

bool exact_here(const Execution& execution) {
  return execution.shots == 0 && execution.trajectories == 0 && execution.device == nullptr &&
         execution.noise.empty() && execution.mitigation == nullptr && execution.backend == nullptr &&
         execution.engine.empty();
}

ElectronicEnergy::ElectronicEnergy(Executor& executor, const ExcitationAnsatz& ansatz,
                                   const OrbitalIntegrals& integrals,
                                   std::function<ElectronicCircuit()> on_qubits, int threads)
    : executor_(executor), on_qubits_(std::move(on_qubits)), threads_(threads) {
  if (exact_here(executor.execution())) {
    const StageTimer timer(&executor_.ledger(), Stage::compile);
    program_ = std::make_unique<SectorProgram<double>>(ansatz, integrals);
  } else {
    prepared_ = executor_.prepare(circuit().circuit, {circuit().hamiltonian});
  }
}

ElectronicEnergy::~ElectronicEnergy() = default;

const ElectronicCircuit& ElectronicEnergy::circuit() {
  if (!circuit_) circuit_ = on_qubits_();
  return *circuit_;
}

long long ElectronicEnergy::groups() {
  if (groups_ < 0)
    groups_ = static_cast<long long>(ShotEstimator(std::span(&circuit().hamiltonian, 1)).groups().size());
  return groups_;
}

void ElectronicEnergy::charge(long long energies, bool gradient) {
  auto& ledger = executor_.ledger();
  ledger.circuits += energies;
  if (gradient) ++ledger.gradients;
}

double ElectronicEnergy::energy(std::span<const double> parameters) {
  error_ = 0;
  if (program_) {
    const StageTimer timer(&executor_.ledger(), Stage::execute);
    charge(1, false);
    return program_->energy(parameters, threads_);
  }
  const auto found = executor_.expectations(*prepared_, Matrix<double>(1, 0), parameters);
  if (!found.errors.empty()) error_ = found.errors(0, 0);
  return found.values(0, 0);
}

EnergyGradient ElectronicEnergy::gradient(std::span<const double> parameters) {
  if (program_) {
    const StageTimer timer(&executor_.ledger(), Stage::execute);
    charge(1, true);
    return program_->gradient(parameters, threads_);
  }
  const Cotangent mean = [](std::size_t, const Matrix<double>&, Matrix<double>& derivatives) {
    std::ranges::fill(derivatives.values(), 1.0);
  };
  const auto found = executor_.gradient(*prepared_, Matrix<double>(1, 0), parameters, mean);
  return {found.values(0, 0), found.parameters};
}

void ElectronicEnergy::require_sector() const {
  if (!program_)
    throw InputError(
        "an ansatz grows, and avoids states, on exact energies only: without noise, shots, devices and backends");
}

void ElectronicEnergy::append(const ExcitationGate& gate) {
  require_sector();
  program_->append(gate);
  circuit_.reset();
}

void ElectronicEnergy::avoid(std::span<const double> parameters, double weight) {
  require_sector();
  program_->avoid(program_->state(parameters, threads_), weight);
}

std::vector<double> ElectronicEnergy::slopes(std::span<const double> parameters,
                                             std::span<const Excitation> pool) {
  require_sector();
  const StageTimer timer(&executor_.ledger(), Stage::execute);
  charge(1, true);
  return program_->slopes(parameters, pool, threads_);
}

}  // namespace qupel
