#pragma once
#include <memory>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

#include "qupel/engine/rotations/rotation_program.h"
#include "qupel/engine/statevector/plan.h"

namespace qupel::statevector {

class Sessions;

/// A circuit and its observables, ready to be bound to parameters. Immutable but for plans made on demand.
class Program : public rotations::RotationProgram {
 public:
  Program(const Circuit& circuit, std::span<const Observable> observables, Use use);
  /// From parts that were made otherwise.
  Program(Layers layers, Frame frame, Measurements measurements);

  /// Plans for vectors of so many bytes.
  const Plans& plans(std::size_t vector_bytes) const;

  /// Memory of its calls.
  Sessions& sessions() const { return *sessions_; }

  Layers layers;

 private:
  std::shared_ptr<Sessions> sessions_;  // not unique_ptr, which would need the whole type here
  mutable std::mutex mutex_;
  mutable std::vector<std::pair<std::size_t, std::unique_ptr<Plans>>> plans_;
};

}  // namespace qupel::statevector
