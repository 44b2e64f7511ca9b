#pragma once
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "qupel/problem/molecule/active_space.h"
#include "qupel/problem/problem.h"

namespace qupel {

/// What contenders get of a molecule: its electrons in its active orbitals.
struct MoleculeInstance : Instance {
  std::string name;
  std::shared_ptr<const ElectronicSystem> system;
  int state = 0;   ///< which one is asked for: 0 is the ground state
  int states = 1;  ///< of the molecule, that are asked for
};
/// Which state an instance asks for. @throws InputError for an instance of another kind
int state_of(const Instance& instance);
/// Why a contender that finds ground states only does not fit; "": no other state is asked for.
std::string ground_state_only(const Instance& instance);
/// @throws InputError for an instance of another kind
const ElectronicSystem& electronic_system(const Instance& instance);

/// A step of a ladder: what differs between its energies of the same molecule.
struct LadderStep {
  std::string basis;
  std::optional<ActiveSize> active = std::nullopt;
};

/// How a molecule is described.
struct MoleculeOptions {
  std::string basis = "sto-3g";
  SpinReference reference = SpinReference::restricted;
  ActiveOptions active = {};
  /// Up to so many determinants the exact energy is computed to compare with.
  double most_exact = 2e6;
  /// The molecules are a whole and its two parts, each with the other's basis functions.
  bool fragments = false;
  int states = 1;  ///< so many of the lowest states of each molecule, each a unit of its own
  /// Each molecule in each of these instead of `basis` and `active.active`; none: there is no ladder.
  std::vector<LadderStep> ladder = {};
};

/// Lowest energies of molecules or geometries, each a unit of its own. Systems are made when they are first
/// asked for.
class MoleculeProblem final : public Problem {
 public:
  /// @throws InputError for an unknown basis, no molecules, or as require_possible()
  MoleculeProblem(std::string name, std::string source, std::vector<Molecule> molecules,
                  MoleculeOptions options);
  /// Of integrals that another program wrote.
  MoleculeProblem(std::string name, std::string source, ElectronicSystem system, double most_exact = 2e6);
  ~MoleculeProblem() override;

  std::string_view kind() const override { return "molecule"; }
  const Facts& facts() const override { return facts_; }
  /// "error", which decides, and "energy".
  const std::vector<Metric>& metrics() const override;
  Dependence dependence() const override { return Dependence::complete; }
  std::vector<Split> splits(const Splitting& splitting) const override;
  Work prepare(const Splitting& splitting, const Split& split) const override;
  std::string split_words(const Splitting& splitting) const override;

  Scores score(const Answer& answer, std::span<const std::size_t> rows) const override;
  /// The energy of the reference determinant.
  Answer floor(const Task& task) const override;
  std::string_view floor_name() const override { return "one-determinant"; }
  std::string_view floor_noun() const override { return "a single determinant"; }
  std::string_view floor_words() const override { return "the mean field without correlation"; }
  std::string_view row_noun() const override { return "molecule"; }
  /// Of the first molecule.
  std::string description() const override;
  /// The energy of each molecule.
  std::string solution(std::span<const Answered> answers) const override;
  /// With fragments "binding-kcal": the energy of the whole less those of its two parts in the basis of the
  /// whole (Boys and Bernardi, Mol. Phys. 19, 553, 1970), in kcal/mol.
  /// With several states of one molecule "excitation-1-ev" and so on: from the ground state, in electronvolt.
  Scores overall_scores(std::span<const Answered> answers, std::span<const AnswerTime> times) const override;
  /// Of several geometries, or steps of a ladder, energies along them.
  Figures figures(std::span<const Answered> answers) const override;
  /// Errors of all contenders along the same.
  std::vector<Plot> overview(std::span<const ContenderAnswers> contenders) const override;

  double row_grain(const Metric&) const override { return 1e-3; }
  double assumed_variance(const Metric&) const override { return 1e-4; }

  const ElectronicSystem& system(std::size_t row) const;
  /// The lowest energy that is known without the contenders, and what it is.
  struct Known {
    std::string name;  ///< "FCI"
    double energy = 0;
    std::vector<double> occupations;  ///< electrons in each active orbital, in the exact ground state
    std::vector<double> ground;       ///< that state, of the first molecule only
  };
  /// @throws InputError if the system has too many determinants
  const Known& reference(std::size_t row) const;
  const Molecule* molecule(std::size_t row) const;  ///< null: only integrals are known
  const std::string& row_name(std::size_t row) const;
  const std::string& basis(std::size_t row) const;  ///< "": only integrals are known

 private:
  struct Unit;
  Unit& unit(std::size_t row) const;
  void add_unit(const Molecule& molecule, const LadderStep& step, int state);
  void describe();
  /// Whether energies of units are points of a curve.
  bool is_curve(std::size_t points) const;
  /// Where units stand along it, and what that is.
  struct Positions {
    std::string along;
    std::vector<double> of_row;
  };
  Positions positions() const;
  std::string ranked_json(std::size_t row, double energy) const;
  /// A part of a whole has half of the electrons and orbitals that were asked for, so that both parts
  /// together are correlated as much as the whole.
  ActiveOptions active_of(std::size_t row, const Molecule& molecule) const;
  /// Why binding energies of this basis and active space are far from the true ones.
  std::vector<std::string> binding_warnings() const;

  MoleculeOptions options_;
  std::vector<std::unique_ptr<Unit>> units_;
  Facts facts_;
};

}  // namespace qupel
