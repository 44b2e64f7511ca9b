#pragma once
#include <cstddef>
#include <vector>

#include "qupel/base/matrix.h"
#include "qupel/engine/huge_array.h"
#include "qupel/engine/simd/aligned.h"
#include "qupel/engine/statevector/binding.h"

namespace qupel::statevector {

/// Memory for one block of samples, as vectors of `lanes` elements.
template <class T>
struct Workspace {
  /// @param with_adjoint whether the states of the backward pass are needed
  Workspace(const Program& program, std::size_t lanes, bool with_adjoint);
  Workspace(const Program& program, const Binding<T>& binding, std::size_t lanes, bool with_adjoint)
      : Workspace(program, lanes, with_adjoint) {
    bind(binding);
  }
  /// Fills in the coefficients that all samples share, if they are not there.
  void bind(const Binding<T>& binding);
  /// Of what grows with 2^qubits.
  static std::size_t bytes(const Program& program, std::size_t lanes, bool adjoint);

  T* active = nullptr;         ///< 2 * 2^qubits vectors: (re, im) of each amplitude, while passes change it
  T* state = nullptr;          ///< where it is in the end
  T* adjoint = nullptr;        ///< the same, for the backward pass
  std::size_t state_size = 0;  ///< elements of each
  T* checkpoints = nullptr;    ///< states at other times, for the backward pass; the last is the end
  T* phases = nullptr;         ///< the same, a diagonal that varies; then as many for its ratios
  T* table = nullptr;          ///< 2^qubits vectors: a function of the basis index
  T* low = nullptr;            ///< 4 an amplitude of the low half: its state, in two versions (plan.h, Half)
  T* high = nullptr;
  T* reduced_low = nullptr;  ///< the adjoint state contracted with the other half, for each version
  T* reduced_high = nullptr;
  T* scratch = nullptr;           ///< as many as the larger half
  T* product = nullptr;           ///< 4 a qubit: (re, im) of the amplitudes of |0> and |1>
  T* coefficients = nullptr;      ///< 2 an angle (see Form)
  T* outputs = nullptr;           ///< results or values of a ParityTree's masks
  T* sums = nullptr;              ///< by angle: derivative of the loss, a lane
  T* sign = nullptr;              ///< +1 or -1 by lane: whole turns of angles that vary
  double* angles = nullptr;       ///< a lane
  double* turns = nullptr;        ///< a lane
  double* totals = nullptr;       ///< by angle: `sums` over lanes
  double* features = nullptr;     ///< by feature, a lane
  std::size_t feature_count = 0;  ///< features that any angle uses: 1 + the highest
  std::vector<double> products;   ///< scales of a window's derivatives, by pass
  std::size_t bound = 0;          ///< Binding::times of what `coefficients` holds
  int phases_of = -1;             ///< the diagonal that `phases` holds for this block

  /// The checkpoint of this number, or, where none are kept, the active state.
  T* at(int checkpoint) const {
    return checkpoints == nullptr || checkpoint < 0
               ? active
               : checkpoints + static_cast<std::size_t>(checkpoint) * state_size;
  }

 private:
  HugeArray<T> memory_;
  AlignedVector<double> doubles_;
};

/// What a block's functions are given.
template <class T>
struct Call {
  const Program& program;
  const Plans& plans;
  const Binding<T>& binding;
  const Matrix<double>& features;
  std::span<const double> parameters;
};

/// The functions of one instruction set. `first` and `count` name the block's samples; lanes beyond repeat
/// the last.
template <class T>
struct Kernels {
  std::size_t lanes, vector_bytes;
  /// Writes each number to all lanes of a vector.
  void (*broadcast)(std::span<const std::array<T, 2>> pairs, T* out);
  /// exp(i argument), for a multiple of eight arguments of moderate size.
  void (*write_units)(std::span<const double> arguments, Complex* units);
  /// Leaves the block's states in the workspace.
  void (*run)(const Call<T>&, Workspace<T>&, std::size_t first, std::size_t count);
  /// Observables' values: observable-major, a lane.
  void (*measure)(const Call<T>&, Workspace<T>&, double* values);
  /// After run(): adds derivatives by angle to Workspace::sums, given d loss / d value as measure() orders
  /// values, zero in lanes beyond the samples. @param anew sums start from zero
  void (*backward)(const Call<T>&, Workspace<T>&, const double* cotangents, bool anew);
  /// Workspace::totals
  void (*add_up)(const Call<T>&, Workspace<T>&);
};

/// Of the best instruction set, or the forced one.
template <class T>
const Kernels<T>& kernels();
template <>
const Kernels<float>& kernels();
template <>
const Kernels<double>& kernels();

extern template struct Workspace<float>;
extern template struct Workspace<double>;

}  // namespace qupel::statevector
