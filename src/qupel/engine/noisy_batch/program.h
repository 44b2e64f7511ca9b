#pragma once
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "qupel/engine/noisy_batch/steps.h"

// A noisy circuit with open slots as linear maps of Pauli coefficients. The state of a sample is rho = 2^-n
// sum_P r_P P, 4^n real numbers r_P = <P>; digit q of an index, base 4, is the letter I, X, Y, Z of qubit q.
// A unitary and a channel are both a real transfer matrix on the digits of their qubits, whose first row is
// that of the identity, because the trace is kept (Greenbaum, arXiv:1509.02921).
namespace qupel::noisy_batch {

/// The rows X, Y, Z and columns I, X, Y, Z of a transfer matrix on one qubit; its row I is (1, 0, 0, 0).
using LocalRows = std::array<double, 12>;

/// The transfer matrix constant + cosine cos(angle) + sine sin(angle) on one qubit.
struct Factor {
  LocalRows constant{}, cosine{}, sine{};
  int angle = -1;  ///< position in Program::angles; -1: the matrix is the constant
};

/// The product of factors on one qubit, the first of which acts first.
struct Run {
  int qubit = 0;
  std::vector<Factor> factors;  ///< if there are several, all have an angle
  bool unital = true;           ///< no Z comes from I: column I of all factors is 0
  std::size_t matrices = 0;     ///< where the products of its first factors stand, of every number of them
};

/// A sparse matrix on the 16 coefficients of two qubits.
struct SparseRows {
  struct Entry {
    std::size_t from;  ///< coefficients from the first of the 16 to that of the column
    double value;
  };
  struct Row {
    std::size_t to;  ///< likewise that of the row
    std::vector<Entry> entries;
  };
  std::array<Row, 16> rows;
};

/// A constant transfer matrix on two qubits: a gate with its noise.
struct Pair {
  SparseRows forward, transposed;   ///< the entries that are not 0
  std::vector<std::size_t> firsts;  ///< coefficients of a tile with the letter I on both qubits
};

/// exp(-i angle/2 P) for a Pauli string P on two or more qubits: r_Q becomes cos r_Q + sign sin r_PQ for
/// every Q that does not commute with P.
struct Rotation {
  std::uint64_t pauli = 0;  ///< the index of P; the index of PQ is that of Q, exclusive or this
  int angle = 0;            ///< position in Program::angles
};

using Step = std::variant<Run, Pair, Rotation>;

/// Consecutive steps inside a window of qubits, which are applied one after the other to a tile: the 4^w
/// coefficients that differ in the digits of these qubits alone. Steps name qubits by their place in the
/// window.
struct QubitWindow {
  std::vector<Step> steps;
  std::vector<std::size_t> inside;   ///< where the coefficients of a tile lie behind its first
  std::vector<std::size_t> outside;  ///< where tiles begin
};

/// Steps arranged for memory and vectors.
struct Program {
  /// @param from_zero they begin with |0...0>: the first runs on qubits then make a product of states
  Program(int qubits, std::vector<OpenStep> steps, bool from_zero);

  std::size_t coefficients() const { return std::size_t{1} << (2 * qubits); }
  /// Calls visit(const Step&) for all steps.
  template <class Visit>
  void for_each_step(Visit&& visit) const {
    for (const auto& run : start) visit(run);
    for (const auto& window : windows)
      for (const auto& step : window.steps) visit(step);
  }

  int qubits;
  bool from_zero;
  std::vector<Step> start;  ///< runs, on each qubit one at most
  std::vector<QubitWindow> windows;
  std::vector<Angle> angles;  ///< each once
  std::size_t matrices = 0;   ///< products of factors, of all runs together
};

/// Calls visit(position in Program::angles) for each angle that the step depends on.
template <class Visit>
void for_each_angle(const Step& step, Visit&& visit) {
  if (const auto* run = std::get_if<Run>(&step)) {
    for (const auto& factor : run->factors)
      if (factor.angle >= 0) visit(static_cast<std::size_t>(factor.angle));
  } else if (const auto* rotation = std::get_if<Rotation>(&step)) {
    visit(static_cast<std::size_t>(rotation->angle));
  }
}

/// For a fixed Pauli string P: whether P and the string Q of an index anticommute, and then whether i P Q is
/// minus the string of its index (negative) or plus.
class PauliSigns {
 public:
  explicit PauliSigns(std::uint64_t pauli);
  bool anticommutes(std::uint64_t index) const { return odd(index & turned_); }
  bool negative(std::uint64_t index) const {
    const auto anti = flips(index);
    const auto same = ~(index ^ before_);
    return ((std::popcount(anti) >> 1) & 1) == (std::popcount(same & (same >> 1) & support_) & 1);
  }

 private:
  std::uint64_t flips(std::uint64_t index) const {
    return ((index ^ (index >> 1)) & z_) ^ ((index >> 1) & x_);
  }
  std::uint64_t x_, z_;    // bit 2q: whether P flips qubit q, or turns its sign
  std::uint64_t turned_;   // P anticommutes with what has an odd number of these bits
  std::uint64_t support_;  // bit 2q: whether P acts on qubit q
  std::uint64_t before_;   // the letter L with P_q L = -i (the third letter), by qubit
};

}  // namespace qupel::noisy_batch
