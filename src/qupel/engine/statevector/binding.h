#pragma once
#include <array>
#include <span>
#include <vector>

#include "qupel/engine/rotations/form.h"
#include "qupel/engine/statevector/program.h"

namespace qupel::statevector {

using rotations::Form;

/// A program with its trainable parameters: everything that is the same for all samples of a call.
/// The true state is `scale` times the stored one.
template <class T>
struct Binding {
  Binding() = default;
  Binding(const Program& program, std::span<const double> parameters) { bind(program, parameters); }
  void bind(const Program& program, std::span<const double> parameters);

  std::size_t times = 0;                       ///< that it was bound
  std::vector<double> uniform;                 ///< by angle: its part that all samples share
  std::vector<Form> forms;                     ///< by angle of a rotation
  std::vector<double> factors;                 ///< by angle of a rotation: what its form leaves to the scale
  std::vector<std::array<T, 2>> coefficients;  ///< by angle that does not vary
  std::vector<std::vector<T>> tables;          ///< by diagonal that does not vary: 2^qubits pairs (re, im)
  std::vector<double> magnitudes;              ///< by diagonal: the modulus of the entries
  std::array<double, 2> halves;                ///< scales of the low and the high half before they are turned
  std::vector<double> scales;                  ///< the scale before each layer, and at the end
  double scale = 1;                            ///< at the end
  double reading = 1;                          ///< a readout's value = reading * its sum

 private:
  void write_units(const Layers& layers, std::span<const double> parameters);
  void bind_rotation(std::size_t index);
  void bind_readout(const Layer& layer, double before);
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
