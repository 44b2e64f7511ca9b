#pragma once
#include <cstddef>
#include <optional>
#include <span>

#include "qupel/engine/engine.h"
#include "qupel/engine/heisenberg/polynomial.h"

// The planner for many samples of one circuit.
namespace qupel {

/// How samples run.
enum class BatchPath {
  blocks,       ///< together, one a vector lane (statevector/)
  apart,        ///< one after the other, each a tiled state (tiled/)
  polynomials,  ///< without states: expectation values as polynomials of the features' own qubits
                ///< (heisenberg/)
};

/// For gradients and states.
BatchPath choose_path(const statevector::Program& program, std::size_t samples, std::size_t lanes);
/// For expectation values. @param inputs how samples enter the program, if a polynomial can be had
BatchPath choose_path(const statevector::Program& program, const std::optional<heisenberg::Inputs>& inputs,
                      std::size_t samples, std::size_t lanes);

/// What so many samples of a circuit would take, roughly. @param sample any one of them
Forecast forecast_batch(const Job& sample, std::size_t samples);

}  // namespace qupel
