#pragma once
#include "qupel/engine/batch/batch.h"
#include "qupel/engine/statevector/blocks.h"
#include "qupel/engine/tiled/runner.h"

namespace qupel {

struct BatchProgram::Implementation {
  Implementation(const Circuit& circuit, std::vector<Observable> observables, Precision precision);

  /// @throws InputError if the shapes do not fit the circuit, or a value that is not finite or so large that
  /// the angles made of it would have no precision left
  void check(const Matrix<double>& features, std::span<const double> parameters) const;

  /// @throws InputError if a result of that many bytes a sample does not fit in memory
  void require(std::size_t samples, std::size_t bytes_each) const {
    statevector::require_memory(states, samples,
                                static_cast<double>(samples) * static_cast<double>(bytes_each));
  }

  Circuit circuit;
  std::vector<Observable> observables;
  Precision precision;
  double largest_value;  ///< of features and parameters
  statevector::Program values, states;
  mutable tiled::Runners runners;  ///< of `values`, where each sample is a tiled state of its own
};

}  // namespace qupel
