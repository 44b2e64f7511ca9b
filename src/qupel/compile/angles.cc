#include "qupel/compile/angles.h"

namespace qupel {

using std::numbers::pi;

std::optional<Angle> sum(const Angle& a, const Angle& b) {
  if (is_number(b)) return Angle(a.scale, a.slot, a.offset + b.offset);
  if (is_number(a)) return Angle(b.scale, b.slot, a.offset + b.offset);
  if (a.slot != b.slot) return std::nullopt;
  const double scale = a.scale + b.scale;
  if (scale == 0) return Angle(a.offset + b.offset);
  return Angle(scale, a.slot, a.offset + b.offset);
}

Angle negative(const Angle& angle) {
  return is_number(angle) ? Angle(-angle.offset) : Angle(-angle.scale, angle.slot, -angle.offset);
}

Angle wrapped(Angle angle) {
  angle.offset = std::remainder(angle.offset, 2 * pi);
  if (angle.offset <= -pi) angle.offset += 2 * pi;
  return angle;
}

bool is_no_turn(const Angle& angle) {
  return is_number(angle) && std::abs(std::remainder(angle.offset, 2 * pi)) < 1e-11;
}

}  // namespace qupel
