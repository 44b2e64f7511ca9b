#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "qupel/circuit/shot_estimator.h"
#include "qupel/electrons/program.h"
#include "qupel/execute/executor.h"

namespace qupel {

/// What stands for an ansatz on qubits: its circuit and the Hamiltonian as Pauli strings.
struct ElectronicCircuit {
  Circuit circuit;
  Observable hamiltonian;
  /// Whether qubit p is alpha orbital p, and those of beta follow (Jordan-Wigner).
  bool qubit_per_orbital = false;
};

/// The energy of a wave function of electrons, under an executor: without noise, shots, device and backend in
/// the sector of its numbers of electrons, in double precision; else by its circuit on qubits. Shots without
/// noise of more than 16 qubits by Jordan-Wigner are drawn from the sector's amplitudes, for which a register
/// of all qubits would be much larger. All are charged to the executor's ledger as what a device would have
/// to run. Not thread-safe.
class ElectronicEnergy {
 public:
  /// @param on_qubits makes the circuit, whose parameters are those of the ansatz; called once, when it is
  /// needed
  /// @throws InputError as SectorProgram
  ElectronicEnergy(Executor& executor, const ExcitationAnsatz& ansatz, const OrbitalIntegrals& integrals,
                   std::function<ElectronicCircuit()> on_qubits, int threads = 1);
  ~ElectronicEnergy();

  /// @throws InputError and OverBudget as Executor::expectations()
  double energy(std::span<const double> parameters);
  EnergyGradient gradient(std::span<const double> parameters);
  /// Adds a gate to the ansatz; only where the sector engine runs, as slopes().
  void append(const ExcitationGate& gate);
  /// Keeps away from the state at these parameters from now on (SectorProgram::avoid), only as append().
  void avoid(std::span<const double> parameters, double weight);
  /// Of excitations that are not in the ansatz (SectorProgram::slopes). @throws InputError for an execution
  /// with noise, shots, a device or a backend
  std::vector<double> slopes(std::span<const double> parameters, std::span<const Excitation> pool);
  /// Whether it runs in the sector.
  bool in_sector() const { return program_ != nullptr; }
  /// The statistical error of the last energy; 0: it was exact.
  double error() const { return error_; }
  const ElectronicCircuit& circuit();
  /// Circuits that a device runs for one energy.
  long long groups();

 private:
  void charge(long long energies, bool gradient);
  void require_sector() const;
  /// Whether shots are to be drawn from the sector's amplitudes.
  bool draws_from_sector();
  double drawn_energy(std::span<const double> parameters);
  Prepared& prepared();

  Executor& executor_;
  std::function<ElectronicCircuit()> on_qubits_;
  int threads_;
  std::optional<ElectronicCircuit> circuit_;
  std::unique_ptr<SectorProgram<double>> program_;
  std::unique_ptr<SectorProgram<double>> sampled_;  ///< whose amplitudes shots are drawn from
  std::unique_ptr<ShotEstimator> estimator_;        ///< of these shots
  std::uint64_t draws_ = 0;
  std::optional<Prepared> prepared_;
  long long groups_ = -1;
  double error_ = 0;
};

/// Whether values under this execution are exact ones of this computer.
bool exact_here(const Execution& execution);

}  // namespace qupel
