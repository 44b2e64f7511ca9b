#pragma once
#include <functional>
#include <memory>

#include "qupel/contend/contender.h"
#include "qupel/electrons/program.h"
#include "qupel/execute/electrons.h"
#include "qupel/problem/molecule/active_space.h"

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
std::function<std::unique_ptr<Fitted>(const Instance&, const Settings&, const FitContext&)> vqe_fit(
    AnsatzMaker make);
std::unique_ptr<Fitted> vqe_load(const Archive& saved, const Settings& settings, const FitContext& context);

/// What Contender::instance_circuit asks, of a circuit. Large circuits are counted, not drawn.
InstanceCircuit circuit_for_page(const Circuit& circuit);
/// The same of an ansatz.
std::function<InstanceCircuit(const Instance&, const Settings&)> circuit_page(AnsatzMaker make);
/// Why the vectors of this many determinants are not computed with; "": they are.
std::string too_many_determinants(const Instance& instance);
/// The same for contenders that find no excited states.
std::string ground_states_within_limit(const Instance& instance);

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

/// A fitted ansatz.
class FittedAnsatz final : public FittedCircuit {
 public:
  FittedAnsatz(ExcitationAnsatz ansatz, std::string mapping, std::vector<double> parameters, FitInfo info)
      : ansatz_(std::move(ansatz)),
        mapping_(std::move(mapping)),
        parameters_(std::move(parameters)),
        info_(std::move(info)) {}
  Answer answer(const Instance& instance, const FitContext& context) const override;
  FitInfo info() const override { return info_; }
  void save(Archive& archive) const override;
  Circuit circuit(const ElectronicSystem& system) const override;
  const ExcitationAnsatz& ansatz() const { return ansatz_; }
  std::span<const double> parameters() const { return parameters_; }

 private:
  ExcitationAnsatz ansatz_;
  std::string mapping_;
  std::vector<double> parameters_;
  FitInfo info_;
};

}  // namespace qupel
