#pragma once
#include <array>
#include <span>
#include <vector>

#include "qupel/engine/rotations/form.h"
#include "qupel/engine/statevector/program.h"

namespace qupel::statevector {

using rotations::Form;

/// A program with values for its trainable parameters: all numbers that are the same for every sample of a
/// call. Rotations in the tangent form leave their cosines to a scale: the true state is `scale` times the
/// stored one.
template <class T>
struct Binding {
  Binding() = default;
  Binding(const Program& program, std::span<const double> parameters) { bind(program, parameters); }
  void bind(const Program& program, std::span<const double> parameters);

  std::size_t times = 0;        ///< how often bind() was called
  std::vector<double> uniform;  ///< for each angle the part that all samples share
  std::vector<Form> forms;      ///< for each angle of a rotation
  std::vector<double> factors;  ///< for each angle of a rotation: what its form leaves to the scale
  std::vector<std::array<T, 2>> coefficients;  ///< for each angle that is the same for all samples (see Form)
  std::vector<std::vector<T>> tables;          ///< for each such diagonal: 2^qubits pairs (re, im)
  std::vector<double> magnitudes;  ///< for each diagonal the modulus of its entries, which absorbed a scale
  std::array<double, 2> halves;    ///< what the rotations of the low and of the high half left to the scale
  double scale = 1;                ///< of the state at the end

 private:
  void write_units(const Layers& layers, std::span<const double> parameters);
  void bind_rotation(std::size_t index);
  void bind_diagonal(const Layers& layers, std::size_t index, std::span<const double> parameters);
  void bind_table(const Diagonal& diagonal, std::size_t index, std::span<const double> parameters);

  std::vector<double> arguments_;
  std::vector<Complex> units_;           // exp(i argument): of half of each angle, and of diagonals' leaves
  std::vector<std::size_t> first_leaf_;  // among units, by diagonal
  std::vector<Complex> entries_;         // of a diagonal while its table is made
};

extern template struct Binding<float>;
extern template struct Binding<double>;

}  // namespace qupel::statevector
