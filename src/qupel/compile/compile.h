#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "qupel/circuit/circuit.h"
#include "qupel/device/device.h"

// From the circuit that somebody wrote to the one that a device runs.
namespace qupel {

struct CompileOptions {
  std::uint64_t seed = 0;  ///< of the search for a placement
  /// The physical qubit of each logical one at the start; nothing: chosen.
  std::optional<std::vector<int>> initial_layout = std::nullopt;
  int threads = 1;  ///< 0: all cores. The result is the same for any number
};

/// A circuit in a device's own operations. Its slots are those of the original: it is compiled once and bound
/// for every sample.
struct Compiled {
  Circuit circuit;  ///< as many qubits as the device, native operations only, two-qubit ones on coupled pairs
  std::vector<int> initial_layout;  ///< physical qubit of each logical one at the start
  std::vector<int> final_layout;    ///< the same at the end: where observables are measured
};

/// Does what the circuit does, up to a global phase, with the logical qubits where the layouts say.
/// Deterministic: the same circuit, device and seed give the same result.
/// @throws InputError for a circuit wider than the device or than its largest connected live part, a layout
/// that is none, or an operation that the device cannot make
Compiled compile(const Circuit& circuit, const Device& device, const CompileOptions& options = {});

/// The same operations on the qubits in use alone, so that an engine need not carry idle ones.
struct Compact {
  Circuit circuit;
  std::vector<int> physical;  ///< of each of its qubits, ascending
};
/// @param keep physical qubits that stay even if no operation touches them
Compact compact(const Circuit& circuit, std::vector<int> keep = {});

/// What a compiled circuit takes of a device. Changes of frame (NativeOperation::is_virtual) count nowhere:
/// they take no time and have no error.
struct Resources {
  long one_qubit = 0, two_qubit = 0;  ///< operations on so many qubits
  long depth = 0, two_qubit_depth = 0;
  /// Microseconds, from the first operation to the end of the last one. A delay in steps of the device's own
  /// clock, which it does not say, takes none.
  double duration = 0;
  /// Product of 1 - error over all operations, of the average fidelity of thermal relaxation over all times
  /// of waiting if each operation starts as late as it can, and of 1 - error over all measurements; where
  /// nothing is measured, over the qubits of the final layout.
  double expected_fidelity = 1;
  int qubits = 0;  ///< in use
};
Resources resources(const Compiled& compiled, const Device& device);

}  // namespace qupel
