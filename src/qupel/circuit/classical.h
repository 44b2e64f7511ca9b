#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// The classical part of a circuit: bits that measurements write, and what may depend on them.
namespace qupel {

/// A named run of a circuit's classical bits. Without a name: bits that no program declared, which its reader
/// needs to keep a condition.
struct BitRegister {
  std::string name;
  int first = 0, size = 1;
  friend bool operator==(const BitRegister&, const BitRegister&) = default;
};

/// Some bits, read as a number, compared with a value.
struct Condition {
  enum class Relation { equal, not_equal, less, less_equal, greater, greater_equal };
  std::vector<int> bits;  ///< the lowest first; 1 to 64
  Relation relation = Relation::equal;
  std::uint64_t value = 1;

  /// @param values of all bits of the circuit
  bool holds(const std::vector<bool>& values) const;
  friend bool operator==(const Condition&, const Condition&) = default;
};

inline constexpr std::size_t most_condition_bits = 64;

/// What holds exactly where `condition` does not.
Condition negation(Condition condition);
/// As OpenQASM writes it: "==", "<=", ...
std::string_view to_string(Condition::Relation relation);

/// How long a delay lasts.
struct Duration {
  enum class Unit { ns, us, ms, s, dt };  ///< dt: a step of the device's own clock
  double length = 0;
  Unit unit = Unit::ns;
  friend bool operator==(const Duration&, const Duration&) = default;
};
/// As OpenQASM writes it: "100ns".
std::string to_string(const Duration& duration);

}  // namespace qupel
