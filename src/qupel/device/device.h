#pragma once
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "qupel/circuit/op_spec.h"

// Quantum computers as data: what is coupled to what, which operations there are, how good they were on one
// date, and what they cost. All times are in microseconds. A number that a calibration does not give is NaN
// until validated() mends it.
namespace qupel {

/// What a calibration does not give.
inline constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

/// A qubit as it was calibrated.
struct DeviceQubit {
  double t1 = std::numeric_limits<double>::infinity();  ///< relaxation; infinite: none
  double t2 = std::numeric_limits<double>::infinity();  ///< of coherence, at most 2 t1
  double one_for_zero = 0;                              ///< probability to read 1 of |0>
  double zero_for_one = 0;                              ///< probability to read 0 of |1>
  double readout_time = 0;
  double frequency = 0;  ///< in GHz; 0: not known
  bool live = true;      ///< a dead one is never used
};

/// An operation of the device, everywhere it exists.
struct NativeOperation {
  const OpSpec* spec = nullptr;
  /// A change of frame in software (rz on superconducting devices): no time, no error.
  bool is_virtual = false;
};

/// A native operation at one place: on one qubit, or on a coupled pair in the direction in which it runs. An
/// operation that is symmetric in its qubits stands once a pair and runs in both orders.
struct DeviceGate {
  const OpSpec* spec = nullptr;
  std::vector<int> qubits = {};
  double duration = 0;
  double error = 0;  ///< average gate infidelity, relaxation while it lasts included
};

/// What a vendor takes. A job pays the sum of all parts that are not 0, or the minimum.
struct Price {
  std::string vendor = {}, plan = {}, date = {};  ///< date: ISO, when the price was looked up
  std::string currency = "USD";
  double per_second = 0;  ///< of the device's clock
  double per_task = 0;    ///< of every circuit submitted
  double per_shot = 0;
  double per_one_qubit_gate_shot = 0, per_two_qubit_gate_shot = 0;
  double per_measurement_shot = 0;  ///< of every qubit measured in every shot
  double minimum = 0;               ///< of every circuit submitted
  double minimum_mitigated = 0;     ///< the same where error mitigation is asked for; 0: as without
};

/// More are refused, so that a wrong number in a file costs no memory.
constexpr int most_device_qubits = 10000;

/// A device on one date. A value: importers, builders and files make it, validated() checks it.
struct Device {
  std::string name = {}, vendor = {}, date = {};  ///< date: ISO, of the calibration
  std::string source = {};                        ///< where the numbers are from, with their licence
  std::vector<DeviceQubit> qubits = {};
  std::vector<NativeOperation> native = {};
  std::vector<DeviceGate> gates =
      {};  ///< one-qubit operations on every live qubit, two-qubit ones on every edge
  double reset_time = 0;
  double repetition_delay = 0;  ///< between two shots, beside circuit, readout and reset
  double job_overhead = 0;      ///< of every job, which is `circuits_per_job` circuits at most
  int circuits_per_job = 1;
  std::vector<Price> prices = {};                    ///< the first one is used unless another is asked for
  std::vector<std::pair<int, int>> dead_edges = {};  ///< couplings of which no gate works, as edges()
  std::vector<std::string> repairs = {};             ///< what was mended when it was read, a sentence each

  int size() const { return static_cast<int>(qubits.size()); }
  /// The operation at this place, whichever way round it stands there if it is symmetric; null: none.
  const DeviceGate* gate(const OpSpec& spec, std::span<const int> where) const;
  /// The native operation of that name; null: none.
  const NativeOperation* native_operation(std::string_view name) const;
  /// Pairs with a two-qubit operation, the lower qubit first, ascending, each once.
  std::vector<std::pair<int, int>> edges() const;
};

/// Whether an operation on two qubits does the same with its qubits exchanged (cz, rzz, iswap; not cx, ecr).
bool symmetric(const OpSpec& spec);

/// Medians over live qubits and edges, in the words of published tables. NaN where there is nothing to take a
/// median of. Errors and times of gates are those of the first native operation on one qubit, and on two,
/// that is no change of frame; where it runs in both directions, the better one.
struct DeviceMedians {
  double t1 = 0, t2 = 0;  ///< microseconds
  double one_qubit_error = 0, two_qubit_error = 0;
  double readout_error = 0;                                         ///< mean of both errors
  double one_qubit_time = 0, two_qubit_time = 0, readout_time = 0;  ///< microseconds
};
DeviceMedians medians(const Device& device);

/// The device with what calibrations get wrong mended by rules, each use of which is added to `repairs`:
/// - a gate with an error of 1 or more is dead and left out, a pair without a gate is a dead edge;
/// - a qubit whose remaining one-qubit gates cannot make any one-qubit gate is dead, with its gates;
/// - a T1, readout error, error or duration that is not known is the median of the others of its kind; where
///   none is known there is no relaxation, no error, no time;
/// - a missing T2 is 2 T1, a T2 above 2 T1 is cut to 2 T1.
/// @throws InputError naming the field and the value for what cannot be mended: no qubits, two qubits or more
/// without a coupling, probabilities outside [0, 1], negative times, a qubit out of range, an operation twice
/// at a place, an operation that is not native, no qubit on which any one-qubit gate can be made
Device validated(Device device);

/// By name: one that is built in, or a generic one as "line(5)", "ring(8)", "grid(3x4)", "heavy-hex(127)",
/// "all-to-all(11)", with options as "grid(3x3, two-qubit=0.01, one-qubit=0.001, readout=0.02, t1=100,
/// t2=80)" (device/generic.h); or the path of a device file. Validated, with the prices of the price book
/// (device/price.h) if the file states none. @throws InputError naming the nearest
Device device(std::string_view name);
/// Names of the devices that are built in, sorted.
std::vector<std::string> device_names();

/// Days from the calibration to that day (ISO dates); negative for one of the future.
/// @throws InputError for what is no date
long age_in_days(const Device& device, std::string_view today);
/// A calibration that is older than this no longer says what the device does.
constexpr long oldest_calibration_in_days = 90;

/// The file format (docs/devices.md). What is read is what was written, to the bit; it is not validated.
std::string to_json(const Device& device);
Device device_from_json(std::string_view json, std::string_view place);  ///< @throws InputError

}  // namespace qupel
