#include "qupel/model/molecule/double_factorization.h"
#include "qupel/model/molecule/noisy_training.h"
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

  /// U exp(iJ) U+ with a rotation U of the orbitals by pairs with phases.
  void add_layer() {
    const auto first = ansatz_.parameters;
    turn_orbitals(first, false);
    ansatz_.parameters += 2 * pairs();
    add_phases();
    turn_orbitals(first, true);
  }
  /// A rotation of the orbitals without phases, with parameters of its own.
  void add_rotation() {
    for (const auto& [q, p] : ordered_pairs()) turn(q, p, ansatz_.parameters++, 1);
  }
  /// Without parameters at the end that the mapping leaves no gate.
  PauliAnsatz take() {
    ansatz_.parameters = 0;
    for (const auto& gate : ansatz_.gates)
      ansatz_.parameters = std::max(ansatz_.parameters, gate.parameter + 1);
    return std::move(ansatz_);
  }

 private:
  std::size_t pairs() const { return static_cast<std::size_t>(orbitals_ * (orbitals_ - 1) / 2); }

  std::vector<std::pair<int, int>> ordered_pairs() const {
    std::vector<std::pair<int, int>> all;
    for (int p = 1; p < orbitals_; ++p)
      for (int q = 0; q < p; ++q) all.emplace_back(q, p);
    return all;
  }

  void turn(int q, int p, std::size_t parameter, double direction) {
    const Occupation from = Occupation{1} << q, to = Occupation{1} << p;
    for (const auto& excitation : {Excitation{{from, 0}, {to, 0}}, Excitation{{0, from}, {0, to}}})
      add_excitation(ansatz_, encoding_, excitation, orbitals_, parameter, direction);
  }

  /// Of each pair a phase, then an angle, the same for both spins; or the inverse.
  void turn_orbitals(std::size_t first, bool inverse) {
    const auto all = ordered_pairs();
    for (std::size_t k = 0; k < all.size(); ++k) {
      const auto place = inverse ? all.size() - 1 - k : k;
      const auto [q, p] = all[place];
      if (inverse) turn(q, p, first + 2 * place + 1, -1);
      for (const int spin : {0, orbitals_}) add_phase({spin + p}, first + 2 * place, inverse ? -1 : 1);
      if (!inverse) turn(q, p, first + 2 * place + 1, 1);
    }
  }

  /// exp(i direction angle n) of the product n of occupations.
  void add_phase(std::initializer_list<int> modes, std::size_t parameter, double direction = 1) {
    LadderProduct product;
    for (const int mode : modes) {
      product.operators.push_back({mode, true});
      product.operators.push_back({mode, false});
    }
    for (const auto& term : encoding_.observable({product}).terms)
      if (term.pauli.weight() > 0) ansatz_.gates.push_back({term.pauli, parameter, direction * term.weight});
  }

  /// Phases of occupied orbitals, of pairs of neighbours with one spin, and of both spins in one orbital.
  void add_phases() {
    for (int p = 0; p < orbitals_; ++p, ++ansatz_.parameters)
      for (const int spin : {0, orbitals_}) add_phase({spin + p}, ansatz_.parameters);
    for (int p = 0; p + 1 < orbitals_; ++p, ++ansatz_.parameters)
      for (const int spin : {0, orbitals_}) add_phase({spin + p, spin + p + 1}, ansatz_.parameters);
    for (int p = 0; p < orbitals_; ++p, ++ansatz_.parameters)
      add_phase({p, orbitals_ + p}, ansatz_.parameters);
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

/// The parameters of a layer that is a factor, as far as its phases are between neighbours.
void append_layer(std::vector<double>& parameters, const JastrowFactor& factor) {
  for (const auto& turn : turns_to_own_orbitals(factor.orbitals)) {
    parameters.push_back(turn.phase);
    parameters.push_back(turn.angle);
  }
  const auto& values = factor.values;
  for (const double value : values) parameters.push_back(factor.weight / 2 * value * value);
  for (Eigen::Index p = 0; p + 1 < values.size(); ++p)
    parameters.push_back(factor.weight * values[p] * values[p + 1]);
  for (const double value : values) parameters.push_back(factor.weight * value * value);
}

/// Layers from the double excitations of perturbation theory; what they do not fill stays near 0.
std::vector<double> start_from_doubles(const ElectronicSystem& system, std::size_t layers,
                                       std::vector<double> otherwise) {
  auto factors = jastrow_factors(system);
  factors.resize(std::min(factors.size(), layers));
  std::vector<double> start;
  for (const auto& factor : factors) append_layer(start, factor);
  std::copy_n(start.begin(), std::min(start.size(), otherwise.size()), otherwise.begin());
  return otherwise;
}

/// Without `tapered`: factors mix orbitals of different symmetry, and undo that only all together.
HyperParameter lucj_mappings() {
  auto mappings = mapping_hyperparameter();
  std::erase(mappings.more_names, "tapered");
  return mappings;
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
  const auto by_chance = random_start(ansatz.parameters, context.seed);
  const auto layers = static_cast<std::size_t>(count(vqe_lucj, settings, "layers"));
  auto start = start_from_doubles(system, layers, by_chance);
  // A mapping may leave out rotations that these amplitudes need.
  if (energy.gradient(start).energy > energy.gradient(by_chance).energy) start = by_chance;
  auto found = minimise_energy([&](auto parameters) { return energy.gradient(parameters); }, std::move(start),
                               context.effort);
  train_under_noise(
      [&] {
        return ElectronicCircuit{ansatz.circuit(), qubit_hamiltonian(system.integrals, encoding)};
      },
      found, context);
  return std::make_unique<FittedPaulis>(std::move(ansatz), mapping, std::move(found.parameters),
                                        std::move(found.info));
}

}  // namespace

const Contender vqe_lucj{
    .name = "vqe-lucj",
    .summary =
        "variational eigensolver with a local unitary cluster Jastrow wave function: rotations of orbitals and phases between neighbours, from amplitudes of perturbation theory",
    .source = "Motta et al., Chem. Sci. 14, 11213, 2023",
    .family = Family::quantum,
    .hyperparameters =
        {lucj_mappings(),
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
