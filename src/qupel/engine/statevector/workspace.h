#pragma once
#include <cstddef>
#include <vector>

#include "qupel/base/matrix.h"
#include "qupel/engine/huge_array.h"
#include "qupel/engine/simd/aligned.h"
#include "qupel/engine/simd/kernel_table.h"
#include "qupel/engine/statevector/binding.h"

namespace qupel::statevector {

/// Memory for one block of samples, as vectors of `lanes` elements.
template <class T>
struct Workspace {
  /// @param with_adjoint whether there will be a backward run
  Workspace(const Program& program, std::size_t lanes, bool with_adjoint);
  Workspace(const Program& program, const Binding<T>& binding, std::size_t lanes, bool with_adjoint)
      : Workspace(program, lanes, with_adjoint) {
    bind(binding);
  }
  /// Fills in the coefficients that all samples share, unless they are there from an earlier call.
  void bind(const Binding<T>& binding);
  /// The size of all that grows with 2^qubits.
  static std::size_t bytes(const Program& program, std::size_t lanes, bool adjoint);

  T* state = nullptr;    ///< 2 * 2^qubits vectors: (re, im) of each amplitude
  T* adjoint = nullptr;  ///< as large, for the backward pass
  T* phases = nullptr;   ///< as large, the table of a diagonal that varies; behind it as much scratch
  T* table = nullptr;    ///< 2^qubits vectors: a function of the basis index
  T* low = nullptr;      ///< 4 vectors an amplitude of the low half: its state in two versions (plan.h, Half)
  T* high = nullptr;     ///< the same of the high half
  T* reduced_low =
      nullptr;  ///< the adjoint state contracted with the high half, for both versions of the low one
  T* reduced_high = nullptr;  ///< the adjoint state contracted with the low half
  T* scratch = nullptr;       ///< as many vectors as the larger half has in one version
  T* product =
      nullptr;  ///< 4 vectors a qubit: (re, im) of its amplitudes of |0> and |1> after the product gates
  T* coefficients = nullptr;  ///< 2 vectors an angle (rotations::Form)
  T* outputs = nullptr;  ///< a vector for each mask of a ParityTree: its sum, or the value that is put in
  T* sums = nullptr;     ///< a vector for each angle: the derivative of the loss by it
  T* sign =
      nullptr;  ///< one vector: -1 where the whole turns taken off varying angles have negated the state
  double* angles = nullptr;       ///< one number a lane, scratch for one angle
  double* turns = nullptr;        ///< one number a lane, scratch for one angle
  double* totals = nullptr;       ///< for each angle, `sums` added up over the lanes
  double* features = nullptr;     ///< one number a lane for each feature
  std::size_t feature_count = 0;  ///< one more than the highest feature that any angle uses
  std::vector<double> products;   ///< for each pass of a window, the scale of its derivatives
  std::size_t bound = 0;          ///< the Binding::times whose coefficients are in `coefficients`
  int phases_of = -1;             ///< the diagonal whose table is in `phases`; -1: none of this block's

 private:
  HugeArray<T> memory_;
  AlignedVector<double> doubles_;
};

/// What the functions of a block are given.
template <class T>
struct Call {
  const Program& program;
  const Plans& plans;
  const Binding<T>& binding;
  const Matrix<double>& features;
  std::span<const double> parameters;
};

/// The functions of one instruction set. A block's samples are those from `first` to `first + count - 1`;
/// lanes beyond them repeat the last sample.
template <class T>
struct Kernels {
  std::size_t lanes, vector_bytes;
  /// Writes each number of each pair to all lanes of a vector.
  void (*broadcast)(std::span<const std::array<T, 2>> pairs, T* out);
  /// Computes exp(i argument) for arguments of moderate size. Their number must be a multiple of eight.
  void (*write_units)(std::span<const double> arguments, Complex* units);
  /// Leaves the block's states in the workspace.
  void (*run)(const Call<T>&, Workspace<T>&, std::size_t first, std::size_t count);
  /// Writes the observables' values, one number a lane, the lanes of the first observable first.
  void (*measure)(const Call<T>&, Workspace<T>&, double* values);
  /// After run(): adds the derivatives by all angles to Workspace::sums.
  /// @param cotangents d loss / d value in the order of measure(), 0 in lanes beyond the samples
  /// @param anew whether the sums start from zero
  void (*backward)(const Call<T>&, Workspace<T>&, const double* cotangents, bool anew);
  /// Computes Workspace::totals.
  void (*add_up)(const Call<T>&, Workspace<T>&);
};

QUPEL_DECLARE_KERNELS

extern template struct Workspace<float>;
extern template struct Workspace<double>;

}  // namespace qupel::statevector
