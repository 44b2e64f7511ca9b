#pragma once
#include <functional>
#include <span>
#include <vector>

#include "qupel/engine/rotations/rotation_program.h"
#include "qupel/engine/tiled/runner.h"

namespace qupel::tiled {

using rotations::RotationProgram;

/// Values of a program's observables for one sample, and derivatives of a loss of them.
struct Gradient {
  std::vector<double> values;
  std::vector<double> rotations;  ///< d loss / d angle of each of the program's rotations
};

/// d loss / d value, by observable.
using LossDerivatives = std::function<std::vector<double>(std::span<const double> values)>;

/// One forward and one adjoint backward pass over two states of 2^qubits amplitudes, whatever the number of
/// rotations (Jones and Gacon, arXiv:2009.02823). Same bits for any number of threads.
template <class T>
Gradient gradient(const RotationProgram& program, Runners& runners, std::span<const double> features,
                  std::span<const double> parameters, const LossDerivatives& loss, int threads);

/// Values alone.
template <class T>
std::vector<double> expectations(const RotationProgram& program, Runners& runners,
                                 std::span<const double> features, std::span<const double> parameters,
                                 int threads);

extern template Gradient gradient<float>(const RotationProgram&, Runners&, std::span<const double>,
                                         std::span<const double>, const LossDerivatives&, int);
extern template Gradient gradient<double>(const RotationProgram&, Runners&, std::span<const double>,
                                          std::span<const double>, const LossDerivatives&, int);
extern template std::vector<double> expectations<float>(const RotationProgram&, Runners&,
                                                        std::span<const double>, std::span<const double>,
                                                        int);
extern template std::vector<double> expectations<double>(const RotationProgram&, Runners&,
                                                         std::span<const double>, std::span<const double>,
                                                         int);

}  // namespace qupel::tiled
