#pragma once
#include <memory>
#include <span>
#include <vector>

#include "qupel/engine/statevector/program.h"
#include "qupel/noise/noise_model.h"

// A noisy circuit for the kernels of the batch engine: a trajectory a lane. A Pauli error touches no
// amplitude: it turns the signs of those later rotations, dampings and observables that anticommute with it.
// Damping by gamma is the diagonal (1, sqrt(1 - gamma)) with probability 1 - gamma whatever the state; only
// for the rest the qubit's populations are asked for, and then it may be a jump: the projection on |1>,
// another diagonal, and an error X.
namespace qupel::trajectories {

using rotations::Mask;
using rotations::Pauli;

/// Something whose sign later errors see: the string of a rotation, a damping or an observable, and when it
/// is due.
struct Site {
  Mask x = 0, z = 0;
  int time = 0;
  bool turned_by(const Pauli& error) const { return !rotations::commute(error, Pauli{0, x, z}); }
};

/// A place where a Pauli error may happen.
struct ErrorSite {
  int time;
  std::size_t first_event = 0;     ///< error k is event first_event + k
  std::vector<double> cumulative;  ///< a uniform number below entry k (and no earlier one) means error k
  std::vector<Pauli> errors;
};

/// A place where a qubit relaxes.
struct Damping {
  std::size_t site;  ///< its string is the Z of the qubit
  double gamma;
  bool one_is_even;  ///< which parity of the string's mask is the qubit's |1>, before errors
  Pauli jump;        ///< the X of the qubit
  std::size_t event = 0;
};

/// A product of dampings and phases exp(-i angle/2 Z^mask), made for each block of lanes when it is reached.
struct NoisyDiagonal {
  /// What depends on one parity of the stored index.
  struct Factor {
    Mask mask = 0;              ///< in coordinates
    std::vector<int> dampings;  ///< in their order
    std::vector<int> phases;    ///< angles
  };
  /// Coordinate j of an index is the parity that factors[j] depends on, dampings first; factors beyond the
  /// number of qubits depend on several coordinates.
  std::vector<Factor> factors;
  std::vector<Mask> walk;  ///< from the index with coordinates u to that with u + 1, by countr_zero(u + 1)
};

/// In how many trajectories each event happened: each error of a site apart, for one of them may change what
/// is measured and another not.
using EventCounts = std::vector<std::uint64_t>;

struct NoisyProgram {
  /// @param strings to measure, none the identity
  /// @throws InputError if a channel cannot be unravelled
  NoisyProgram(const Circuit& circuit, const NoiseModel& noise, std::span<const PauliString> strings);

  /// An upper bound on the probability that one more trajectory has an event at some site that none of these
  /// had there (no error and no jump count as one, too).
  double probability_of_news(const EventCounts& happened, std::uint64_t trajectories) const;
  /// Of angles, then of dampings, strings, and the Z of every qubit; both parts in the order of time.
  std::vector<Site> sites;
  std::vector<ErrorSite> errors;
  std::vector<Damping> dampings;
  std::vector<NoisyDiagonal> diagonals;
  std::size_t events = 0;                                          ///< errors and jumps, at all sites
  std::size_t first_damping = 0, first_string = 0, first_bit = 0;  ///< positions in `sites`
  /// Values are those of the strings, then the squared norm.
  std::unique_ptr<statevector::Program> program;
};

/// Empty if all noise of the circuit can be unravelled, else why not.
std::string refusal(const Circuit& circuit, const NoiseModel& noise);

}  // namespace qupel::trajectories
