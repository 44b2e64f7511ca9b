#include "qupel/circuit/condition_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace qupel {
namespace {

using Relation = Condition::Relation;

const BitRegister& register_of(std::span<const BitRegister> registers, int bit) {
  return *std::prev(std::ranges::upper_bound(registers, bit, {}, &BitRegister::first));
}

// The register whose bits these are, all and in order; null if none.
const BitRegister* whole_register(std::span<const BitRegister> registers, const std::vector<int>& bits) {
  const auto& found = register_of(registers, bits.front());
  if (bits.size() != static_cast<std::size_t>(found.size)) return nullptr;
  for (std::size_t k = 0; k < bits.size(); ++k)
    if (bits[k] != found.first + static_cast<int>(k)) return nullptr;
  return &found;
}

bool is_equality(const Condition& condition) {
  return condition.relation == Relation::equal || condition.relation == Relation::not_equal;
}

// More than the bits can hold.
bool is_beyond(const Condition& condition) {
  return condition.bits.size() < most_condition_bits && (condition.value >> condition.bits.size()) != 0;
}

// "c[0] && !c[1]": each bit as in the value.
std::string bits_text(std::span<const BitRegister> registers, const Condition& condition) {
  std::vector<std::string> parts;
  for (std::size_t k = 0; k < condition.bits.size(); ++k) {
    const bool one = ((condition.value >> k) & 1) != 0;
    parts.push_back((one ? "" : "!") + bit_name(registers, condition.bits[k]));
  }
  const auto all = fmt::format("{}", fmt::join(parts, " && "));
  if (condition.relation == Relation::equal) return all;
  if (parts.size() > 1) return fmt::format("!({})", all);
  return bits_text(registers, {condition.bits, Relation::equal, condition.value ^ 1});
}

}  // namespace

std::string bit_name(std::span<const BitRegister> registers, int bit) {
  const auto& found = register_of(registers, bit);
  return fmt::format("{}[{}]", found.name, bit - found.first);
}

bool has_qasm(std::span<const BitRegister> registers, const Condition& condition) {
  return whole_register(registers, condition.bits) != nullptr ||
         (is_equality(condition) && !is_beyond(condition));
}

std::string condition_text(std::span<const BitRegister> registers, const Condition& condition) {
  const auto* const whole = whole_register(registers, condition.bits);
  if (is_equality(condition) && !is_beyond(condition) && (whole == nullptr || whole->size == 1))
    return bits_text(registers, condition);
  if (whole != nullptr)
    return fmt::format("{} {} {}", whole->name, to_string(condition.relation), condition.value);
  std::vector<std::string> names;
  for (const int bit : condition.bits) names.push_back(bit_name(registers, bit));
  return fmt::format("({}) {} {}", fmt::join(names, ", "), to_string(condition.relation), condition.value);
}

}  // namespace qupel
