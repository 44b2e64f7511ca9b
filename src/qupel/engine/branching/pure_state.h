#pragma once
#include <complex>
#include <cstdint>
#include <span>
#include <vector>

#include "qupel/base/matrix.h"
#include "qupel/circuit/circuit.h"
#include "qupel/circuit/observable.h"
#include "qupel/engine/bit_counts.h"
#include "qupel/engine/huge_array.h"
#include "qupel/engine/moments.h"

namespace qupel::branching {

/// A matrix on some qubits where all controls are 1, ready to be applied.
struct Placed {
  Matrix<Complex> matrix;      ///< 2^k square, first target lowest
  std::vector<int> targets;    ///< one or two
  std::uint64_t controls = 0;  ///< a bit a qubit
};
/// Gates as products of these. @throws InputError if slots are open
std::vector<Placed> placed(const Operation& gate);

/// Amplitudes of a pure state that operations act on one after the other; qubit 0 is the lowest bit of an
/// index. Same bits for any number of threads.
template <class T>
class PureState {
 public:
  explicit PureState(int qubits);  ///< |0...0>
  PureState(PureState&&) noexcept = default;
  PureState& operator=(PureState&&) noexcept = default;
  PureState copy() const;

  void apply(const Placed& operation, int threads);
  /// The density matrix of one or two qubits, first qubit lowest.
  Matrix<Complex> reduced(std::span<const int> qubits, int threads) const;
  double expectation(const Observable& observable, int threads) const;
  /// @param with_square whether <O^2> is wanted, too; else it is left at 0
  Moments moments(const Observable& observable, bool with_square, int threads) const;
  BasisCounts counts(std::uint64_t shots, std::uint64_t seed, int threads) const;

  /// A number that states equal up to a phase share, up to rounding, and others do not in general.
  double fingerprint() const;
  /// The norm of the difference, with the phase that makes it least.
  double distance(const PureState& other) const;

  static double bytes(int qubits) {
    return static_cast<double>(sizeof(std::complex<T>)) * static_cast<double>(std::uint64_t{1} << qubits);
  }

 private:
  struct Uninitialised {};
  PureState(int qubits, Uninitialised);

  int qubits_;
  HugeArray<std::complex<T>> amplitudes_;
};

}  // namespace qupel::branching
