#pragma once
#include <optional>
#include <span>
#include <vector>

#include "qupel/base/matrix.h"
#include "qupel/engine/rotations/pauli.h"
#include "qupel/engine/simd/aligned.h"
#include "qupel/engine/statevector/program.h"

// Expectation values without states. If features enter a circuit only before anything entangles, each sample
// is a product state there, and all gates behind are the same for all samples. An observable's expectation
// value is then a polynomial in the one-qubit expectation values of the product state, of degree one in each
// qubit. Its coefficients are those of the observable in the Heisenberg picture (pauli_table.h), which is
// computed once for all samples. (As a Fourier series: Schreiber, Eisert and Meyer, Phys. Rev. Lett. 131,
// 100803, 2023.)
namespace qupel::heisenberg {

using rotations::Mask;

/// A qubit whose state differs between samples.
struct Factor {
  int qubit = 0;
  std::size_t gates =
      0;  ///< how many gates of Layers::product belong to the samples' states: up to the last that differs
  std::vector<char> letters;  ///< those of X, Y, Z whose expectation value is not zero for all samples
};

/// How samples enter a program.
struct Inputs {
  std::vector<Factor> factors;
  /// Nothing if samples differ in a gate behind an entangling gate.
  static std::optional<Inputs> of(const statevector::Program& program, std::span<const double> parameters);

  std::size_t letters() const;  ///< how many letters all factors have together
  std::size_t terms() const;    ///< how many coefficients a polynomial in them has
};

/// The order of a polynomial's coefficients: those of 1, of a variable's first letter, of its second, ... are
/// `stride` apart.
struct Terms {
  struct Variable {
    std::size_t letters;  ///< how many
    std::size_t first;    ///< of them, among those of all factors
    std::size_t stride;
  };
  explicit Terms(const Inputs& inputs);

  std::vector<Variable> variables;  ///< one a factor
  std::vector<Mask> strings;        ///< of each coefficient
  std::size_t low = 0;              ///< so many variables are expanded to monomials, the others nested
  std::size_t low_size = 1;         ///< number of their monomials
};

/// Whether polynomials are faster than states, judged by counts of operations and measured rates.
bool pays(const statevector::Program& program, const Inputs& inputs, std::size_t samples);

/// Expectation values, samples x observables. Same bits for any number of threads.
template <class T>
Matrix<double> expectations(const statevector::Program& program, const Inputs& inputs,
                            const Matrix<double>& features, std::span<const double> parameters, int threads);

}  // namespace qupel::heisenberg
