#include "qupel/model/molecule/uccsd.h"

#include <bit>
#include <cmath>

#include "qupel/electrons/pair_list.h"
#include "qupel/model/molecule/records.h"
#include "qupel/model/molecule/vqe.h"
#include "qupel/problem/molecule/orbital_rotation.h"

namespace qupel {
namespace {

/// All excitations of a number of electrons of one spin, as (from, to).
std::vector<std::pair<Occupation, Occupation>> moves(int orbitals, int occupied, int electrons) {
  std::vector<std::pair<Occupation, Occupation>> all;
  for (int i = 0; i < occupied; ++i) {
    for (int a = occupied; a < orbitals; ++a) {
      if (electrons == 1) {
        all.emplace_back(bit(i), bit(a));
        continue;
      }
      for (int j = i + 1; j < occupied; ++j)
        for (int b = a + 1; b < orbitals; ++b) all.emplace_back(bit(i) | bit(j), bit(a) | bit(b));
    }
  }
  return all;
}

}  // namespace

ExcitationAnsatz uccsd_ansatz(const ElectronicSystem& system) {
  ExcitationAnsatz ansatz{system.orbitals(), {bit(system.alpha) - 1, bit(system.beta) - 1}, {}};
  const auto add = [&](Determinant from, Determinant to) {
    ansatz.gates.push_back({{from, to}, ansatz.gates.size(), 1});
  };
  const auto alpha = moves(system.orbitals(), system.alpha, 1),
             beta = moves(system.orbitals(), system.beta, 1);
  for (const auto& [from, to] : alpha)
    for (const auto& [from_beta, to_beta] : beta) add({from, from_beta}, {to, to_beta});
  for (const auto& [from, to] : moves(system.orbitals(), system.alpha, 2)) add({from, 0}, {to, 0});
  for (const auto& [from, to] : moves(system.orbitals(), system.beta, 2)) add({0, from}, {0, to});
  for (const auto& [from, to] : alpha) add({from, 0}, {to, 0});
  for (const auto& [from, to] : beta) add({0, from}, {0, to});
  return ansatz;
}

std::vector<double> doubles_amplitudes(const ElectronicSystem& system, const ExcitationAnsatz& ansatz) {
  const auto focks = fock_matrices(system.integrals, system.alpha, system.beta);
  const auto orbital_energies = [&](Occupation orbitals, std::size_t spin) {
    double sum = 0;
    for (; orbitals != 0; orbitals &= orbitals - 1) {
      const auto p = std::countr_zero(orbitals);
      sum += focks[spin](p, p);
    }
    return sum;
  };
  std::vector<double> amplitudes;
  for (const auto& gate : ansatz.gates) {
    const auto& [from, to] = gate.excitation;
    const bool is_double = std::popcount(from.alpha) + std::popcount(from.beta) == 2;
    const Determinant excited{(ansatz.reference.alpha ^ from.alpha) | to.alpha,
                              (ansatz.reference.beta ^ from.beta) | to.beta};
    const double gap = orbital_energies(from.alpha, 0) + orbital_energies(from.beta, 1) -
                       orbital_energies(to.alpha, 0) - orbital_energies(to.beta, 1);
    const int sign = excitation_sign(ansatz.reference.alpha, from.alpha, to.alpha) *
                     excitation_sign(ansatz.reference.beta, from.beta, to.beta);
    amplitudes.push_back(is_double && std::abs(gap) > 1e-6
                             ? sign * matrix_element(system.integrals, excited, ansatz.reference) / gap
                             : 0);
  }
  return amplitudes;
}

const Contender vqe_uccsd{
    .name = "vqe-uccsd",
    .summary = "variational eigensolver with unitary coupled cluster singles and doubles, one Trotter step",
    .source =
        "Peruzzo et al., Nat. Commun. 5, 4213, 2014; Romero et al., Quantum Sci. Technol. 4, 014008, 2018",
    .family = Family::quantum,
    .hyperparameters = {mapping_hyperparameter()},
    .fit = vqe_fit(uccsd_ansatz),
    .load = vqe_load,
    .solves = {"molecule"},
    .instance_circuit = circuit_page(uccsd_ansatz),
    .refuses = [](const Instance& instance) { return too_many_determinants(instance); },
};

}  // namespace qupel
