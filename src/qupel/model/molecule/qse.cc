#include <algorithm>

#include "qupel/base/error.h"
#include "qupel/model/molecule/records.h"
#include "qupel/model/molecule/subspace.h"
#include "qupel/problem/molecule/qubit_mapping.h"

namespace qupel {
namespace {

/// i^quarter_turns times a sum of Pauli strings: the identity, or T - T+ of an excitation.
struct Expansion {
  int quarter_turns = 0;
  Observable strings;
};

std::vector<Expansion> expansions(const FittedAnsatz& ground, const FermionEncoding& encoding) {
  std::vector<Expansion> all{{0, {{{1.0, PauliString()}}}}};
  for (const auto& gate : ground.ansatz().gates)
    all.push_back({1, encoding.generator({ladder_product(gate.excitation, ground.ansatz().orbitals)})});
  return all;
}

/// The Hermitian part of left+ middle right.
Observable sandwich(const Expansion& left, const Observable& middle, const Expansion& right) {
  std::vector<Observable::Term> terms;
  for (const auto& a : left.strings.terms) {
    for (const auto& b : middle.terms) {
      const auto ab = a.pauli * b.pauli;
      for (const auto& c : right.strings.terms) {
        const auto abc = ab.string * c.pauli;
        const int turns =
            (4 - left.quarter_turns + ab.quarter_turns + abc.quarter_turns + right.quarter_turns) & 3;
        if (turns % 2 == 0)
          terms.push_back({(turns == 0 ? 1 : -1) * a.weight * b.weight * c.weight, abc.string});
      }
    }
  }
  return collected(terms);
}

/// Elements between the ground state and it after each excitation, as expectation values of the ground state.
Subspace measured(const FittedAnsatz& ground, const ElectronicSystem& system, Executor& executor) {
  const auto encoding = qubit_mapping(ground.mapping(), system);
  const auto hamiltonian = qubit_hamiltonian(system.integrals, encoding);
  const Observable identity{{{1.0, PauliString()}}};
  const auto all = expansions(ground, encoding);
  std::vector<Observable> elements;
  for (std::size_t j = 0; j < all.size(); ++j)
    for (std::size_t k = j; k < all.size(); ++k)
      for (const auto* middle : {&hamiltonian, &identity})
        elements.push_back(sandwich(all[j], *middle, all[k]));
  const auto prepared = executor.prepare(circuit_of(ground.ansatz(), system, ground.mapping()), elements);
  const auto found = executor.expectations(prepared, Matrix<double>(1, 0), ground.parameters());
  const auto size = static_cast<Eigen::Index>(all.size());
  Subspace space{Eigen::MatrixXd(size, size), Eigen::MatrixXd(size, size)};
  std::size_t at = 0;
  for (Eigen::Index j = 0; j < size; ++j) {
    for (Eigen::Index k = j; k < size; ++k, at += 2) {
      space.hamiltonian(j, k) = space.hamiltonian(k, j) = found.values(0, at);
      space.overlap(j, k) = space.overlap(k, j) = found.values(0, at + 1);
      if (!found.errors.empty()) space.noise = std::max(space.noise, found.errors(0, at + 1));
    }
  }
  return space;
}

Subspace expanded(const FittedAnsatz& ground, const ElectronicSystem& system, Executor& executor) {
  if (!exact_here(executor.execution())) return measured(ground, system, executor);
  const StageTimer timer(&executor.ledger(), Stage::execute);
  executor.ledger().circuits += 1;
  const SectorProgram<double> program(ground.ansatz(), system.integrals);
  std::vector<std::vector<double>> vectors{program.state(ground.parameters(), 1)};
  for (const auto& gate : ground.ansatz().gates)
    vectors.push_back(program.generated(vectors.front(), gate.excitation, 1));
  return subspace_of(vectors, program);
}

}  // namespace

const Contender vqe_qse = subspace_contender(
    {.name = "vqe-qse",
     .summary = "excited states by quantum subspace expansion: the Hamiltonian between the ground state of "
                "vqe-uccsd and it after each of its excitations, measured in the ground state",
     .source = "McClean, Kimchi-Schwartz, Carter and de Jong, Phys. Rev. A 95, 042308, 2017",
     .fit = nullptr},
    expanded);

}  // namespace qupel
