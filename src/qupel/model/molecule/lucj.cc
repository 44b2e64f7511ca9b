#include "qupel/model/molecule/pauli_ansatz.h"
#include "qupel/model/molecule/records.h"
#include "qupel/problem/molecule/molecule_problem.h"
#include "qupel/problem/molecule/qubit_mapping.h"

namespace qupel {
namespace {

/// Puts the gates of a local unitary cluster Jastrow wave function together.
class JastrowLayers {
 public:
  JastrowLayers(const ElectronicSystem& system, const FermionEncoding& encoding)
      : orbitals_(system.orbitals()), encoding_(encoding), ansatz_(pauli_reference(system, encoding)) {}

  /// exp(-K) exp(iJ) exp(K).
  void add_layer() {
    const auto first = ansatz_.parameters;
    rotate_orbitals(first, false);
    ansatz_.parameters += pairs();
    add_phases();
    rotate_orbitals(first, true);
  }
  /// exp(K) with parameters of its own.
  void add_rotation() {
    rotate_orbitals(ansatz_.parameters, false);
    ansatz_.parameters += pairs();
  }
  PauliAnsatz take() { return std::move(ansatz_); }

 private:
  std::size_t pairs() const { return static_cast<std::size_t>(orbitals_ * (orbitals_ - 1) / 2); }

  /// A rotation of the orbitals as a product of rotations of pairs of them, the same for both spins; or its
  /// inverse.
  void rotate_orbitals(std::size_t first, bool inverse) {
    std::vector<std::pair<int, int>> all;
    for (int p = 1; p < orbitals_; ++p)
      for (int q = 0; q < p; ++q) all.emplace_back(q, p);
    for (std::size_t k = 0; k < all.size(); ++k) {
      const auto place = inverse ? all.size() - 1 - k : k;
      const Occupation from = Occupation{1} << all[place].first, to = Occupation{1} << all[place].second;
      for (const auto& excitation : {Excitation{{from, 0}, {to, 0}}, Excitation{{0, from}, {0, to}}})
        add_excitation(ansatz_, encoding_, excitation, orbitals_, first + place, inverse ? -1 : 1);
    }
  }

  /// exp(i angle n) of the product n of occupations.
  void add_phase(std::initializer_list<int> modes) {
    LadderProduct product;
    for (const int mode : modes) {
      product.operators.push_back({mode, true});
      product.operators.push_back({mode, false});
    }
    for (const auto& term : encoding_.observable({product}).terms)
      if (term.pauli.weight() > 0) ansatz_.gates.push_back({term.pauli, ansatz_.parameters, term.weight});
  }

  /// Phases of occupied orbitals, of pairs of neighbours with one spin, and of both spins in one orbital.
  void add_phases() {
    for (int p = 0; p < orbitals_; ++p, ++ansatz_.parameters)
      for (const int spin : {0, orbitals_}) add_phase({spin + p});
    for (int p = 0; p + 1 < orbitals_; ++p, ++ansatz_.parameters)
      for (const int spin : {0, orbitals_}) add_phase({spin + p, spin + p + 1});
    for (int p = 0; p < orbitals_; ++p, ++ansatz_.parameters) add_phase({p, orbitals_ + p});
  }

  int orbitals_;
  const FermionEncoding& encoding_;
  PauliAnsatz ansatz_;
};

PauliAnsatz lucj_ansatz(const ElectronicSystem& system, const FermionEncoding& encoding,
                        const Settings& settings) {
  JastrowLayers layers(system, encoding);
  for (int layer = 0; layer < count(vqe_lucj, settings, "layers"); ++layer) layers.add_layer();
  layers.add_rotation();
  return layers.take();
}

std::unique_ptr<Fitted> fit_lucj(const Instance& instance, const Settings& settings,
                                 const FitContext& context) {
  const auto& system = electronic_system(instance);
  const auto mapping = mapping_of(settings);
  const auto encoding = qubit_mapping(mapping, system);
  auto ansatz = lucj_ansatz(system, encoding, settings);
  PauliEnergy energy(system, encoding, context);
  const StageTimer timer(&context.executor->ledger(), Stage::optimise);
  energy.use(ansatz);
  auto found = minimise_energy([&](auto parameters) { return energy.gradient(parameters); },
                               random_start(ansatz.parameters, context.seed), context.effort);
  return std::make_unique<FittedPaulis>(std::move(ansatz), mapping, std::move(found.parameters),
                                        std::move(found.info));
}

}  // namespace

const Contender vqe_lucj{
    .name = "vqe-lucj",
    .summary =
        "variational eigensolver with a local unitary cluster Jastrow wave function: rotations of orbitals and phases between neighbours",
    .source = "Motta et al., Chem. Sci. 14, 11213, 2023",
    .family = Family::quantum,
    .hyperparameters =
        {mapping_hyperparameter(),
         {.name = "layers", .summary = "Jastrow factors", .values = {2.0}, .range = whole(20)}},
    .fit = fit_lucj,
    .load = load_paulis,
    .solves = {"molecule"},
    .instance_circuit =
        [](const Instance& instance, const Settings& settings) {
          const auto& system = electronic_system(instance);
          return circuit_for_page(
              lucj_ansatz(system, qubit_mapping(mapping_of(settings), system), settings).circuit());
        },
    .refuses = too_many_qubits,
};

}  // namespace qupel
