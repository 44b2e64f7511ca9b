#include "qupel/execute/electrons.h"

#include <algorithm>
#include <utility>

#include "qupel/base/error.h"
#include "qupel/execute/sparse_shots.h"

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
  } else if (draws_from_sector()) {
    sampled_ = std::make_unique<SectorProgram<double>>(ansatz, integrals);
    estimator_ = std::make_unique<ShotEstimator>(std::span(&circuit().hamiltonian, 1));
  } else {
    static_cast<void>(prepared());
  }
}

bool ElectronicEnergy::draws_from_sector() {
  constexpr int most_on_register = 16;  // qubits
  auto there = executor_.execution();
  const auto shots = std::exchange(there.shots, 0);
  const auto& budget = there.budget;
  // A limit on seconds is no reason against it: drawing from the sector is faster than running circuits.
  const bool limited = budget.circuits > 0 || budget.shots > 0 || budget.money > 0;
  return shots > 0 && exact_here(there) && !there.rehearsal && !limited && circuit().qubit_per_orbital &&
         circuit().circuit.qubits() > most_on_register;
}

Prepared& ElectronicEnergy::prepared() {
  if (!prepared_) prepared_ = executor_.prepare(circuit().circuit, {circuit().hamiltonian});
  return *prepared_;
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
  if (sampled_) return drawn_energy(parameters);
  const auto found = executor_.expectations(prepared(), Matrix<double>(1, 0), parameters);
  if (!found.errors.empty()) error_ = found.errors(0, 0);
  return found.values(0, 0);
}

double ElectronicEnergy::drawn_energy(std::span<const double> parameters) {
  auto& ledger = executor_.ledger();
  const StageTimer timer(&ledger, Stage::execute);
  const auto& sector = sampled_->sector();
  const auto amplitudes = sampled_->state(parameters, threads_);
  SparseState state;
  for (std::size_t i = 0; i < amplitudes.size(); ++i) {
    if (amplitudes[i] == 0) continue;
    const auto [alpha, beta] = sector.determinant(i);
    state.emplace_back(alpha | beta << sector.orbitals(), amplitudes[i]);
  }
  const auto seed = executor_.execution().seed, shots = executor_.execution().shots;
  const auto groups = estimator_->groups();
  auto sums = estimator_->empty();
  for (std::size_t g = 0; g < groups.size(); ++g) {
    Random random(derive(seed, {key_of("shots of electrons"), draws_, g}));
    const auto seen = draw_sparse(state, groups[g].basis, shots, random);
    estimator_->add(g, {seen.states, seen.counts}, sums);
  }
  ++draws_;
  const auto count = static_cast<long long>(groups.size());
  ledger.add_circuits(circuit().circuit.cost(), count, static_cast<long long>(shots));
  ledger.hardware_circuits += count;
  double energy = 0;
  estimator_->finish(sums, std::span(&energy, 1), std::span(&error_, 1));
  return energy;
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
  const auto found = executor_.gradient(prepared(), Matrix<double>(1, 0), parameters, mean);
  return {found.values(0, 0), found.parameters};
}

void ElectronicEnergy::require_sector() const {
  if (!program_)
    throw InputError(
        "growing an ansatz and avoiding states need exact energies: an execution without noise, shots, device "
        "and backend");
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
