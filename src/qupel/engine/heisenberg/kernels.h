#pragma once
#include "qupel/engine/heisenberg/polynomial.h"
#include "qupel/engine/heisenberg/window.h"
#include "qupel/engine/simd/aligned.h"
#include "qupel/engine/simd/kernel_table.h"
#include "qupel/engine/statevector/workspace.h"

namespace qupel::heisenberg {

/// Memory of one thread for one window.
template <class T>
struct Scratch {
  AlignedVector<T> lines = AlignedVector<T>(line_size << most_directions(sizeof(T)));
  std::vector<std::uint8_t> odd_y = std::vector<std::uint8_t>(std::size_t{1} << most_directions(sizeof(T)));
};

/// Vectors of samples that are evaluated together, so that a coefficient is loaded once for all of them.
inline constexpr std::size_t group_vectors = 4;

/// The functions of one instruction set. A group is group_vectors vectors of `lanes` samples.
template <class T>
struct Kernels {
  std::size_t lanes;
  /// All turns of a window on the lines from `base` on.
  void (*conjugate)(const ConjugationWindow<T>& window, T* table, Mask base, Scratch<T>& scratch);
  /// The letters' expectation values in the product states of a group of samples, of which `count` exist: by
  /// factor and letter, group vectors.
  void (*letters)(const statevector::Call<T>& call, statevector::Workspace<T>& work, const Inputs& inputs,
                  std::size_t first, std::size_t count, T* letters);
  /// A polynomial's values, one group. @param monomials room for Terms::low_size groups
  void (*evaluate)(const Terms& terms, const T* coefficients, const T* letters, T* monomials, T* values);
};

QUPEL_DECLARE_KERNELS

}  // namespace qupel::heisenberg
