#pragma once
#include <optional>
#include <span>
#include <vector>

#include "qupel/base/matrix.h"
#include "qupel/engine/simd/aligned.h"
#include "qupel/engine/rotations/pauli.h"
#include "qupel/engine/statevector/program.h"

// Where features enter only before anything entangles, a sample is a product state and everything after is
// the same for all samples: an observable's expectation value is a polynomial in the samples' one-qubit
// expectation values, of degree one in each qubit. Its coefficients are the observable, taken back through
// the circuit (pauli_table.h); the samples then take no simulation at all. (As a Fourier series: Schreiber,
// Eisert and Meyer, Phys. Rev. Lett. 131, 100803, 2023.)
namespace qupel::heisenberg {

using rotations::Mask;

/// A qubit whose state differs between samples.
struct Factor {
  int qubit = 0;
  std::size_t gates = 0;      ///< of Layers::product, up to the last that differs between samples
  std::vector<char> letters;  ///< of X, Y, Z: those whose expectation value is not zero for all samples
};

/// How samples enter a program.
struct Inputs {
  std::vector<Factor> factors;
  /// Nothing if samples differ in a gate behind an entangling one.
  static std::optional<Inputs> of(const statevector::Program& program, std::span<const double> parameters);

  std::size_t letters() const;  ///< of all factors
  std::size_t terms() const;    ///< of a polynomial in them
};

/// The order of a polynomial's coefficients: that of 1 and of a variable's letters are `stride` apart.
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

/// Whether polynomials are faster than states, by counts and measured rates.
bool pays(const statevector::Program& program, const Inputs& inputs, std::size_t samples);

/// Expectation values, samples x observables. Same bits for any number of threads.
template <class T>
Matrix<double> expectations(const statevector::Program& program, const Inputs& inputs,
                            const Matrix<double>& features, std::span<const double> parameters, int threads);

}  // namespace qupel::heisenberg
