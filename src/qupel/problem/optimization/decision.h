#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "qupel/base/random.h"
#include "qupel/problem/figures.h"
#include "qupel/problem/instance.h"
#include "qupel/problem/metric.h"
#include "qupel/problem/optimization/qubo.h"

namespace qupel {

/// What answers a decision: whole numbers whose meaning is the kind's own (a side for each node of a graph,
/// the stops of a tour in their order).
using Values = std::vector<std::int64_t>;
using ValuesView = std::span<const std::int64_t>;

/// A part of a decision, the rest of which is as an answer has it.
struct DecisionPart {
  Qubo qubo;                                                   ///< no variables: there is no such part
  std::function<Values(std::span<const std::uint8_t>)> whole;  ///< the answer with these bits in the part
};

/// One hard choice: an objective to be made small or large over answers that keep its constraints. Each kind
/// of optimisation problem derives its own.
class Decision : public Instance {
 public:
  virtual std::string_view kind() const = 0;  ///< "maxcut", "tsp", ...
  virtual bool maximised() const { return false; }
  /// Of a feasible answer, in the problem's own unit.
  virtual double objective(ValuesView values) const = 0;
  /// Which constraint the answer breaks; "" if it is feasible.
  virtual std::string violation(ValuesView values) const = 0;
  /// The answer of a simple rule, without a search: what every contender must beat. It is feasible.
  virtual Values first_answer() const = 0;

  /// How many numbers are to be chosen.
  virtual std::size_t unknowns() const { return variables(); }
  /// How many bits, hence qubits, its QUBO has.
  virtual std::size_t variables() const = 0;
  /// Its energy is the objective of the feasible answers (minus it, where it is maximised), and higher than
  /// that of the best one for bits that stand for no feasible answer.
  virtual Qubo qubo() const = 0;
  /// The answer that bits of the QUBO stand for: an infeasible one if they break a constraint.
  virtual Values from_bits(std::span<const std::uint8_t> bits) const = 0;
  /// How many of its bits are 1 in every feasible answer, if that is its only constraint.
  virtual std::optional<std::size_t> ones() const { return std::nullopt; }
  /// A QUBO whose energies are right for bits with that many ones: without a penalty for others.
  virtual Qubo qubo_among_ones() const { return qubo(); }
  /// A part of so many bits at most, chosen at random: of an answer that is the bits of its QUBO neighbouring
  /// variables.
  virtual DecisionPart part(const Values& now, std::size_t most_bits, Random& random) const;
  /// The best objective of all, if it can be proven in about a second.
  virtual std::optional<double> proven_optimum() const;
  /// A value that no feasible answer's objective is better than.
  virtual std::optional<double> bound() const { return std::nullopt; }

  /// The answer in the kind's own terms, as a JSON value.
  virtual std::string solution(ValuesView values) const = 0;
  /// The answer of which solution() is this. Whether it is feasible, violation() says.
  /// @throws InputError for what is no answer: another length, a name that is missing or not known
  virtual Values read_solution(std::string_view json) const = 0;
  /// Everything that a program of the user's own needs to solve it, as a JSON object (docs/external.md).
  virtual std::string data() const = 0;
  /// What it can be drawn as: nodes and edges; nothing if it cannot.
  virtual std::optional<NetworkDrawing> drawing(ValuesView) const { return std::nullopt; }
  /// "16 nodes, 24 edges"
  virtual std::string size_words() const = 0;

  /// SHA-256 of everything that the decision depends on.
  virtual std::string digest() const = 0;

  /// What else answers of this kind are measured by, beside the metrics of every decision.
  virtual std::vector<Metric> own_metrics() const { return {}; }
  virtual std::map<std::string, double> own_scores(ValuesView) const { return {}; }

  /// Whether an objective is as good as another, but for rounding, or better.
  bool reaches(double objective, double other) const;
};

/// The kinds whose instances have a QUBO of a size that solvers of QUBOs take.
std::vector<std::string> kinds_with_qubo();

/// And the others: every kind of decision.
std::vector<std::string> all_decisions();

/// The bits as an answer, for kinds whose answers are the bits of their QUBO.
Values values_of(std::span<const std::uint8_t> bits);
Bits bits_of(ValuesView values);
/// Bits by the names of their variables, as a JSON object.
std::string bits_by_name(const std::vector<std::string>& names, ValuesView bits);
/// A text as JSON.
std::string json_text(std::string_view text);
/// "" if there are so many values, each 0 or 1.
std::string not_bits(ValuesView values, std::size_t count);
/// Goes through the variables once and sets each bit that makes the energy smaller.
Bits greedy_bits(const Qubo& qubo);

}  // namespace qupel
