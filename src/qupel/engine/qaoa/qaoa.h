#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "qupel/base/precision.h"
#include "qupel/engine/qaoa/cost_function.h"

namespace qupel {

/// One gamma and one beta for each layer, in radians.
struct QaoaAngles {
  std::vector<double> gammas, betas;
};

/// @throws InputError if there are not
void require_as_many_gammas_as_betas(const QaoaAngles& angles);

struct QaoaGradient {
  double objective = 0;
  QaoaAngles gradient;  ///< of the objective, exact (adjoint method)
};

/// The quantum approximate optimisation algorithm on a state vector (Farhi, Goldstone and Gutmann,
/// arXiv:1411.4028). It begins with the uniform superposition. Each layer applies exp(-i gamma C), which is
/// one multiplication for each amplitude, then exp(-i beta (X_0 + ... + X_{n-1})). The objective is <C>. A
/// layer reads and writes memory about twice. Results have the same bits for any number of threads.
class Qaoa {
 public:
  /// @throws InputError if the state does not fit in memory
  Qaoa(const CostFunction& cost, Precision precision, int threads);
  ~Qaoa();
  Qaoa(Qaoa&&) noexcept;
  Qaoa& operator=(Qaoa&&) noexcept;

  /// @throws InputError if there are not as many betas as gammas
  double objective(const QaoaAngles& angles);
  /// Needs memory for a second state. @throws InputError as objective(), or if that does not fit
  QaoaGradient gradient(const QaoaAngles& angles);
  /// The same of the mean of the lowest costs, those that make up the given share of all measurements (the
  /// conditional value at risk, Barkoutsos et al., arXiv:1907.04769); a share of 1 is the objective. It has
  /// no slope where a cost moves into the share or out of it; there the gradient is that of one side.
  /// @param share above 0, at most 1. @throws InputError as gradient(), or for another share
  QaoaGradient tail_gradient(const QaoaAngles& angles, double share);
  /// How often each bit string is measured: (basis state, count), no state twice, in no promised order. Keyed
  /// by the seed.
  std::vector<std::pair<std::uint64_t, std::uint64_t>> counts(const QaoaAngles& angles, std::uint64_t shots,
                                                              std::uint64_t seed);
  /// The probability of measuring a bit string whose cost is at most `tolerance` above the lowest cost.
  double success_probability(const QaoaAngles& angles, double tolerance = 1e-9);

  /// The bytes of a state and its costs. A gradient needs the bytes of the state once more.
  static double bytes(int qubits, Precision precision);

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace qupel
