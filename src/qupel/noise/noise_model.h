#pragma once
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "qupel/circuit/circuit.h"
#include "qupel/noise/channel.h"

namespace qupel {

/// A gate as noise meets it: one event, however many operations carry it out. Or another operation, such as a
/// measurement or a delay.
struct GateEvent {
  std::string_view name;                 ///< as the program calls it
  std::span<const int> qubits;           ///< controls first
  const Operation* operation = nullptr;  ///< that carries it out alone; null: several do

  bool gate() const { return operation == nullptr || operation->spec->gate(); }
  bool is(std::string_view gate) const;  ///< by its name, or one of its only operation
};

/// How long an operation takes that is no matter of devices: a delay as long as it says, in microseconds; a
/// barrier and what acts on bits alone no time. Nothing for gates, measurements, resets, and delays in steps
/// of a device's clock.
std::optional<double> stated_duration(const GateEvent& event);

/// The gate that ends with this operation; nothing if it goes on with the next one.
std::optional<GateEvent> gate_ended_by(const Operation& operation);

/// A channel at its place in a circuit.
struct NoiseStep {
  Channel channel;
  std::vector<int> qubits;
  std::vector<Matrix<Complex>> kraus() const;
};

/// What a measurement of a qubit gets wrong: the confusion matrix ((1 - p1, p0), (p1, 1 - p0)).
struct ReadoutError {
  double one_for_zero = 0;  ///< p1: the probability to read 1 of a qubit in |0>
  double zero_for_one = 0;  ///< p0: the probability to read 0 of a qubit in |1>
  bool none() const { return one_for_zero == 0 && zero_for_one == 0; }
  /// Of reading a value of a qubit in |0> or |1>.
  double probability(bool read, bool in_one) const {
    const double wrong = in_one ? zero_for_one : one_for_zero;
    return read == in_one ? 1 - wrong : wrong;
  }
};

/// When gates start that could start at several times. Either way a gate starts when all its qubits are free.
enum class Schedule { as_late_as_possible, as_early_as_possible };

/// Where noise comes from: rules (noise_rules.h), or a device.
class NoiseSource {
 public:
  virtual ~NoiseSource() = default;

  /// Whether there is any channel; if not, only readout may go wrong.
  virtual bool disturbs_gates() const = 0;
  /// Channels that follow a gate, in order. @throws InputError if they need its duration and none is stated
  virtual std::vector<NoiseStep> after(const GateEvent& gate) const = 0;

  /// Whether qubits that wait are disturbed: then gates are scheduled by their durations.
  virtual bool disturbs_waiting() const = 0;
  /// Channels on a qubit that waits for so long, in order.
  virtual std::vector<NoiseStep> while_idle(int qubit, double time) const = 0;
  virtual Schedule schedule() const { return Schedule::as_late_as_possible; }
  /// How long a gate takes, in the unit of all times of the source: microseconds if the circuit has delays.
  /// @throws InputError if that is not stated
  virtual double duration(const GateEvent& gate) const = 0;

  virtual ReadoutError readout(int qubit) const = 0;

  virtual std::string text() const = 0;
  /// Its parts that meet nothing in a circuit of these gates, as text.
  virtual std::vector<std::string> unmet(std::span<const GateEvent> gates, int qubits) const = 0;
};

/// What goes wrong when a circuit runs; a value that holds its source.
class NoiseModel {
 public:
  NoiseModel() = default;  ///< nothing
  explicit NoiseModel(std::shared_ptr<const NoiseSource> source) : source_(std::move(source)) {}

  bool empty() const { return source_ == nullptr; }
  /// Null if it is empty.
  const NoiseSource* source() const { return source_.get(); }
  bool disturbs_gates() const { return source_ != nullptr && source_->disturbs_gates(); }
  ReadoutError readout(int qubit) const { return empty() ? ReadoutError{} : source_->readout(qubit); }

 private:
  std::shared_ptr<const NoiseSource> source_;
};

/// Reads rules apart by ";": a channel after gates, as "depolarizing(0.01) after two-qubit on 0,1
/// 2>1" or "after all"; on qubits that wait, as "thermal(50, 70) while idle"; how long gates take,
/// as "duration(0.3) of cx"; when they start, as "as-early-as-possible"; measurements, as
/// "readout(0.02, 0.05) on 2" (docs/sim.md).
/// @throws InputError quoting the rule that is not understood
NoiseModel parse_noise(std::string_view text);
std::string to_string(const NoiseModel& noise);

/// The definition: the density matrix of the final state, 2^qubits square, by dense matrices. Slow and
/// obviously correct. Readout is left to whoever reads it. @throws InputError above 10 qubits, if slots are
/// open, or as CircuitNoise
Matrix<Complex> dense_density(const Circuit& circuit, const NoiseModel& noise);

}  // namespace qupel
