#pragma once
#include <optional>
#include <string_view>

#include "qupel/device/device.h"

// Calibrations as vendors publish them. What is read is what stands there: validated() mends it afterwards.
namespace qupel {

/// A text and what it is called in messages, for example a file's name.
struct NamedText {
  std::string_view text, place;
};

/// IBM's configuration (conf_*.json) and properties (props_*.json) of a backend, as Qiskit publishes them.
/// Native are the basis gates, and rzz where it was calibrated; id, u1, u2 are left out (u1 is p, u3 is u).
/// @throws InputError naming the file, the field and the value
Device import_ibm(const NamedText& configuration, const NamedText& properties);

/// A calibration of Google's as a proto in JSON, alone or as cirq_google writes it. Its Pauli errors become
/// average gate infidelities (2/3 of them on one qubit, 4/5 on two); T2 is made from T1 and the incoherent
/// error of randomised benchmarking; a cycle's error is taken as that of its two-qubit gate, as Cirq does.
/// Native are prx, rz in software, and cz or sqrt_iswap. @throws InputError as above
Device import_cirq(const NamedText& calibration);

/// Device properties in Amazon Braket's schemas. Values of places are taken from `standardized`, means from
/// it or from `provider` (IonQ). @throws InputError as above
Device import_braket(const NamedText& properties);

/// The format is recognised by what stands in it. @param second IBM's properties; else none
/// @throws InputError for a format that is not known
Device import_device(const NamedText& first, const std::optional<NamedText>& second);

}  // namespace qupel
