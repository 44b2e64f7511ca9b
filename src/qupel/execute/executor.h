#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "qupel/engine/statevector/batch.h"
#include "qupel/execute/ledger.h"

namespace qupel {

/// The only door through which models run circuits: an engine, its precision, and the ledger that is charged.
/// Not thread-safe (one executor a trial); the engine below uses `threads`.
class Executor {
 public:
  explicit Executor(Precision precision = Precision::single, int threads = 1)
      : precision_(precision), threads_(threads) {}

  /// A circuit with the observables to be measured, ready to run many times.
  class Job {
   public:
    const Circuit& circuit() const { return program_.circuit(); }

   private:
    friend class Executor;
    explicit Job(BatchProgram program);
    BatchProgram program_;
    CircuitCost cost_;
    long long groups_;  ///< of strings measured together
  };
  Job prepare(const Circuit& circuit, std::vector<Observable> observables) const;

  Matrix<double> expectations(const Job& job, const Matrix<double>& features,
                              std::span<const double> parameters);
  BatchGradient gradient(const Job& job, const Matrix<double>& features, std::span<const double> parameters,
                         const Cotangent& cotangent, bool feature_gradient = false);
  /// Expectation values estimated from `shots` measurements each.
  Matrix<double> estimate(const Job& job, const Matrix<double>& features, std::span<const double> parameters,
                          std::size_t shots, std::uint64_t seed);
  StateSet states(const Job& job, const Matrix<double>& features, std::span<const double> parameters);
  Matrix<double> kernel(const StateSet& a, const StateSet& b);
  /// A fidelity kernel as a device would estimate it: each entry a binomial frequency of `shots`
  /// compute-uncompute circuits (twice the depth of `job`'s circuit).
  Matrix<double> estimate_kernel(const Job& job, const StateSet& a, const StateSet& b, std::size_t shots,
                                 std::uint64_t seed);

  const Ledger& ledger() const { return ledger_; }
  Ledger& ledger() { return ledger_; }

 private:
  Precision precision_;
  int threads_;
  Ledger ledger_;
};

}  // namespace qupel
