#pragma once
#include "qupel/engine/statevector/batch.h"
#include "qupel/engine/statevector/program.h"

// Where a block of samples would leave the caches, or its lanes be mostly idle, each sample is a tiled state
// of its own (tiled/).
namespace qupel::statevector {

/// Whether that is faster, by measurement. @param lanes of a block
bool better_apart(int qubits, std::size_t samples, std::size_t lanes);

/// samples x observables
template <class T>
Matrix<double> expectations_apart(const Program& program, const Matrix<double>& features,
                                  std::span<const double> parameters, int threads);

/// As BatchProgram::gradient().
template <class T>
BatchGradient gradient_apart(const Program& program, const Matrix<double>& features,
                             std::span<const double> parameters, const Cotangent& cotangent,
                             bool feature_gradient, int threads);

}  // namespace qupel::statevector
