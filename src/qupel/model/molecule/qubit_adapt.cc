#include <set>

#include "qupel/model/molecule/growth.h"
#include "qupel/model/molecule/noisy_training.h"
#include "qupel/model/molecule/pauli_ansatz.h"
#include "qupel/model/molecule/records.h"
#include "qupel/model/molecule/uccsd.h"
#include "qupel/problem/molecule/molecule_problem.h"
#include "qupel/problem/molecule/qubit_mapping.h"

namespace qupel {
namespace {

/// Strings that turn together.
using Operator = std::vector<PauliString>;

/// The same string on the spin orbitals of the other spin. (Jordan-Wigner: a qubit is a spin orbital.)
PauliString spin_flipped(const PauliString& pauli, int orbitals) {
  const auto flipped = [&](std::uint64_t mask) {
    const auto low = (std::uint64_t{1} << orbitals) - 1;
    return (mask & low) << orbitals | (mask >> orbitals & low);
  };
  return PauliString::of_masks(flipped(pauli.word().x), flipped(pauli.word().z));
}

/// The strings of single and double excitations, each once, without the Z of other orbitals; with `paired`
/// each with its spin complement, if that is another one.
std::vector<Operator> string_pool(const ElectronicSystem& system, const FermionEncoding& encoding,
                                  bool paired) {
  std::vector<Operator> pool;
  std::set<PauliString> known;
  for (const auto& gate : uccsd_ansatz(system).gates) {
    const auto product = ladder_product(gate.excitation, system.orbitals());
    if (!encoding.keeps(product)) continue;
    for (const auto& term : encoding.generator({product}).terms) {
      const auto word = term.pauli.word();
      const auto pauli = PauliString::of_masks(word.x, word.x & word.z);
      if (pauli.weight() == 0 || !known.insert(pauli).second) continue;
      pool.push_back({pauli});
      if (!paired) continue;
      const auto complement = spin_flipped(pauli, system.orbitals());
      if (known.insert(complement).second) pool.back().push_back(complement);
    }
  }
  return pool;
}

void append(PauliAnsatz& ansatz, const Operator& strings) {
  for (const auto& pauli : strings) ansatz.gates.push_back({pauli, ansatz.parameters, 1});
  ++ansatz.parameters;
}

/// How fast the energy changes if an operator is appended, for each of a pool: all at once, by the gradient
/// of a circuit that ends in the whole pool with angles of 0.
std::vector<double> pool_slopes(PauliEnergy& energy, PauliAnsatz ansatz, std::vector<double> parameters,
                                std::span<const Operator> pool) {
  const auto grown = parameters.size();
  for (const auto& strings : pool) append(ansatz, strings);
  energy.use(ansatz);
  parameters.resize(ansatz.parameters);
  auto slopes = energy.gradient(parameters).gradient;
  slopes.erase(slopes.begin(), slopes.begin() + static_cast<std::ptrdiff_t>(grown));
  return slopes;
}

std::unique_ptr<Fitted> grow_qubits(const Instance& instance, const Settings& settings,
                                    const FitContext& context) {
  const auto& system = electronic_system(instance);
  const auto mapping = mapping_of(settings);
  const auto encoding = qubit_mapping(mapping, system);
  const bool paired = text(vqe_qubit_adapt, settings, "spin-complement") == "yes" &&
                      mapping == "jordan-wigner" && system.alpha == system.beta;
  const auto pool = string_pool(system, encoding, paired);
  auto ansatz = pauli_reference(system, encoding);
  PauliEnergy energy(system, encoding, context);
  const StageTimer timer(&context.executor->ledger(), Stage::optimise);
  auto grown = grow_ansatz(
      growth_rule(vqe_qubit_adapt, settings),
      [&](const std::vector<double>& parameters) { return pool_slopes(energy, ansatz, parameters, pool); },
      [&](std::size_t k) { append(ansatz, pool[k]); },
      [&](std::vector<double> start) {
        energy.use(ansatz);
        return minimise_energy([&](auto parameters) { return energy.gradient(parameters); }, std::move(start),
                               context.effort);
      });
  train_under_noise(
      [&] {
        return ElectronicCircuit{ansatz.circuit(), qubit_hamiltonian(system.integrals, encoding)};
      },
      grown, context);
  return std::make_unique<FittedPaulis>(std::move(ansatz), mapping, std::move(grown.parameters),
                                        std::move(grown.info));
}

std::vector<HyperParameter> qubit_adapt_hyperparameters() {
  auto all = growth_hyperparameters("string");
  all.push_back({.name = "spin-complement",
                 .summary = "whether a string and the same one of the other spin share a parameter "
                            "(by Jordan-Wigner, without unpaired electrons)",
                 .values = {std::string("yes")},
                 .more_names = {"no"}});
  return all;
}

}  // namespace

const Contender vqe_qubit_adapt{
    .name = "vqe-qubit-adapt",
    .summary = "variational eigensolver whose ansatz grows by Pauli strings of excitations: short circuits",
    .source = "Tang et al., PRX Quantum 2, 020310, 2021",
    .family = Family::quantum,
    .hyperparameters = qubit_adapt_hyperparameters(),
    .fit = grow_qubits,
    .load = load_paulis,
    .solves = {"molecule"},
    .instance_circuit = fitted_circuit_page(grow_qubits),
    .refuses = too_many_qubits,
};

}  // namespace qupel
