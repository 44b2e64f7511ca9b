#pragma once
#include "qupel/engine/batch/batch.h"
#include "qupel/engine/statevector/program.h"
#include "qupel/engine/tiled/runner.h"

// Samples one after the other, each a tiled state (BatchPath::apart).
namespace qupel::batch {

using statevector::Program;

/// samples x observables
template <class T>
Matrix<double> expectations_apart(const Program& program, tiled::Runners& runners,
                                  const Matrix<double>& features, std::span<const double> parameters,
                                  int threads);

/// As BatchProgram::gradient().
template <class T>
BatchGradient gradient_apart(const Program& program, tiled::Runners& runners, const Matrix<double>& features,
                             std::span<const double> parameters, const Cotangent& cotangent,
                             bool feature_gradient, int threads);

}  // namespace qupel::batch
