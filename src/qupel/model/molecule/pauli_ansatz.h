#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "qupel/model/molecule/vqe.h"
#include "qupel/problem/molecule/fermion.h"

namespace qupel {

/// exp(i * scale * parameter * P) with a Pauli string P.
struct PauliGate {
  PauliString pauli;
  std::size_t parameter = 0;
  double scale = 1;
};

/// A wave function made of Pauli rotations of qubits, for gates that the sector engine does not have: those
/// with phases, and those that do not keep the numbers of electrons.
struct PauliAnsatz {
  int qubits = 1;
  std::uint64_t start = 0;  ///< bits of the basis state that the gates act on
  std::vector<PauliGate> gates;
  std::size_t parameters = 0;

  Circuit circuit() const;
};

/// The reference determinant in qubits, without gates.
PauliAnsatz pauli_reference(const ElectronicSystem& system, const FermionEncoding& encoding);

/// Appends exp(scale * parameter * (T - T+)); nothing if the encoding does not keep the excitation.
void add_excitation(PauliAnsatz& ansatz, const FermionEncoding& encoding, const Excitation& excitation,
                    int orbitals, std::size_t parameter, double scale);

/// The energies of such an ansatz and its gradients, exact whatever the context's executor does, charged to
/// it if it is exact, too.
class PauliEnergy {
 public:
  PauliEnergy(const ElectronicSystem& system, const FermionEncoding& encoding, const FitContext& context);
  /// What is computed from now on.
  void use(const PauliAnsatz& ansatz);
  EnergyGradient gradient(std::span<const double> parameters);

 private:
  Executor exact_;
  Executor& executor_;
  Observable hamiltonian_;
  std::optional<Prepared> prepared_;
};

double energy_of(const PauliAnsatz& ansatz, const ElectronicSystem& system, const std::string& mapping,
                 std::span<const double> parameters, Executor& executor);
Circuit circuit_of(const PauliAnsatz& ansatz, const ElectronicSystem& system, const std::string& mapping);
void save_ansatz(const PauliAnsatz& ansatz, Archive& archive);
using FittedPaulis = FittedState<PauliAnsatz>;

/// Contender::load of contenders that fit such models.
std::unique_ptr<Fitted> load_paulis(const Archive& saved, const Settings& settings, const FitContext&);

/// Why registers of this many qubits, or for excited states, are not trained with; "": they are.
std::string too_many_qubits(const Instance& instance);

}  // namespace qupel
