#pragma once
#include <string_view>

#include "qupel/device/device.h"

namespace qupel {

/// Whether a name asks for a device that is made to order: a word and something in brackets.
bool is_generic(std::string_view name);

/// A device with the same numbers everywhere: "SHAPE(SIZE, option=value, ...)". Shapes: line(N), ring(N),
/// grid(ROWSxCOLUMNS), heavy-hex(N) with the N of IBM's (127: Eagle, 133: Heron r1, 156: Heron r2 and r3) or
/// heavy-hex(ROWSxCOLUMNS), all-to-all(N). Options: one-qubit, two-qubit, readout (errors, perfect if not
/// given), t1, t2, one-qubit-time, two-qubit-time, readout-time, reset-time, repetition-delay (microseconds),
/// gate (cz, cx, ecr, rzz, iswap: in both directions where it matters). Native beside the gate: rz in
/// software, sx, x. @throws InputError naming the nearest shape or option, and the value that is out of range
Device generic_device(std::string_view name);

}  // namespace qupel
