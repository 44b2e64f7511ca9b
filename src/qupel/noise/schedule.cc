#include "qupel/noise/schedule.h"

#include <algorithm>
#include <ranges>

namespace qupel {
namespace {

// Ends of what used the qubits and bits so far.
class Ends {
 public:
  Ends(int qubits, int bits) : qubits_(size(qubits)), written_(size(bits)), read_(size(bits)) {}

  double earliest_start(const TimedGate& gate) const {
    double start = 0;
    for (const int q : gate.qubits) start = std::max(start, qubits_[size(q)]);
    for (const int b : gate.reads) start = std::max(start, written_[size(b)]);
    for (const int b : gate.writes) start = std::max({start, written_[size(b)], read_[size(b)]});
    return start;
  }
  void take(const TimedGate& gate, double end) {
    for (const int q : gate.qubits) qubits_[size(q)] = end;
    for (const int b : gate.reads) read_[size(b)] = std::max(read_[size(b)], end);
    for (const int b : gate.writes) written_[size(b)] = end;
  }

 private:
  static std::size_t size(int k) { return static_cast<std::size_t>(k); }
  std::vector<double> qubits_, written_, read_;
};

// The end of each gate if all start as early as possible, in this order.
std::vector<double> earliest_ends(const auto& gates, int qubits, int bits) {
  Ends ends(qubits, bits);
  std::vector<double> result;
  for (const TimedGate& gate : gates) {
    result.push_back(ends.earliest_start(gate) + gate.duration);
    ends.take(gate, result.back());
  }
  return result;
}

struct Times {
  std::vector<double> starts, ends;  // by gate
  double end = 0;                    // of all
};

Times times_of(std::span<const TimedGate> gates, int qubits, int bits, Schedule schedule) {
  Times times;
  if (schedule == Schedule::as_early_as_possible) {
    times.ends = earliest_ends(gates, qubits, bits);
  } else {  // the same backward from the end
    times.ends = earliest_ends(std::vector<TimedGate>(gates.rbegin(), gates.rend()), qubits, bits);
    std::ranges::reverse(times.ends);
  }
  for (const double end : times.ends) times.end = std::max(times.end, end);
  for (std::size_t g = 0; g < gates.size(); ++g) {
    times.starts.push_back(times.ends[g] - gates[g].duration);
    if (schedule == Schedule::as_early_as_possible) continue;
    times.starts[g] = times.end - times.ends[g];
    times.ends[g] = times.starts[g] + gates[g].duration;
  }
  return times;
}

}  // namespace

std::vector<double> start_times(std::span<const TimedGate> gates, int qubits, int bits, Schedule schedule) {
  return times_of(gates, qubits, bits, schedule).starts;
}

std::vector<std::vector<double>> waiting_times(std::span<const TimedGate> gates, int qubits, int bits,
                                               Schedule schedule) {
  const auto times = times_of(gates, qubits, bits, schedule);
  const double nothing = 1e-12 * times.end;
  std::vector<double> next(static_cast<std::size_t>(qubits), times.end);  // start of the next gate on a qubit
  std::vector<std::vector<double>> waits(gates.size());
  for (std::size_t g = gates.size(); g-- > 0;) {
    if (gates[g].aligns) continue;
    for (const int q : gates[g].qubits) {
      auto& until = next[static_cast<std::size_t>(q)];
      const double wait = until - times.ends[g];
      waits[g].push_back(wait > nothing ? wait : 0);
      until = times.starts[g];
    }
  }
  return waits;
}

}  // namespace qupel
