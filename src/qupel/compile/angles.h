#pragma once
#include <cmath>
#include <numbers>
#include <optional>

#include "qupel/circuit/circuit.h"

namespace qupel {

inline bool is_number(const Angle& angle) { return angle.slot.kind == Slot::Kind::none; }

/// Their sum, which is no angle of one slot if they have different ones.
std::optional<Angle> sum(const Angle& a, const Angle& b);
Angle negative(const Angle& angle);
/// The same rotation with an offset in (-pi, pi].
Angle wrapped(Angle angle);
/// A rotation by a multiple of 2 pi, up to rounding.
bool is_no_turn(const Angle& angle);

}  // namespace qupel
