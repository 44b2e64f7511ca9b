#include "qupel/engine/rotations/angle.h"

#include <algorithm>
#include <cmath>

namespace qupel::rotations {

LinearAngle::LinearAngle(const Angle& angle) : constant(angle.offset) {
  if (angle.slot.kind != Slot::Kind::none) terms.emplace_back(angle.slot, angle.scale);
}

LinearAngle& LinearAngle::add(const LinearAngle& other, double factor) {
  constant += factor * other.constant;
  for (const auto& [slot, coefficient] : other.terms) {
    const auto at = std::ranges::find(terms, slot, &std::pair<Slot, double>::first);
    if (at == terms.end()) {
      terms.emplace_back(slot, factor * coefficient);
    } else {
      at->second += factor * coefficient;
    }
  }
  std::erase_if(terms, [](const auto& term) { return term.second == 0; });
  return *this;
}

LinearAngle LinearAngle::times(double factor) const { return LinearAngle().add(*this, factor); }

bool LinearAngle::zero() const { return terms.empty() && std::abs(constant) < 5e-16; }

bool LinearAngle::varies() const {
  return std::ranges::any_of(terms, [](const auto& term) { return term.first.kind == Slot::Kind::feature; });
}

double LinearAngle::uniform_part(std::span<const double> parameters) const {
  double sum = constant;
  for (const auto& [slot, coefficient] : terms) {
    if (slot.kind == Slot::Kind::parameter)
      sum += coefficient * parameters[static_cast<std::size_t>(slot.index)];
  }
  return sum;
}

double LinearAngle::value(std::span<const double> features, std::span<const double> parameters) const {
  double sum = uniform_part(parameters);
  for (const auto& [slot, coefficient] : terms) {
    if (slot.kind == Slot::Kind::feature) sum += coefficient * features[static_cast<std::size_t>(slot.index)];
  }
  return sum;
}

}  // namespace qupel::rotations
