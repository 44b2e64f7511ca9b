#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "qupel/base/precision.h"
#include "qupel/circuit/circuit.h"
#include "qupel/circuit/observable.h"

namespace qupel {

/// The exact final state of one circuit on many qubits (schedule.h says how memory is visited). Results have
/// the same bits for any number of threads.
class TiledState {
 public:
  /// Fewer qubits are the batched engine's; more than 64 have no stored index.
  static constexpr int fewest_qubits = 8, most_qubits = 64;

  /// Runs the circuit. Only amplitudes that its rotations reach are kept (support.h). @param seen if there
  /// are any, only expectation values of these will be asked for, and rotations that they do not see are left
  /// out (shots see each qubit's Z) @throws InputError for unbound slots, a number of qubits out of range, or
  /// a state that does not fit in memory
  TiledState(const Circuit& circuit, Precision precision, int threads, std::span<const Observable> seen = {});
  ~TiledState();
  TiledState(TiledState&&) noexcept;
  TiledState& operator=(TiledState&&) noexcept;

  int qubits() const;
  Complex amplitude(std::uint64_t basis_state) const;
  std::vector<Complex> amplitudes() const;  ///< all 2^qubits. @throws InputError if they do not fit in memory
  std::vector<double> expectations(std::span<const Observable> observables, int threads) const;
  /// How often each basis state is measured in `shots` shots: (basis state, count), no state twice, in no
  /// promised order. Keyed by the seed.
  std::vector<std::pair<std::uint64_t, std::uint64_t>> counts(std::uint64_t shots, std::uint64_t seed,
                                                              int threads) const;

  /// Bytes that 2^dimension amplitudes take while they are computed.
  static double bytes(int dimension, Precision precision);
  /// The base-2 logarithm of the number of amplitudes, how many times they are read and written in memory and
  /// in tiles, and how many rotations are applied.
  struct Plan {
    int dimension = 0;
    int sweeps = 0, windows = 0;
    std::size_t rotations = 0, phases = 0;
  };
  /// @param seen as above
  static Plan plan(const Circuit& circuit, std::span<const Observable> seen, Precision precision);

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace qupel
