#include "qupel/model/molecule/vqe.h"

#include <fmt/format.h>

#include "qupel/base/error.h"
#include "qupel/base/random.h"
#include "qupel/model/molecule/noisy_training.h"
#include "qupel/problem/molecule/qubit_mapping.h"
#include "qupel/train/optimizer.h"

namespace qupel {
namespace {

void put_determinant(const Determinant& d, std::vector<std::int64_t>& numbers) {
  for (const auto spin : {d.alpha, d.beta}) numbers.push_back(static_cast<std::int64_t>(spin));
}

Determinant take_determinant(std::span<const std::int64_t> numbers) {
  return {static_cast<Occupation>(numbers[0]), static_cast<Occupation>(numbers[1])};
}

}  // namespace

std::string mapping_of(const Settings& settings) {
  const auto found = settings.find("mapping");
  return found == settings.end() ? "jordan-wigner" : std::get<std::string>(found->second);
}

HyperParameter mapping_hyperparameter() {
  return {.name = "mapping",
          .summary = "how electrons become qubits",
          .values = {std::string("jordan-wigner")},
          .more_names = {"parity", "bravyi-kitaev", "parity-reduced", "tapered"}};
}

ElectronicCircuit electronic_circuit(const ExcitationAnsatz& ansatz, const ElectronicSystem& system,
                                     std::string_view mapping) {
  const auto encoding = qubit_mapping(mapping, system);
  return {ansatz_circuit(ansatz, encoding), qubit_hamiltonian(system.integrals, encoding),
          mapping == "jordan-wigner"};
}

VqeOptimum minimise_energy(ElectronicEnergy& energy, std::vector<double> start, double effort) {
  return minimise_energy([&](std::span<const double> parameters) { return energy.gradient(parameters); },
                         std::move(start), effort);
}

std::vector<double> random_start(std::size_t parameters, std::uint64_t seed) {
  Random random(derive(seed, {key_of("start")}));
  std::vector<double> start(parameters);
  for (double& value : start) value = random.uniform(-0.1, 0.1);
  return start;
}

namespace {

/// At most 200 of these losses, from the first to the last.
std::vector<double> thinned(const std::vector<double>& losses) {
  constexpr std::size_t most = 200;
  if (losses.size() <= most) return losses;
  std::vector<double> kept;
  for (std::size_t k = 0; k < most; ++k) kept.push_back(losses[k * (losses.size() - 1) / (most - 1)]);
  return kept;
}

}  // namespace

VqeOptimum minimise_energy(const EnergyFunction& energy, std::vector<double> start, double effort) {
  const Objective objective = [&](std::span<const double> parameters, std::span<double> gradient,
                                  std::size_t) {
    const auto found = energy(parameters);
    std::ranges::copy(found.gradient, gradient.begin());
    return found.energy;
  };
  LbfgsOptions options;
  options.max_steps = static_cast<std::size_t>(std::max(1.0, 500 * effort));
  options.gradient_tolerance = 1e-5;
  options.relative_tolerance = 1e-11;
  options.memory = 20;
  auto optimum = lbfgs(objective, std::move(start), options);
  VqeOptimum found;
  found.energy = optimum.losses.empty() ? energy(optimum.parameters).energy : optimum.losses.back();
  found.info = {.converged = optimum.converged,
                .reason = optimum.reason,
                .steps = optimum.steps,
                .losses = optimum.losses,
                .parameters = static_cast<long>(optimum.parameters.size())};
  found.info.losses = thinned(found.info.losses);
  found.parameters = std::move(optimum.parameters);
  return found;
}

TrainingEnergy::TrainingEnergy(const ExcitationAnsatz& ansatz, const ElectronicSystem& system,
                               const std::string& mapping, const FitContext& context)
    : exact_(Precision::double_),
      energy_(exact_here(context.executor->execution()) ? *context.executor : exact_, ansatz,
              system.integrals,
              [&ansatz, &system, mapping] { return electronic_circuit(ansatz, system, mapping); }) {}

namespace {

constexpr double deflation = 3;  // hartree: more than what lies between the states asked for

void require_reachable(const Instance& instance, std::string_view mapping) {
  if (!has_excited_states(mapping) && dynamic_cast<const MoleculeInstance&>(instance).states > 1)
    throw InputError(fmt::format(
        "mapping \"{}\" reaches only states with the symmetries of the ground state, and more states are asked "
        "for: take \"parity-reduced\"",
        mapping));
}

/// The lowest minimum of a few starts by chance, for the reference determinant is near the state to avoid.
VqeOptimum minimise_from_several(ElectronicEnergy& energy, std::size_t parameters, int state,
                                 const FitContext& context) {
  constexpr int starts = 4;
  VqeOptimum best;
  for (int k = 0; k < starts; ++k) {
    auto start = random_start(
        parameters,
        derive(context.seed, {key_of("excited"), static_cast<std::uint64_t>(starts * state + k)}));
    for (double& value : start) value *= 10;
    auto found = minimise_energy(energy, std::move(start), context.effort);
    if (k == 0 || found.energy < best.energy) best = std::move(found);
  }
  return best;
}

}  // namespace

std::unique_ptr<Fitted> fit_vqe(const ExcitationAnsatz& ansatz, const std::vector<double>& start,
                                const Instance& instance, std::string mapping, const FitContext& context) {
  require_reachable(instance, mapping);
  const auto& system = electronic_system(instance);
  auto kept = kept_by(qubit_mapping(mapping, system), ansatz);
  std::vector<double> kept_start;
  for (const auto k : kept.parameters) kept_start.push_back(start[k]);
  TrainingEnergy energy(kept.ansatz, system, mapping, context);
  const StageTimer timer(&context.executor->ledger(), Stage::optimise);
  auto found = minimise_energy(*energy, std::move(kept_start), context.effort);
  for (int state = 1; state <= state_of(instance); ++state) {
    energy->avoid(found.parameters, deflation);
    found = minimise_from_several(*energy, kept.ansatz.parameters(), state, context);
  }
  if (state_of(instance) == 0)
    train_under_noise([&] { return electronic_circuit(kept.ansatz, system, mapping); }, found, context);
  return std::make_unique<FittedAnsatz>(std::move(kept.ansatz), std::move(mapping),
                                        std::move(found.parameters), std::move(found.info));
}

FitFunction vqe_fit(AnsatzMaker make) {
  return [make = std::move(make)](const Instance& instance, const Settings& settings,
                                  const FitContext& context) -> std::unique_ptr<Fitted> {
    const auto ansatz = make(electronic_system(instance));
    return fit_vqe(ansatz, std::vector<double>(ansatz.parameters()), instance, mapping_of(settings), context);
  };
}

InstanceCircuit circuit_for_page(const Circuit& circuit) {
  constexpr std::size_t most_drawn = 300;
  const auto operations = circuit.operations().size();
  InstanceCircuit made{circuit.cost(), {}};
  made.page.drawing = operations <= most_drawn ? draw(circuit)
                                               : fmt::format("{} operations on {} qubits: too many to draw",
                                                             operations, circuit.qubits());
  if (operations <= most_drawn) made.page.qasm = to_qasm(circuit);
  return made;
}

std::function<InstanceCircuit(const Instance&, const Settings&)> circuit_page(AnsatzMaker make) {
  return [make = std::move(make)](const Instance& instance, const Settings& settings) {
    const auto& system = electronic_system(instance);
    const auto encoding = qubit_mapping(mapping_of(settings), system);
    return circuit_for_page(ansatz_circuit(kept_by(encoding, make(system)).ansatz, encoding));
  };
}

std::function<InstanceCircuit(const Instance&, const Settings&)> fitted_circuit_page(FitFunction fit) {
  return [fit = std::move(fit)](const Instance& instance, const Settings& settings) {
    constexpr double few_steps = 0.05;
    Executor exact(Precision::double_);
    const auto fitted = fit(instance, settings, {.executor = &exact, .effort = few_steps});
    return circuit_for_page(dynamic_cast<const FittedCircuit&>(*fitted).circuit(electronic_system(instance)));
  };
}

std::string too_many_determinants(const Instance& instance) {
  constexpr double most = 2e6;
  const auto& system = electronic_system(instance);
  constexpr int most_qubits = 28;
  if (const int qubits = 2 * system.orbitals(); qubits > most_qubits)
    return fmt::format(
        "{} qubits; its Hamiltonian in Pauli strings is measured up to {}: --active or --qubits "
        "takes fewer orbitals",
        qubits, most_qubits);
  if (system.determinants() <= most) return "";
  return fmt::format("{:g} determinants; it computes with at most {:g}", system.determinants(), most);
}

std::string ground_states_within_limit(const Instance& instance) {
  const auto why = ground_state_only(instance);
  return why.empty() ? too_many_determinants(instance) : why;
}

double energy_of(const ExcitationAnsatz& ansatz, const ElectronicSystem& system, const std::string& mapping,
                 std::span<const double> parameters, Executor& executor) {
  return ElectronicEnergy(executor, ansatz, system.integrals,
                          [&] { return electronic_circuit(ansatz, system, mapping); })
      .energy(parameters);
}

Circuit circuit_of(const ExcitationAnsatz& ansatz, const ElectronicSystem& system,
                   const std::string& mapping) {
  return ansatz_circuit(ansatz, qubit_mapping(mapping, system));
}

void save_ansatz(const ExcitationAnsatz& ansatz, Archive& archive) {
  archive.set("orbitals", ansatz.orbitals);
  std::vector<std::int64_t> reference, excitations, slots;
  std::vector<double> scales;
  put_determinant(ansatz.reference, reference);
  for (const auto& gate : ansatz.gates) {
    put_determinant(gate.excitation.annihilate, excitations);
    put_determinant(gate.excitation.create, excitations);
    slots.push_back(static_cast<std::int64_t>(gate.parameter));
    scales.push_back(gate.scale);
  }
  archive.set_wholes("reference", reference);
  archive.set_wholes("excitations", excitations);
  archive.set_wholes("slots", slots);
  archive.set("scales", std::move(scales));
}

std::unique_ptr<Fitted> vqe_load(const Archive& saved, const Settings& settings, const FitContext&) {
  ExcitationAnsatz ansatz;
  ansatz.orbitals = static_cast<int>(saved.whole("orbitals", 1, 63));
  const auto most = (std::int64_t{1} << ansatz.orbitals) - 1;
  const auto reference = saved.wholes<std::int64_t>("reference", 0, most);
  const auto excitations = saved.wholes<std::int64_t>("excitations", 0, most);
  const auto slots = saved.wholes<std::int64_t>("slots", 0, 1 << 24);
  const auto& scales = saved.numbers("scales");
  auto parameters = saved.numbers("parameters");
  require_saved(
      reference.size() == 2 && excitations.size() == 4 * slots.size() && scales.size() == slots.size(),
      "an ansatz has four sets of orbitals, a slot and a scale for each gate");
  ansatz.reference = take_determinant(reference);
  for (std::size_t g = 0; g < slots.size(); ++g) {
    const auto numbers = std::span(excitations).subspan(4 * g, 4);
    ansatz.gates.push_back({{take_determinant(numbers.first(2)), take_determinant(numbers.last(2))},
                            static_cast<std::size_t>(slots[g]),
                            scales[g]});
  }
  require_saved(ansatz.parameters() == parameters.size(), "an ansatz has a value for each parameter");
  return std::make_unique<FittedAnsatz>(std::move(ansatz), mapping_of(settings), std::move(parameters));
}

}  // namespace qupel
