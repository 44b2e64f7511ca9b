#pragma once
#include <string>
#include <vector>

#include "qupel/noise/noise_model.h"

namespace qupel {

/// Some qubits together: one, or those of a gate.
struct Place {
  std::vector<int> qubits;
  bool ordered = false;  ///< only in this order
  /// Whether a gate acts on exactly these.
  bool holds(std::span<const int> gate) const;
};

/// One statement about noise.
struct NoiseRule {
  enum class Kind {
    after,     ///< a channel after gates
    idle,      ///< a channel on qubits that wait
    readout,   ///< values: ReadoutError
    duration,  ///< value: that of gates
    early,     ///< gates start as early as possible
    late       ///< gates start as late as possible, as they do if nothing is said
  };
  Kind kind = Kind::after;
  Channel channel = {};                 ///< or the values, with the record of the words
  int arity = 0;                        ///< gates on so many qubits (1 or 2), or, if it is 0,
  std::vector<std::string> gates = {};  ///< those with one of these names; none: all
  std::vector<Place> places = {};       ///< none: everywhere

  bool chooses(const GateEvent& gate) const;  ///< by arity and name; what is no gate, by its name only
  /// Which of the qubits lie at its places: all if it has none, or one of them is the gate as a whole.
  std::vector<int> chosen(std::span<const int> qubits) const;
  bool chooses_whole(const GateEvent& gate) const;
};

/// A channel acts on the qubits of the gate that lie at the rule's places, one by one; a channel on all
/// qubits together acts on gates of one or two qubits as a whole, if all of them lie there, and on larger
/// ones qubit by qubit. Channels apply in the order of the rules; of durations and readout errors the last
/// one holds.
class NoiseRules : public NoiseSource {
 public:
  explicit NoiseRules(std::vector<NoiseRule> rules) : rules_(std::move(rules)) {}

  bool disturbs_gates() const override;
  std::vector<NoiseStep> after(const GateEvent& gate) const override;
  bool disturbs_waiting() const override;
  std::vector<NoiseStep> while_idle(int qubit, double time) const override;
  Schedule schedule() const override;
  double duration(const GateEvent& gate) const override;
  ReadoutError readout(int qubit) const override;
  std::string text() const override;
  std::vector<std::string> unmet(std::span<const GateEvent> gates, int qubits) const override;

 private:
  bool any(NoiseRule::Kind kind) const;
  bool met(const NoiseRule& rule, std::span<const GateEvent> gates, int qubits) const;

  std::vector<NoiseRule> rules_;
};

std::string to_string(const NoiseRule& rule);

}  // namespace qupel
