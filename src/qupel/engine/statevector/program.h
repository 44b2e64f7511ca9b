#pragma once
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "qupel/engine/statevector/measurement.h"
#include "qupel/engine/statevector/plan.h"

namespace qupel::tiled {
class Runners;
}

namespace qupel::statevector {

class Sessions;

/// A circuit and its observables, ready to be bound to parameters. Immutable but for plans made on demand.
class Program {
 public:
  enum class Use {
    values,  ///< gates that no observable sees are left out
    states,  ///< every gate is kept
  };
  Program(const Circuit& circuit, std::span<const Observable> observables, Use use);
  /// From parts that were made otherwise.
  Program(Layers layers, Frame frame, Measurements measurements);

  /// Plans for vectors of so many bytes.
  const Plans& plans(std::size_t vector_bytes) const;

  /// Memory of its calls.
  Sessions& sessions() const { return *sessions_; }
  /// The same of the tiled engine.
  tiled::Runners& runners() const { return *runners_; }

  int qubits;  ///< whose states are kept: for values, the dimension of the support
  std::size_t observable_count;
  std::vector<Rotation> gates;
  Layers layers;
  Frame frame;  ///< where amplitudes end
  std::vector<Measurement> measurements;
  std::vector<double> constants;  ///< by observable: the weight of the identity

 private:
  std::shared_ptr<Sessions> sessions_;  // not unique_ptr, which would need the whole type here
  std::shared_ptr<tiled::Runners> runners_;
  mutable std::mutex mutex_;
  mutable std::vector<std::pair<std::size_t, std::unique_ptr<Plans>>> plans_;
};

}  // namespace qupel::statevector
