#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "qupel/engine/heisenberg/pauli_table.h"

// Several conjugations at a time, on a part of the table of Pauli strings that the first-level cache holds.
//
// A line of the table has the 16 strings on the two lowest qubits. A window visits the lines base ^ lines[u]
// for one base after another; within a base, a string is given by the number u of its line and its place in
// the line.
namespace qupel::heisenberg {

inline constexpr int line_bits = 4;
inline constexpr std::size_t line_size = std::size_t{1} << line_bits;
/// The most directions of a window, for elements of so many bytes: 2^directions lines are 32 kilobytes.
constexpr int most_directions(std::size_t element_bytes) { return element_bytes == 4 ? 9 : 8; }

/// One conjugation: c[s] becomes cosine c[s] - sine c[s ^ string] where s and the string anticommute.
template <class T>
struct ConjugationPlan {
  std::uint32_t line = 0;   ///< the string's part that leads from line to line
  std::uint32_t place = 0;  ///< the string's part inside a line
  bool diagonal =
      false;      ///< the string has only Z: the sine's sign is given by whether s has an odd number of Y
  Mask dual = 0;  ///< s anticommutes with the string if it has odd parity with this mask
  Mask sign = 0;  ///< the parity that gives the sine's sign, if the string is not diagonal
  std::uint32_t dual_line = 0, sign_line = 0;  ///< both masks, over line numbers
  bool whole_lines = false;                    ///< all strings of a line anticommute, or none of them
  /// Lead in Gray-code order through one line of each pair of lines that are combined. With whole_lines,
  /// only through lines that are like line 0 in whether they anticommute; `other` leads to those that are
  /// not, if has_other.
  std::vector<std::uint32_t> steps;
  std::uint32_t other = 0;
  bool has_other = false;
  /// For each place of a line that commutes (0) or anticommutes (1) as line 0's string does, and for both
  /// signs of a line.
  alignas(64) std::array<std::array<T, line_size>, 2> cosines{};
  alignas(64) std::array<std::array<std::array<T, line_size>, 2>, 2> sines{};
};

template <class T>
struct ConjugationWindow {
  std::vector<Mask> directions;  ///< strings, independent as far as they lie between lines
  std::vector<Mask> lines;
  std::vector<int> base_bits;  ///< the bits of a string that tell bases apart
  std::vector<ConjugationPlan<T>> turns;
  bool diagonals = false;  ///< some turn is diagonal
};

/// Divides conjugations, in order, into windows. @param bits how many bits a string has
template <class T>
std::vector<ConjugationWindow<T>> windows(std::span<const Conjugation> conjugations, int bits);

extern template std::vector<ConjugationWindow<float>> windows(std::span<const Conjugation>, int);
extern template std::vector<ConjugationWindow<double>> windows(std::span<const Conjugation>, int);

}  // namespace qupel::heisenberg
