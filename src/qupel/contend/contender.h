#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "qupel/base/archive.h"
#include "qupel/circuit/circuit.h"
#include "qupel/contend/setting.h"
#include "qupel/execute/executor.h"
#include "qupel/problem/answer.h"
#include "qupel/problem/figures.h"
#include "qupel/problem/instance.h"

// What competes on a problem. A contender is one record: its family, the kinds of problems it solves, its
// hyperparameters with the values that a tuned fit may try, and a function that fits it.
namespace qupel {

enum class Family { quantum, classical, quantum_inspired };
std::string_view to_string(Family family);  ///< "quantum", "classical", "quantum-inspired"

/// Which representation of the rows a contender is fitted on.
enum class Inputs {
  all,      ///< every prepared column, standardised (mean 0, variance 1 on the training rows)
  reduced,  ///< a few columns (PCA or selection fitted on the training rows), min-max scaled to [-1, 1] on
            ///< the training rows (test rows may lie a little outside: clipped to [-1.5, 1.5])
};

struct FitContext {
  std::uint64_t seed = 0;
  /// How circuits run, and what is charged; never null. Contenders without circuits charge only seconds.
  Executor* executor = nullptr;
  double effort = 1;  ///< multiplies training step limits (budget)
  /// Whether the fit only ranks settings in a search: a circuit is trained from fewer starts.
  bool for_search = false;
  /// What Fitted::save() wrote of a model fitted on the same rows with the same settings by another executor:
  /// a circuit is trained on from its parameters, for few steps and from no other start. Null: from the
  /// beginning, as contenders that train no circuit are fitted always.
  const Archive* trained_before = nullptr;
  /// Whether probabilities are read. If only labels or the order of two classes are, a support-vector machine
  /// stops earlier and leaves probabilities uncalibrated, which takes most of its time.
  bool calibrated = true;
  /// Whether classes count alike in the score: a support-vector machine then weighs errors by 1 / class share
  /// (few rare rows would all lie at the bound, where held-out decision values say little).
  bool balanced = false;
};

/// How a fit ended.
struct FitInfo {
  bool converged = true;
  std::string reason;  ///< the rule that ended it
  std::size_t steps = 0;
  std::vector<double> losses;  ///< training loss by step, thinned to at most 200 points
  long parameters = 0;         ///< trainable parameters (support vectors, trees' leaves, weights, angles)
};

/// A model that was fitted.
class Fitted {
 public:
  virtual ~Fitted() = default;
  /// Circuits run as the context's executor runs them: the same model answers exactly, with shots or with
  /// noise. @throws InputError for an instance of another kind than it was fitted on
  virtual Answer answer(const Instance& instance, const FitContext& context) const = 0;
  virtual FitInfo info() const = 0;
  /// Everything that its contender's load() needs, beside the settings, to make a model that answers with the
  /// same bits. @throws InputError if models of this contender cannot be saved
  virtual void save(Archive& archive) const;
};

/// What an encoding would cost for more features.
struct EncodingGrowth {
  std::string encoding;
  std::vector<int> features;
  std::vector<long> qubits, two_qubit, depth, gates;
};

/// A contender's circuit as people read it.
struct CircuitPage {
  std::string drawing, qasm;
  std::vector<EncodingGrowth> growth;  ///< empty if it encodes by no registered encoding
};

/// The circuit that a contender would run for one instance.
struct InstanceCircuit {
  CircuitCost cost;
  CircuitPage page;
};

/// When the training of a circuit stops: Adam and L-BFGS as in train/optimizer.h, steps at an effort of 1.
struct CircuitTraining {
  std::size_t adam_window = 0, adam_steps = 0, lbfgs_steps = 0;  ///< 0: not known
  double gradient_tolerance = 0, relative_tolerance = 0;
};

/// One record: what it is, what can be set, and how it is fitted.
struct Contender {
  std::string name;
  std::string summary;
  std::string source;  ///< paper or library
  Family family = Family::classical;
  Inputs inputs = Inputs::all;
  std::vector<HyperParameter> hyperparameters = {};
  std::function<std::unique_ptr<Fitted>(const Instance&, const Settings&, const FitContext&)> fit;
  /// The model that Fitted::save() wrote, given the settings that it was fitted with; null if there is none.
  /// @throws InputError for what no fit would have saved
  std::function<std::unique_ptr<Fitted>(const Archive& saved, const Settings&, const FitContext&)> load =
      nullptr;
  std::vector<std::string> solves = {"classification"};  ///< kinds of problems
  /// What the circuit for so many columns and outputs (classes, or 1 number) costs with these settings; null
  /// for a contender without one.
  std::function<CircuitCost(int columns, int outputs, const Settings&)> circuit_cost = nullptr;
  std::function<CircuitPage(int columns, int outputs, const Settings&)> circuit_page = nullptr;
  /// The same where it follows from the instance and not from columns: of a graph, a molecule.
  std::function<InstanceCircuit(const Instance&, const Settings&)> instance_circuit = nullptr;
  /// Charts of how it does on an instance with these settings, such as what more layers bring; null: none.
  std::function<std::vector<Plot>(const Instance&, const Settings&)> charts = nullptr;
  /// Why it cannot be fitted on an instance: too large, not of its form; "": it can. Null: it always can.
  std::function<std::string(const Instance&)> refuses = nullptr;
  /// What it needs of this computer and does not find, such as a program; "": nothing. Null: it needs
  /// nothing.
  std::function<std::string()> lacks = nullptr;
  /// Whether an instance asks for what it computes: an audit that does not takes no notice of it, not even
  /// among what was left out. Null: every instance does.
  std::function<bool(const Instance&)> concerns = nullptr;
  std::string twin = {};  ///< of a quantum contender: the name of its separable twin
  std::optional<CircuitTraining> training = std::nullopt;  ///< of one that trains a circuit
  std::size_t most_columns = 0;                            ///< that it can be fitted on; 0: any number
  /// Whether an answer compares a row with every training row, a circuit for each pair: a fidelity kernel.
  bool compares_rows = false;
  /// Looks at no feature: what all others must beat, and what a fit that failed counts as.
  bool floor = false;

  bool has_circuit() const { return circuit_cost != nullptr || instance_circuit != nullptr; }
};

/// Whether the contender has a hyperparameter of that name.
bool has_hyperparameter(const Contender& spec, std::string_view name);

/// The value of a setting, or the hyperparameter's default. @throws InputError if it has the wrong type
double number(const Contender& spec, const Settings& settings, std::string_view name);
std::string text(const Contender& spec, const Settings& settings, std::string_view name);

/// A setting that counts something. @throws InputError unless it is a whole number from 1 to 10^6
int count(const Contender& spec, const Settings& settings, std::string_view name);

/// Whether it solves problems of a kind.
bool solves(const Contender& spec, std::string_view kind);

}  // namespace qupel
