#include "qupel/model/molecule/subspace.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "qupel/base/decompositions.h"
#include "qupel/base/error.h"
#include "qupel/model/molecule/uccsd.h"

namespace qupel {
namespace {

using Eigen::Index;

/// Answers with one of the states that its ground state leads to.
class SubspaceState final : public FittedCircuit {
 public:
  SubspaceState(std::unique_ptr<FittedAnsatz> ground, SubspaceMaker make)
      : ground_(std::move(ground)), make_(std::move(make)) {}

  Answer answer(const Instance& instance, const FitContext& context) const override {
    const auto space = make_(*ground_, electronic_system(instance), *context.executor);
    return Energy{subspace_energy(space, state_of(instance))};
  }
  FitInfo info() const override { return ground_->info(); }
  void save(Archive& archive) const override { ground_->save(archive); }
  Circuit circuit(const ElectronicSystem& system) const override { return ground_->circuit(system); }

 private:
  std::unique_ptr<FittedAnsatz> ground_;
  SubspaceMaker make_;
};

std::unique_ptr<FittedAnsatz> as_ansatz(std::unique_ptr<Fitted> fitted) {
  return std::unique_ptr<FittedAnsatz>(dynamic_cast<FittedAnsatz*>(fitted.release()));
}

std::unique_ptr<FittedAnsatz> fit_ground(const Instance& instance, const Settings& settings,
                                         const FitContext& context) {
  auto ground = dynamic_cast<const MoleculeInstance&>(instance);
  ground.state = 0;
  return as_ansatz(vqe_fit(uccsd_ansatz)(ground, settings, context));
}

}  // namespace

double subspace_energy(const Subspace& space, int n) {
  const auto size = space.overlap.rows();
  // A symmetric matrix of random errors has eigenvalues up to twice their size times the root of its own.
  const double smallest = std::max(1e-7, 2 * space.noise * std::sqrt(static_cast<double>(size)));
  const auto overlap = symmetric_eigen(space.overlap);
  Index removed = 0;
  while (removed < size && overlap.values[removed] < smallest) ++removed;
  if (size - removed <= n)
    throw InputError(fmt::format(
        "state {} of a subspace in which {} directions can be told apart: ask for fewer states, or for more shots",
        n, size - removed));
  const Eigen::MatrixXd kept = overlap.vectors.rightCols(size - removed) *
                               overlap.values.tail(size - removed).cwiseSqrt().cwiseInverse().asDiagonal();
  return symmetric_eigen(kept.transpose() * space.hamiltonian * kept).values[n];
}

Subspace subspace_of(const std::vector<std::vector<double>>& vectors, const SectorProgram<double>& program) {
  const auto size = static_cast<Index>(vectors.size()), length = static_cast<Index>(vectors.front().size());
  Eigen::MatrixXd columns(length, size), images(length, size);
  for (Index k = 0; k < size; ++k) {
    const auto& vector = vectors[static_cast<std::size_t>(k)];
    columns.col(k) = Eigen::Map<const Eigen::VectorXd>(vector.data(), length);
    const auto image = program.image(vector, 1);
    images.col(k) = Eigen::Map<const Eigen::VectorXd>(image.data(), length);
  }
  return {columns.transpose() * images, columns.transpose() * columns};
}

Contender subspace_contender(Contender record, SubspaceMaker make) {
  record.family = Family::quantum;
  record.solves = {"molecule"};
  record.hyperparameters = {mapping_hyperparameter()};
  record.fit = [make](const Instance& instance, const Settings& settings,
                      const FitContext& context) -> std::unique_ptr<Fitted> {
    return std::make_unique<SubspaceState>(fit_ground(instance, settings, context), make);
  };
  record.load = [make](const Archive& saved, const Settings& settings,
                       const FitContext& context) -> std::unique_ptr<Fitted> {
    return std::make_unique<SubspaceState>(as_ansatz(vqe_load(saved, settings, context)), make);
  };
  record.instance_circuit = circuit_page(uccsd_ansatz);
  record.concerns = [](const Instance& instance) {
    return dynamic_cast<const MoleculeInstance&>(instance).states > 1;
  };
  record.refuses = [](const Instance& instance) {
    constexpr double most = 2e5;  // as many vectors as there are excitations are kept
    const auto& molecule = dynamic_cast<const MoleculeInstance&>(instance);
    if (const double size = molecule.system->determinants(); size > most)
      return fmt::format("{:g} determinants; it computes with at most {:g}", size, most);
    constexpr std::size_t most_measured = 60;
    if (const auto size = uccsd_ansatz(*molecule.system).gates.size(); size > most_measured)
      return fmt::format(
          "{} excitations; elements between all pairs of more than {} take hours to be read with shots: --active "
          "takes fewer orbitals, or a study with shots = 0 reads exact values alone",
          size, most_measured);
    return too_many_determinants(instance);
  };
  return record;
}

}  // namespace qupel
