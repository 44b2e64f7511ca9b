#pragma once
#include <cstddef>
#include <optional>
#include <span>

#include "qupel/engine/engine.h"
#include "qupel/engine/heisenberg/polynomial.h"

// Which engine runs many samples of one circuit.
namespace qupel {

/// The strategies for many samples of one circuit.
enum class BatchPath {
  blocks,  ///< states of several samples together, one a vector lane (statevector/)
  apart,   ///< one state after the other, each of them tiled (tiled/)
  /// No states: expectation values as polynomials of the samples' one-qubit states (heisenberg/).
  polynomials,
};

/// For gradients and states.
BatchPath choose_path(const statevector::Program& program, std::size_t samples, std::size_t lanes);
/// For expectation values. @param inputs how samples enter the program, if their values are a polynomial
BatchPath choose_path(const statevector::Program& program, const std::optional<heisenberg::Inputs>& inputs,
                      std::size_t samples, std::size_t lanes);

/// A rough forecast for so many samples of a circuit. @param sample any one of them
Forecast forecast_batch(const Job& sample, std::size_t samples);

}  // namespace qupel
