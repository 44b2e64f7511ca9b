#include "qupel/circuit/classical.h"

#include <fmt/format.h>

namespace qupel {

bool Condition::holds(const std::vector<bool>& values) const {
  std::uint64_t number = 0;
  for (std::size_t k = 0; k < bits.size(); ++k)
    number |= std::uint64_t{values[static_cast<std::size_t>(bits[k])]} << k;
  switch (relation) {
    case Relation::equal:
      return number == value;
    case Relation::not_equal:
      return number != value;
    case Relation::less:
      return number < value;
    case Relation::less_equal:
      return number <= value;
    case Relation::greater:
      return number > value;
    case Relation::greater_equal:
      return number >= value;
  }
  return false;
}

Condition negation(Condition condition) {
  using Relation = Condition::Relation;
  constexpr Relation opposites[] = {Relation::not_equal, Relation::equal,      Relation::greater_equal,
                                    Relation::greater,   Relation::less_equal, Relation::less};
  condition.relation = opposites[static_cast<std::size_t>(condition.relation)];
  return condition;
}

std::string_view to_string(Condition::Relation relation) {
  constexpr std::string_view texts[] = {"==", "!=", "<", "<=", ">", ">="};
  return texts[static_cast<std::size_t>(relation)];
}

std::string to_string(const Duration& duration) {
  constexpr std::string_view units[] = {"ns", "us", "ms", "s", "dt"};
  return fmt::format("{}{}", duration.length, units[static_cast<std::size_t>(duration.unit)]);
}

}  // namespace qupel
