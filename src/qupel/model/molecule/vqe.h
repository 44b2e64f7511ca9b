#pragma once
#include <functional>
#include <memory>

#include "qupel/contend/contender.h"
#include "qupel/electrons/program.h"
#include "qupel/execute/electrons.h"
#include "qupel/problem/molecule/active_space.h"
#include "qupel/problem/molecule/molecule_problem.h"

namespace qupel {

/// How electrons become qubits. (A function, for records are made before main() in any order.)
HyperParameter mapping_hyperparameter();

/// The circuit of an ansatz for a system and its Hamiltonian.
ElectronicCircuit electronic_circuit(const ExcitationAnsatz& ansatz, const ElectronicSystem& system,
                                     std::string_view mapping);

/// What a fit trains: the energies of an ansatz, exact whatever the context's executor does, charged to that
/// executor if it is exact, too.
class TrainingEnergy {
 public:
  TrainingEnergy(const ExcitationAnsatz& ansatz, const ElectronicSystem& system, const std::string& mapping,
                 const FitContext& context);
  ElectronicEnergy& operator*() { return energy_; }
  ElectronicEnergy* operator->() { return &energy_; }

 private:
  Executor exact_;
  ElectronicEnergy energy_;
};

/// An ansatz, without the gates that its mapping does not keep, whose parameters minimise the energy; it
/// answers with the energy as an executor measures it. Of an instance that asks for an excited state by
/// variational quantum deflation: all states below are found first, and kept away from.
/// @param start as many values as the ansatz has parameters
std::unique_ptr<Fitted> fit_vqe(const ExcitationAnsatz& ansatz, const std::vector<double>& start,
                                const Instance& instance, std::string mapping, const FitContext& context);
/// The setting `mapping`, or its default.
std::string mapping_of(const Settings& settings);

/// A contender's fit from what makes its ansatz, and its load.
using AnsatzMaker = std::function<ExcitationAnsatz(const ElectronicSystem&)>;
using FitFunction =
    std::function<std::unique_ptr<Fitted>(const Instance&, const Settings&, const FitContext&)>;
FitFunction vqe_fit(AnsatzMaker make);
std::unique_ptr<Fitted> vqe_load(const Archive& saved, const Settings& settings, const FitContext& context);

/// What Contender::instance_circuit asks, of a circuit. Large circuits are counted, not drawn.
InstanceCircuit circuit_for_page(const Circuit& circuit);
/// The same of an ansatz.
std::function<InstanceCircuit(const Instance&, const Settings&)> circuit_page(AnsatzMaker make);
/// Why the vectors of this many determinants are not computed with; "": they are.
std::string too_many_determinants(const Instance& instance);
/// The same for contenders that find no excited states.
std::string ground_states_within_limit(const Instance& instance);

/// The same of a contender whose circuit is known only after a fit: it is fitted with few steps, on exact
/// energies.
std::function<InstanceCircuit(const Instance&, const Settings&)> fitted_circuit_page(FitFunction fit);

/// Minimises the energy over the parameters from a start, by L-BFGS with the gradients of `energy`.
struct VqeOptimum {
  std::vector<double> parameters;
  double energy = 0;
  FitInfo info;
};
VqeOptimum minimise_energy(ElectronicEnergy& energy, std::vector<double> start, double effort);
/// The same of any function with its gradient.
using EnergyFunction = std::function<EnergyGradient(std::span<const double> parameters)>;
VqeOptimum minimise_energy(const EnergyFunction& energy, std::vector<double> start, double effort);

/// Small parameters by chance: layers that begin alike would stay alike.
std::vector<double> random_start(std::size_t parameters, std::uint64_t seed);

/// A fitted model that is a circuit.
class FittedCircuit : public Fitted {
 public:
  /// With its optimised angles.
  virtual Circuit circuit(const ElectronicSystem& system) const = 0;
};

/// What a kind of ansatz brings along: its energy as an executor measures it, its circuit with open slots,
/// and how it is saved.
double energy_of(const ExcitationAnsatz& ansatz, const ElectronicSystem& system, const std::string& mapping,
                 std::span<const double> parameters, Executor& executor);
Circuit circuit_of(const ExcitationAnsatz& ansatz, const ElectronicSystem& system,
                   const std::string& mapping);
void save_ansatz(const ExcitationAnsatz& ansatz, Archive& archive);

/// An ansatz of some kind with parameters that were found.
template <class Ansatz>
class FittedState final : public FittedCircuit {
 public:
  FittedState(Ansatz ansatz, std::string mapping, std::vector<double> parameters, FitInfo info)
      : ansatz_(std::move(ansatz)),
        mapping_(std::move(mapping)),
        parameters_(std::move(parameters)),
        info_(std::move(info)) {}
  /// One that was saved.
  FittedState(Ansatz ansatz, std::string mapping, std::vector<double> parameters)
      : FittedState(std::move(ansatz), std::move(mapping), std::move(parameters), FitInfo{}) {
    info_.reason = "saved";
    info_.parameters = static_cast<long>(parameters_.size());
  }
  Answer answer(const Instance& instance, const FitContext& context) const override {
    return Energy{energy_of(ansatz_, electronic_system(instance), mapping_, parameters_, *context.executor)};
  }
  FitInfo info() const override { return info_; }
  void save(Archive& archive) const override {
    save_ansatz(ansatz_, archive);
    archive.set("parameters", parameters_);
  }
  Circuit circuit(const ElectronicSystem& system) const override {
    return circuit_of(ansatz_, system, mapping_).bind({}, parameters_);
  }
  const Ansatz& ansatz() const { return ansatz_; }
  const std::string& mapping() const { return mapping_; }
  std::span<const double> parameters() const { return parameters_; }

 private:
  Ansatz ansatz_;
  std::string mapping_;
  std::vector<double> parameters_;
  FitInfo info_;
};
using FittedAnsatz = FittedState<ExcitationAnsatz>;

}  // namespace qupel
