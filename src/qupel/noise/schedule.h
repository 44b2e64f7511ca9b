#pragma once
#include <span>
#include <vector>

#include "qupel/noise/noise_model.h"

namespace qupel {

struct TimedGate {
  std::span<const int> qubits;
  double duration = 0;
  std::vector<int> reads = {}, writes = {};  ///< classical bits
  bool aligns = false;                       ///< a barrier: its qubits still wait for a gate
};

/// When each gate starts, in the unit of its durations: all at the earliest or all at the latest time that
/// the order on each qubit and bit allows. The first gate of all starts at 0.
std::vector<double> start_times(std::span<const TimedGate> gates, int qubits, int bits, Schedule schedule);

/// How long each qubit of each gate waits after it: for its next gate, or for the end of the last gate of
/// all; of a barrier nothing. Gates run in their order on each qubit, and what reads a bit after what wrote
/// it and before what writes it anew, all at the earliest or all at the latest time that this allows; times
/// that rounding leaves of nothing are 0.
std::vector<std::vector<double>> waiting_times(std::span<const TimedGate> gates, int qubits, int bits,
                                               Schedule schedule);

}  // namespace qupel
