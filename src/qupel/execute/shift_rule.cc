#include "qupel/execute/shift_rule.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <numbers>

#include "qupel/base/error.h"

namespace qupel {
namespace {

/// Calls visit(operation, angle) for every angle with a slot.
template <typename Visit>
void for_each_slot(const Circuit& circuit, Visit&& visit) {
  for (const auto& operation : circuit.operations())
    for (const auto& angle : operation.angles)
      if (angle.slot.kind != Slot::Kind::none) visit(operation, angle);
}

}  // namespace

std::vector<ShiftTerm> shift_terms(std::span<const double> spectrum) {
  const auto count = static_cast<double>(spectrum.size());
  for (std::size_t k = 0; k < spectrum.size(); ++k)
    if (std::abs(spectrum[k] - spectrum[0] * static_cast<double>(k + 1)) > 1e-12)
      throw InputError(
          fmt::format("frequencies {} are not 1, 2, 3, ... times the first: there is no shift rule",
                      fmt::join(spectrum, ", ")));
  std::vector<ShiftTerm> terms;
  for (std::size_t m = 0; m < 2 * spectrum.size(); ++m) {
    const double shift = (2 * static_cast<double>(m) + 1) * std::numbers::pi / (2 * count);
    const double sine = std::sin(shift / 2);
    const double sign = m % 2 == 0 ? 1 : -1;
    terms.push_back({shift / spectrum[0], sign * spectrum[0] / (4 * count * sine * sine)});
  }
  return terms;
}

Circuit unrolled(const Circuit& circuit) {
  Circuit result = circuit.without_operations();
  for (auto operation : circuit.operations()) {
    int next = result.features();
    for (auto& angle : operation.angles)
      if (angle.slot.kind != Slot::Kind::none) angle = Angle::feature(next++);
    result.add(std::move(operation));
  }
  return result;
}

std::vector<double> slot_angles(const Circuit& circuit, std::span<const double> features,
                                std::span<const double> parameters) {
  std::vector<double> angles;
  for_each_slot(circuit, [&](const Operation&, const Angle& angle) {
    angles.push_back(angle.value(features, parameters));
  });
  return angles;
}

std::vector<SlotShift> slot_shifts(const Circuit& circuit, bool features) {
  std::vector<SlotShift> shifts;
  std::size_t next = 0;
  for_each_slot(circuit, [&](const Operation& operation, const Angle& angle) {
    const auto at = next++;
    if (angle.slot.kind == Slot::Kind::feature && !features) return;
    for (const auto& [shift, weight] : shift_terms(operation.spec->spectrum))
      shifts.push_back({angle.slot, at, shift, weight * angle.scale});
  });
  return shifts;
}

long long shifted_circuits(const Circuit& circuit, bool features) {
  long long count = 0;
  for_each_slot(circuit, [&](const Operation& operation, const Angle& angle) {
    if (angle.slot.kind == Slot::Kind::feature && !features) return;
    count += 2 * static_cast<long long>(operation.spec->spectrum.size());
  });
  return count;
}

}  // namespace qupel
