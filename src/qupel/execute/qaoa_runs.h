#pragma once
#include <optional>
#include <variant>

#include "qupel/engine/qaoa/dicke_qaoa.h"
#include "qupel/engine/qaoa/qaoa.h"
#include "qupel/execute/executor.h"

namespace qupel {

/// What a QAOA is made of.
struct QaoaAnsatz {
  Observable cost;  ///< a sum of Z strings
  int qubits = 0;
  /// How many ones its mixer keeps, from a Dicke state on (DickeQaoa). 0: it begins with all bit strings
  /// alike, and the mixer is exp(-i beta X) on every qubit.
  int ones = 0;
};

/// Its circuit: the start, then for every layer exp(-i gamma C) as rotations about the cost's strings, and
/// the mixer. Angles are the parameters gamma_0, beta_0, gamma_1, ...
Circuit qaoa_circuit(const QaoaAnsatz& ansatz, std::size_t layers);

/// All bit strings with so many ones alike, from |0...0> (Baertschi and Eidenbenz, arXiv:1904.07358).
void add_dicke_state(Circuit& circuit, int ones);

/// The circuits of one QAOA, as an executor runs them. Without noise on this computer they run on the
/// engines that know the cost of every bit string (engine/qaoa), and what they are charged is what their
/// circuits would be; else they run as circuits.
class QaoaRuns {
 public:
  /// @throws InputError for other strings than Z in the cost, or what does not fit in memory
  QaoaRuns(Executor& executor, QaoaAnsatz ansatz, int threads = 1);

  /// <C> and its derivatives, exact. @throws InputError unless the execution is exact
  QaoaGradient gradient(const QaoaAngles& angles);
  /// Of the mean of the lowest costs (Qaoa::tail_gradient). @throws InputError unless the execution is exact
  /// and on this computer without noise
  QaoaGradient tail_gradient(const QaoaAngles& angles, double share);
  /// The probability of measuring a bit string of the lowest cost; as tail_gradient().
  double success_probability(const QaoaAngles& angles);
  /// Counts of the execution's shots, or of `draws` if it is exact, keyed by the seed there.
  ShotCounts samples(const QaoaAngles& angles, std::uint64_t draws, std::uint64_t seed);

  /// Whether the engines above run them.
  bool here() const;

 private:
  using Engine = std::variant<Qaoa, DickeQaoa>;
  Engine& engine();
  void charge(std::size_t layers, std::uint64_t shots);
  void charge_gradient(std::size_t layers);
  QaoaGradient circuit_gradient(const QaoaAngles& angles);

  Executor& executor_;
  QaoaAnsatz ansatz_;
  int threads_;
  std::optional<Engine> engine_;
  std::map<std::size_t, CircuitCost> costs_;  // by layers
};

}  // namespace qupel
