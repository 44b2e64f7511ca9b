#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "qupel/circuit/circuit.h"
#include "qupel/circuit/observable.h"
#include "qupel/engine/statevector/batch.h"

namespace qupel {

/// The exact final state of one circuit on many qubits (schedule.h says how memory is visited). Results have
/// the same bits for any number of threads.
class TiledState {
 public:
  /// Fewer qubits than this are the batched engine's.
  static constexpr int fewest_qubits = 8;

  /// Runs the circuit. @throws InputError for unbound slots, fewer than fewest_qubits, or a state that does
  /// not fit in memory
  TiledState(const Circuit& circuit, Precision precision, int threads);
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

  /// Bytes that a state takes while it is computed.
  static double bytes(int qubits, Precision precision);
  /// How many times memory is read and written, and how many rotations are applied.
  struct Plan {
    int sweeps = 0;
    std::size_t rotations = 0, phases = 0;
  };
  static Plan plan(const Circuit& circuit, Precision precision);

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace qupel
