#pragma once
#include <optional>
#include <vector>

#include "qupel/engine/engine.h"

namespace qupel {

/// A job of a wide register, on those of its qubits that it uses: a circuit that was compiled for a large
/// machine acts on few of them. The others stay |0>.
class Narrowing {
 public:
  /// @param job is kept by whoever makes this
  explicit Narrowing(const Job& job);

  /// What an engine is asked.
  const Job& asked() const { return narrow_ ? *narrow_ : *job_; }
  /// The outcome of the job from that of asked(), by the job's own numbers of qubits.
  Outcome answer(Outcome outcome) const;

 private:
  const Job* job_;
  std::vector<int> used_;  ///< the qubits of narrow_, ascending
  std::optional<Job> narrow_;
};

}  // namespace qupel
