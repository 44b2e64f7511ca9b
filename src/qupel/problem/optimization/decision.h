#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "qupel/problem/instance.h"
#include "qupel/problem/metric.h"
#include "qupel/problem/optimization/qubo.h"

namespace qupel {

/// What answers a decision: whole numbers whose meaning is the kind's own (a side for each node of a graph,
/// the stops of a tour in their order).
using Values = std::vector<std::int64_t>;
using ValuesView = std::span<const std::int64_t>;

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

  /// How many bits, hence qubits, its QUBO has.
  virtual std::size_t variables() const = 0;
  /// Its energy is the objective of the feasible answers (minus it, where it is maximised), and higher than
  /// that of the best one for bits that stand for no feasible answer.
  virtual Qubo qubo() const = 0;
  /// The answer that bits of the QUBO stand for: an infeasible one if they break a constraint.
  virtual Values from_bits(std::span<const std::uint8_t> bits) const = 0;
  /// The best objective of all, if it can be proven in about a second.
  virtual std::optional<double> proven_optimum() const;
  /// A value that no feasible answer's objective is better than.
  virtual std::optional<double> bound() const { return std::nullopt; }

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

/// The bits as an answer, for kinds whose answers are the bits of their QUBO.
Values values_of(std::span<const std::uint8_t> bits);
Bits bits_of(ValuesView values);
/// "" if there are so many values, each 0 or 1.
std::string not_bits(ValuesView values, std::size_t count);
/// Goes through the variables once and sets each bit that makes the energy smaller.
Bits greedy_bits(const Qubo& qubo);

}  // namespace qupel
