#include <bit>

#include "qupel/model/molecule/records.h"
#include "qupel/model/molecule/subspace.h"
#include "qupel/problem/molecule/qubit_mapping.h"

namespace qupel {
namespace {

/// The determinants that the ansatz's excitations lead to from its reference.
std::vector<Determinant> excited_determinants(const ExcitationAnsatz& ansatz) {
  std::vector<Determinant> all;
  const auto& [alpha, beta] = ansatz.reference;
  for (const auto& gate : ansatz.gates) {
    const auto& [from, to] = gate.excitation;
    all.push_back({(alpha ^ from.alpha) | to.alpha, (beta ^ from.beta) | to.beta});
  }
  return all;
}

/// The matrices of the ground state's energy, which does not mix with the others, and of the others.
Subspace beside_ground(double ground, const Eigen::MatrixXd& others) {
  const auto size = others.rows() + 1;
  Subspace space{Eigen::MatrixXd::Zero(size, size), Eigen::MatrixXd::Identity(size, size)};
  space.hamiltonian(0, 0) = ground;
  space.hamiltonian.bottomRightCorner(size - 1, size - 1) = others;
  return space;
}

/// The basis state of these bits, or the equal sum of two basis states.
Circuit prepared_bits(int qubits, std::uint64_t first, std::uint64_t second) {
  Circuit made(qubits);
  const auto differing = first ^ second;
  const int pivot = differing == 0 ? -1 : std::countr_zero(differing);
  const auto start = pivot >= 0 && (first >> pivot & 1) != 0 ? second : first;
  for (int q = 0; q < qubits; ++q)
    if ((start >> q & 1) != 0) made.add("x", {q});
  if (pivot < 0) return made;
  made.add("h", {pivot});
  for (int q = pivot + 1; q < qubits; ++q)
    if ((differing >> q & 1) != 0) made.add("cx", {pivot, q});
  return made;
}

/// Energies of the ansatz's circuit from determinants and from sums of two of them: an element between two is
/// the energy of their sum less the mean of both.
class MeasuredElements {
 public:
  MeasuredElements(const FittedAnsatz& ground, const ElectronicSystem& system, Executor& executor)
      : ground_(ground),
        system_(system),
        executor_(executor),
        encoding_(qubit_mapping(ground.mapping(), system)),
        hamiltonian_(qubit_hamiltonian(system.integrals, encoding_)),
        circuit_(circuit_of(ground.ansatz(), system, ground.mapping())) {}

  Subspace measure() const {
    const auto excited = excited_determinants(ground_.ansatz());
    const auto size = static_cast<Eigen::Index>(excited.size());
    const auto at = [&](Eigen::Index k) { return excited[static_cast<std::size_t>(k)]; };
    Eigen::MatrixXd elements(size, size);
    for (Eigen::Index k = 0; k < size; ++k) elements(k, k) = energy(at(k), at(k));
    for (Eigen::Index j = 0; j < size; ++j)
      for (Eigen::Index k = j + 1; k < size; ++k)
        elements(j, k) = elements(k, j) = energy(at(j), at(k)) - (elements(j, j) + elements(k, k)) / 2;
    const auto reference = ground_.ansatz().reference;
    return beside_ground(energy(reference, reference), elements);
  }

 private:
  /// The circuit begins by putting the reference determinant: what comes before is without it.
  double energy(const Determinant& first, const Determinant& second) const {
    const auto reference = bits(ground_.ansatz().reference);
    auto circuit = prepared_bits(encoding_.qubits(), bits(first) ^ reference, bits(second) ^ reference);
    circuit.append(circuit_);
    const auto prepared = executor_.prepare(circuit, {hamiltonian_});
    return executor_.expectations(prepared, Matrix<double>(1, 0), ground_.parameters()).values(0, 0);
  }
  std::uint64_t bits(const Determinant& determinant) const {
    return encoding_.bits(occupations(determinant, system_.orbitals()));
  }

  const FittedAnsatz& ground_;
  const ElectronicSystem& system_;
  Executor& executor_;
  FermionEncoding encoding_;
  Observable hamiltonian_;
  Circuit circuit_;
};

Subspace equations_of_motion(const FittedAnsatz& ground, const ElectronicSystem& system, Executor& executor) {
  if (!exact_here(executor.execution())) return MeasuredElements(ground, system, executor).measure();
  const StageTimer timer(&executor.ledger(), Stage::execute);
  const SectorProgram<double> program(ground.ansatz(), system.integrals);
  std::vector<std::vector<double>> vectors;
  for (const auto& determinant : excited_determinants(ground.ansatz())) {
    std::vector<double> vector(program.sector().size());
    vector[program.sector().index(determinant)] = 1;
    vectors.push_back(program.turned(std::move(vector), ground.parameters(), 1));
  }
  executor.ledger().circuits += static_cast<long long>(1 + vectors.size() * (vectors.size() + 1) / 2);
  return beside_ground(program.energy(ground.parameters(), 1), subspace_of(vectors, program).hamiltonian);
}

}  // namespace

const Contender vqe_eom = subspace_contender(
    {.name = "vqe-eom",
     .summary =
         "excited states by self-consistent equations of motion: the Hamiltonian between the states that the "
         "circuit of vqe-uccsd makes of excited determinants",
     .source =
         "Asthana, Kumar, Abraham, Grimsley, Zhang, Cincio, Tretiak, Dub, Economou, Barnes and Mayhall, "
         "Chem. Sci. 14, 2405, 2023",
     .fit = nullptr},
    equations_of_motion);

}  // namespace qupel
