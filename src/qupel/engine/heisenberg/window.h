#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "qupel/engine/heisenberg/pauli_table.h"

// A few conjugations at a time, on a part of the table that the first-level cache holds.
//
// The table lies in lines of all strings on the two lowest qubits. A window is the lines base ^ lines[u];
// inside it a string is the number u of its line and its place in the line.
namespace qupel::heisenberg {

inline constexpr int line_bits = 4;
inline constexpr std::size_t line_size = std::size_t{1} << line_bits;
/// Directions of a window, for elements of so many bytes: 2^directions lines are 32 kilobytes.
constexpr int most_directions(std::size_t element_bytes) { return element_bytes == 4 ? 9 : 8; }

/// One conjugation: c[s] becomes cosine c[s] - sine c[s ^ string] where s and the string anticommute.
template <class T>
struct Turn {
  std::uint32_t line = 0;   ///< the string between lines
  std::uint32_t place = 0;  ///< and inside a line
  bool diagonal = false;    ///< the sign is that of an odd number of Y in s, else that of sign.s
  Mask dual = 0, sign = 0;
  std::uint32_t dual_line = 0, sign_line = 0;  ///< the masks' parities over line numbers
  bool whole_lines = false;                    ///< a line anticommutes as a whole or not at all
  /// In Gray-code order through one line of each pair; if whole_lines, of lines that agree in whether they
  /// anticommute: those of line 0 and of line `other`.
  std::vector<std::uint32_t> steps;
  std::uint32_t other = 0;
  bool has_other = false;
  /// By whether the line anticommutes (and by the line's sign), for each place.
  alignas(64) std::array<std::array<T, line_size>, 2> cosines{};
  alignas(64) std::array<std::array<std::array<T, line_size>, 2>, 2> sines{};
};

template <class T>
struct Window {
  std::vector<Mask> directions;  ///< strings, independent as far as they lie between lines
  std::vector<Mask> lines;
  std::vector<int> base_bits;  ///< of a string, that tell windows apart
  std::vector<Turn<T>> turns;
  bool diagonals = false;  ///< some turn is diagonal
};

/// Takes conjugations in order while their strings fit. @param bits of a string
template <class T>
std::vector<Window<T>> windows(std::span<const Conjugation> conjugations, int bits);

extern template std::vector<Window<float>> windows(std::span<const Conjugation>, int);
extern template std::vector<Window<double>> windows(std::span<const Conjugation>, int);

}  // namespace qupel::heisenberg
