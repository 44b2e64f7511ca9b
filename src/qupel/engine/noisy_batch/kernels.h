#pragma once
#include <cstddef>
#include <span>

#include "qupel/engine/noisy_batch/program.h"

// What is done to a block of samples. A line is one number of every sample of a block; states are 4^n lines,
// tiles 4^w, matrices on one qubit are twelve (LocalRows). All lie on cache lines.
namespace qupel::noisy_batch {

/// Samples of a block, whatever the instruction set: a cache line of numbers.
inline constexpr std::size_t lanes = 8;
inline constexpr std::size_t matrix_size = 12 * lanes;

/// The functions of one instruction set. `waves` holds the lines of cosine and sine of each angle, `size` is
/// that of a tile in numbers.
struct Kernels {
  /// The lines of cosine and sine of a line of angles.
  void (*set_waves)(const double* angles, double* waves);

  /// Product k of the factors 0 .. k, for every k.
  void (*compose)(std::span<const Factor> factors, const double* waves, double* products);
  /// Adds derivatives by angles, a line each, from those by the entries of the last product, which it
  /// overwrites.
  void (*derive)(std::span<const Factor> factors, const double* waves, const double* products,
                 double* by_entries, double* derivatives);

  /// The product of states of qubits. @param letters of each qubit the lines of <I>, <X>, <Y>, <Z>
  void (*start)(const double* letters, int qubits, double* state);
  /// Derivatives of <effect, product> by the letters. Overwrites the effect.
  void (*differentiate_start)(const double* letters, int qubits, const double* state, double* effect,
                              double* by_letters);

  /// Between a state and a tile of a window. @param state where the tile begins
  void (*read_tile)(std::span<const std::size_t> inside, const double* state, double* tile);
  void (*write_tile)(std::span<const std::size_t> inside, const double* tile, double* state);

  void (*apply_run)(const Run& run, const double* matrix, std::size_t size, const double* from, double* to);
  /// The transposed matrix, in place.
  void (*pull_run)(const Run& run, const double* matrix, std::size_t size, double* effect);
  /// Adds the derivatives of <effect, matrix state> by the entries of the matrix.
  void (*correlate_run)(const Run& run, std::size_t size, const double* effect, const double* state,
                        double* by_entries);

  /// @param rows those of the pair, or the transposed ones
  void (*apply_pair)(const Pair& pair, const SparseRows& rows, const double* from, double* to);

  /// @param back by the negative angle, which is the transposed matrix
  void (*rotate)(const Rotation& rotation, const double* waves, bool back, std::size_t size,
                 const double* from, double* to);
  /// Adds the derivative of <effect, rotated state> by the angle.
  void (*correlate_rotation)(const Rotation& rotation, const double* waves, std::size_t size,
                             const double* effect, const double* state, double* derivatives);

  /// products[lanes * i + j] = <state i of a, state j of b>, for the first `count` states of a
  void (*dots)(const double* a, std::size_t count, const double* b, std::size_t size, double* products);
  /// made = the sum over the first `count` states i of a, each times line i of the weights
  void (*combine)(const double* a, std::size_t count, const double* weights, std::size_t size, double* made);
  /// Adds to sums number i, of states, the state times line i of the weights.
  void (*add_weighted)(const double* state, const double* weights, std::size_t count, std::size_t size,
                       double* sums);
};

/// Of the best instruction set, or the forced one.
const Kernels& kernels();

}  // namespace qupel::noisy_batch
