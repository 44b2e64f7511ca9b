#pragma once
#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "qupel/compile/synthesis.h"
#include "qupel/device/device.h"

namespace qupel {

/// A qubit's number as an index.
inline std::size_t index(int k) { return static_cast<std::size_t>(k); }

/// A two-qubit operation of a device as the compiler uses it: exp(i angle XX) or the gate of its family
/// between gates on single qubits.
struct Entangler {
  const OpSpec* spec = nullptr;
  EntanglerFamily family = EntanglerFamily::quarter;
  std::vector<double> angles = {};    ///< of the operation, unless it is a rotation
  LocalPair before = {}, after = {};  ///< operation = local(after) family's gate local(before), up to a phase
  /// What a rotation about Z before it on its first or second qubit is after it, on that qubit (+1 or -1: by
  /// the same or the opposite angle) or on the other one (exchanges); 0: no rotation about Z.
  std::array<int, 2> passes = {0, 0};
  bool exchanges = false;
  /// A rotation by 0 to pi/2 alone, so not by an angle that is open until the circuit runs: rzz beside cz, as
  /// on IBM's Heron (fractional gates).
  bool quarter_turn_at_most = false;
  bool takes_frames = false;  ///< ms: its angles take the rotation up, which then stands after it
};

/// An entangler on a coupled pair, in one of its directions.
struct EdgeGate {
  const Entangler* entangler = nullptr;
  int first = 0, second = 0;  ///< its qubits as it runs
  double cost = 0;            ///< -log(1 - error)
  bool both_ways = false;     ///< it runs as well with its qubits exchanged, and does something else then
};

/// How any gate on one qubit is made.
struct OneQubitBasis {
  enum class Kind {
    quarter_turns,  ///< of rotations about Z and quarter turns about X: sx, or rx(pi/2)
    phased,         ///< prx
    ion,            ///< gpi and gpi2
    euler           ///< u
  };
  Kind kind = Kind::quarter_turns;
  const OpSpec* quarter = nullptr;  ///< sx or rx
  const OpSpec* half = nullptr;     ///< x or rx; null: two quarter turns
  const OpSpec* frame = nullptr;    ///< rz or p; null: of what `kind` names
};

/// A device as the compiler sees it.
class CompileTarget {
 public:
  /// @throws InputError naming what the device lacks: a way to any gate on one qubit that is known here, or
  /// two-qubit operations
  explicit CompileTarget(const Device& device);
  CompileTarget(const CompileTarget&) = delete;
  CompileTarget& operator=(const CompileTarget&) = delete;

  const Device& device() const { return *device_; }
  int size() const { return static_cast<int>(neighbours_.size()); }
  const OneQubitBasis& one_qubit() const { return basis_; }
  const std::vector<int>& neighbours(int qubit) const { return neighbours_[index(qubit)]; }
  bool live(int qubit) const { return live_[index(qubit)]; }
  /// The ways to entangle a coupled pair; none if it is not coupled.
  const std::vector<EdgeGate>& edge(int a, int b) const;
  bool coupled(int a, int b) const { return distance(a, b) == 1; }
  /// The cheapest way to make a gate with these numbers there, and its cost.
  const EdgeGate& cheapest(int a, int b, const Weyl& gate) const;
  /// -log of the fidelity of a gate like cx on a coupled pair.
  double edge_cost(int a, int b) const { return edge_costs_(index(a), index(b)); }
  /// Its median over all coupled pairs.
  double usual_edge_cost() const { return usual_edge_cost_; }
  /// The cost of the cheapest operation on a coupled pair.
  double cheapest_cost(int a, int b) const { return std::ranges::min(edge(a, b), {}, &EdgeGate::cost).cost; }
  /// -log of the fidelity of reading the qubit.
  double readout_cost(int qubit) const { return readout_cost_[index(qubit)]; }
  /// Of one qubit that waits for an entangler of two others: -log of the average fidelity.
  double waiting_cost() const { return waiting_cost_; }
  /// Edges from one qubit to the other; size() where there is no way.
  int distance(int a, int b) const { return distances_(index(a), index(b)); }
  /// Live qubits that hang together, the largest set, ascending.
  const std::vector<int>& component() const { return component_; }

 private:
  void add_entanglers();
  void add_edges();
  void add_edge_costs();
  void add_waiting_cost();
  void measure_distances();

  const Device* device_;
  OneQubitBasis basis_;
  std::vector<Entangler> entanglers_;
  std::map<std::pair<int, int>, std::vector<EdgeGate>> edges_;
  std::vector<std::vector<int>> neighbours_;
  std::vector<bool> live_;
  std::vector<double> readout_cost_;
  double usual_edge_cost_ = 0, waiting_cost_ = 0;
  Matrix<int> distances_;
  Matrix<double> edge_costs_;
  std::vector<int> component_;
};

}  // namespace qupel
