#pragma once
#include <memory>
#include <span>
#include <vector>

#include "qupel/device/device.h"
#include "qupel/noise/noise_model.h"

// Noise as a device's calibration tells it.
namespace qupel {

/// What of a device's noise a model has, and what is added that no calibration states.
struct DeviceNoiseOptions {
  bool gates = true;    ///< errors of gates, and relaxation while they last
  bool idle = true;     ///< relaxation of qubits that wait
  bool readout = true;  ///< wrong results of measurements
  /// Coherent errors, beyond the calibration: an angle in radians by which every gate on one qubit that takes
  /// time turns too far about X, and by which ZZ couples the qubits of every two-qubit gate too far.
  double over_rotation = 0, crosstalk = 0;
  double detuning = 0;  ///< how fast qubits that wait turn about Z, in radians per microsecond
  double idle_zz = 0;   ///< how fast coupled qubits that both wait turn about ZZ, in radians per microsecond
  friend bool operator==(const DeviceNoiseOptions&, const DeviceNoiseOptions&) = default;
};

/// The noise of a circuit in the device's own operations. After each gate with an error e that lasts t on n
/// qubits (d = 2^n): depolarizing that replaces the state with probability
///   lambda = d (e - r) / (d (1 - r) - 1), where r is the average infidelity of relaxation during t,
/// at most 4^n / (4^n - 1) and none if relaxation explains all of e; then relaxation of every qubit with its
/// own T1 and T2. The formulas are those of Qiskit Aer's device model (basic_device_gate_errors).
/// The inverse of an operation counts as the operation. Measurements are wrong as the calibration says, |0>
/// and |1> apart.
/// @param physical the device's qubit for each qubit of the circuit
/// @throws InputError later, for a gate that the device does not have at its place: naming both
NoiseModel device_noise(std::shared_ptr<const Device> device, std::vector<int> physical,
                        const DeviceNoiseOptions& options = {});

/// Average gate infidelity of relaxation during a time (microseconds) on qubits with these T1 and T2, each on
/// its own: 1 - (d F + 1) / (d + 1) with the process fidelity F, the product of
/// (1 + exp(-t/T1) + 2 exp(-t/T2)) / 4.
double relaxation_infidelity(double time, std::span<const DeviceQubit> qubits);

/// The lambda above. @param infidelity of relaxation
double depolarizing_share(double error, double infidelity, int qubits);

}  // namespace qupel
