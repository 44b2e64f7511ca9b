#pragma once
#include <cstdint>
#include <string_view>

#include "qupel/circuit/circuit.h"
#include "qupel/circuit/qasm/source.h"

namespace qupel::qasm {

/// A classical type; `width` is in bits, 0 = none given.
struct Type {
  enum class Kind { boolean, bits, integer, unsigned_integer, real, angle };
  Kind kind = Kind::real;
  int width = 0;
  friend bool operator==(const Type&, const Type&) = default;
};

/// A register's value is a number up to so many bits.
inline constexpr int most_value_bits = 62;

inline bool holds_angles(Type::Kind kind) { return kind == Type::Kind::real || kind == Type::Kind::angle; }
inline bool is_whole_number(Type::Kind kind) {
  return kind == Type::Kind::integer || kind == Type::Kind::unsigned_integer;
}
/// Of a type of whole numbers: 32 if none is given.
inline int whole_width(const Type& type) { return type.width > 0 ? type.width : 32; }
/// Whether the highest of so many bits of a number of this type is its sign; those that are not there are 0.
inline bool holds_sign(const Type& type, std::size_t bits) {
  return type.kind == Type::Kind::integer && bits == static_cast<std::size_t>(whole_width(type));
}

/// What a classical expression is worth while the circuit is read. Reals may be linear in one input slot,
/// real + scale * slot; booleans, bits and integers are in `integer`.
struct Value {
  Type::Kind kind = Type::Kind::integer;
  std::int64_t integer = 0;
  double real = 0;
  int width = 0;  ///< in bits: of bits, and of an integer or angle whose type says so; 0: none given
  double scale = 0;
  Slot slot{};

  static Value of(bool truth) { return {Type::Kind::boolean, truth ? 1 : 0}; }
  static Value of(std::int64_t integer) { return {Type::Kind::integer, integer}; }
  static Value of(double real) { return {Type::Kind::real, 0, real}; }
  static Value of(const Angle& angle) {
    return {Type::Kind::real, 0, angle.offset, 0, angle.scale, angle.slot};
  }

  bool whole() const { return kind != Type::Kind::real && kind != Type::Kind::angle; }
  bool is_one_bit() const { return kind == Type::Kind::boolean || (kind == Type::Kind::bits && width == 1); }
  bool linear() const { return slot.kind != Slot::Kind::none; }
  double number() const { return whole() ? static_cast<double>(integer) : real; }
};

/// Which meaning `^` and the quotient of two integers have.
enum class Version { two, three };

/// @throws InputError at `at` for operands the operator does not take, overflow, or division by zero
Value unary(std::string_view operator_, const Value& operand, Location at);
Value binary(std::string_view operator_, const Value& left, const Value& right, Version version, Location at);
/// Calls a built-in function. @throws InputError likewise, also for an unknown name
Value call(std::string_view function, std::span<const Value> arguments, Location at);
/// Cast to a declared type. @throws InputError if the value does not fit
Value cast(const Value& value, Type type, Location at);

Angle to_angle(const Value& value);
/// The value as an integer or a truth. @throws InputError if it is none
std::int64_t to_integer(const Value& value, std::string_view what, Location at);
bool to_truth(const Value& value, Location at);

}  // namespace qupel::qasm
