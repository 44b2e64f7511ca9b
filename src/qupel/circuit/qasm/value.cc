#include "qupel/circuit/qasm/value.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numbers>

namespace qupel::qasm {
namespace {

using TypeKind = Type::Kind;

void require_constant(const Value& value, std::string_view what, Location at) {
  if (value.linear()) {
    fail(at, fmt::format("{} of an input: an input may only be scaled and shifted by constants", what));
  }
}

double turn(double angle) {  // to [0, 2 pi)
  const double rest = std::fmod(angle, 2 * std::numbers::pi);
  return rest < 0 ? rest + 2 * std::numbers::pi : rest;
}

/// A number in as many bits as its type has: without a sign, or in two's complement.
/// @throws InputError if it has no sign, is negative and has no width that would say what it is then
std::int64_t wrapped(std::int64_t integer, TypeKind kind, int width, Location at) {
  if (width == 0 || width > 63) {
    if (kind == TypeKind::unsigned_integer && integer < 0)
      fail(at, "the integer is negative: give its type a width of up to 63 bits, in which it wraps around");
    return integer;
  }
  const auto above = static_cast<unsigned>(64 - width);
  const auto shifted = static_cast<std::uint64_t>(integer) << above;
  if (kind == TypeKind::integer) return static_cast<std::int64_t>(shifted) >> above;
  return static_cast<std::int64_t>(shifted >> above);
}

/// Angles of a type with a width are multiples of this; 0: of every size.
double angle_step(int width) {
  return width == 0 || width > 52 ? 0 : std::ldexp(2 * std::numbers::pi, -width);
}

/// Which multiple an angle is, for one whose type has a width; a whole turn up to rounding is 0.
std::int64_t angle_bits(const Value& angle) {
  return std::llround(angle.real / angle_step(angle.width)) % (std::int64_t{1} << angle.width);
}

Value finite(double real, TypeKind kind, Location at) {
  if (!std::isfinite(real)) fail(at, "the result is not a finite number");
  auto value = Value::of(kind == TypeKind::angle ? turn(real) : real);
  value.kind = kind;
  return value;
}

Value linear(double real, double scale, Slot slot, Location at) {
  auto value = finite(real, TypeKind::real, at);
  if (!std::isfinite(scale)) fail(at, "the result is not a finite number");
  if (scale == 0) return value;
  value.scale = scale;
  value.slot = slot;
  return value;
}

Value sum(const Value& left, const Value& right, double sign, Location at) {
  if (left.linear() && right.linear() && left.slot != right.slot) {
    fail(at, "an angle of two inputs: an angle may depend on one only");
  }
  return linear(left.number() + sign * right.number(), left.scale + sign * right.scale,
                left.linear() ? left.slot : right.slot, at);
}

Value scaled(const Value& value, double factor, Location at) {
  return linear(value.number() * factor, value.scale * factor, value.slot, at);
}

Value power(const Value& base, const Value& exponent, Location at) {
  require_constant(base, "a power", at);
  require_constant(exponent, "a power", at);
  if (!base.whole() || !exponent.whole() || exponent.integer < 0) {
    return finite(std::pow(base.number(), exponent.number()), TypeKind::real, at);
  }
  std::int64_t result = 1, factor = base.integer;
  for (auto left = exponent.integer; left > 0; left >>= 1) {
    if ((left & 1) != 0 && __builtin_mul_overflow(result, factor, &result))
      fail(at, "the integer is too large");
    if (left > 1 && __builtin_mul_overflow(factor, factor, &factor)) fail(at, "the integer is too large");
  }
  return Value::of(result);
}

std::int64_t quotient(std::int64_t left, std::int64_t right, Location at) {
  if (left % right != 0) {
    fail(at,
         fmt::format("{}/{} of two integers: OpenQASM 3 drops the rest; write {}.0/{} for the fraction or "
                     "floor({}.0/{}) for the integer",
                     left, right, left, right, left, right));
  }
  return left / right;
}

Value whole_arithmetic(char operator_, const Value& left, const Value& right, Version version, Location at) {
  const auto a = left.integer, b = right.integer;
  std::int64_t result = 0;
  bool overflow = false;
  switch (operator_) {
    case '+':
      overflow = __builtin_add_overflow(a, b, &result);
      break;
    case '-':
      overflow = __builtin_sub_overflow(a, b, &result);
      break;
    case '*':
      overflow = __builtin_mul_overflow(a, b, &result);
      break;
    default:
      if (b == 0) fail(at, "division by zero");
      if (operator_ == '/' && version == Version::two) {
        return finite(static_cast<double>(a) / static_cast<double>(b), TypeKind::real, at);
      }
      if (operator_ == '%' && b == -1) return Value::of(std::int64_t{0});
      overflow = a == std::numeric_limits<std::int64_t>::min() && b == -1;
      if (!overflow) result = operator_ == '/' ? quotient(a, b, at) : a % b;
  }
  if (overflow) fail(at, "the integer is too large");
  if (left.kind != TypeKind::unsigned_integer || right.kind != left.kind) return Value::of(result);
  const int width = left.width == 0 || right.width == 0 ? 0 : std::max(left.width, right.width);
  return {left.kind, wrapped(result, left.kind, width, at), 0, width};
}

TypeKind kind_of_result(const Value& left, const Value& right) {
  const bool turns = (left.kind == TypeKind::angle && right.kind != TypeKind::real) ||
                     (right.kind == TypeKind::angle && left.kind != TypeKind::real);
  return turns ? TypeKind::angle : TypeKind::real;
}

/// The width of what is made of both: that of the only angle, or of both if they agree.
int angle_width(const Value& left, const Value& right) {
  if (left.kind != TypeKind::angle) return right.width;
  return right.kind != TypeKind::angle || right.width == left.width ? left.width : 0;
}

/// Quotients with an angle on the left are those of its bits, without a rest: by an angle a number, by a
/// whole number an angle. An angle of no width is a real number.
Value angle_quotient(const Value& left, const Value& right, Location at) {
  const bool by_angle = right.kind == TypeKind::angle;
  if (angle_step(left.width) == 0 || (by_angle && right.width != left.width))
    return finite(left.real / right.number(), by_angle ? TypeKind::real : TypeKind::angle, at);
  const auto by = by_angle ? angle_bits(right) : right.integer;
  if (by == 0) fail(at, "division by zero");
  const auto bits = angle_bits(left) / by;
  if (by_angle) return {TypeKind::unsigned_integer, bits, 0, left.width};
  auto angle = finite(static_cast<double>(bits) * angle_step(left.width), TypeKind::angle, at);
  angle.width = left.width;
  return angle;
}

Value arithmetic(char operator_, const Value& left, const Value& right, Version version, Location at) {
  if (left.whole() && right.whole()) return whole_arithmetic(operator_, left, right, version, at);
  if (operator_ == '*' && left.linear()) require_constant(right, "a product", at);
  if (operator_ == '/' || operator_ == '%') {
    require_constant(right, "a quotient", at);
    if (right.number() == 0) fail(at, "division by zero");
  }
  if (operator_ == '%') require_constant(left, "a remainder", at);
  if (operator_ == '/' && left.kind == TypeKind::angle && right.kind != TypeKind::real)
    return angle_quotient(left, right, at);
  const auto result = [&] {
    switch (operator_) {
      case '+':
        return sum(left, right, 1, at);
      case '-':
        return sum(left, right, -1, at);
      case '*':
        return left.linear() ? scaled(left, right.number(), at) : scaled(right, left.number(), at);
      case '/':
        return linear(left.number() / right.number(), left.scale / right.number(), left.slot, at);
      default:
        return finite(std::fmod(left.number(), right.number()), TypeKind::real, at);
    }
  }();
  if (result.linear()) return result;
  auto number = finite(result.real, kind_of_result(left, right), at);
  if (number.kind == TypeKind::angle) number.width = angle_width(left, right);
  return number;
}

Value comparison(std::string_view operator_, const Value& left, const Value& right, Location at) {
  require_constant(left, "a comparison", at);
  require_constant(right, "a comparison", at);
  if (left.kind == TypeKind::angle && right.kind == TypeKind::real)
    return comparison(operator_, left, cast(right, {left.kind, left.width}, at), at);
  if (right.kind == TypeKind::angle && left.kind == TypeKind::real)
    return comparison(operator_, cast(left, {right.kind, right.width}, at), right, at);
  const bool whole = left.whole() && right.whole();
  const bool equal = whole ? left.integer == right.integer : left.number() == right.number();
  const bool less = whole ? left.integer < right.integer : left.number() < right.number();
  if (operator_ == "==") return Value::of(equal);
  if (operator_ == "!=") return Value::of(!equal);
  if (operator_ == "<") return Value::of(less);
  if (operator_ == "<=") return Value::of(less || equal);
  if (operator_ == ">") return Value::of(!less && !equal);
  return Value::of(!less);
}

/// The type of what `left` and `right` are joined to by | or ^: the wider one's, which for literals is as
/// wide as they need. @throws InputError for a number that has ones above the bits of a register
Type joined_type(const Value& left, const Value& right, Location at) {
  const bool fits = left.width == 0 || left.width > 62 || right.width > 0 ||
                    right.integer >> left.width == 0 || right.integer >> left.width == -1;
  if (fits) return {left.kind, left.width == 0 ? 0 : std::max(left.width, right.width)};
  if (left.kind == TypeKind::bits)
    fail(at,
         fmt::format("{} does not fit into the {} bits that it is joined with", right.integer, left.width));
  return {TypeKind::integer, 0};
}

Value bitwise(std::string_view operator_, const Value& left, const Value& right, Location at) {
  if (!left.whole() || !right.whole()) fail(at, fmt::format("{} takes integers or bits", operator_));
  Value result = left;
  if (operator_.size() == 1 && left.kind == TypeKind::boolean && right.kind != TypeKind::boolean) {
    result.kind = right.kind;
    result.width = right.width;
  } else if (operator_ == "|" || operator_ == "^") {
    const auto type = joined_type(left, right, at);
    result.kind = type.kind;
    result.width = type.width;
  }
  if (operator_ == "&") result.integer &= right.integer;
  if (operator_ == "|") result.integer |= right.integer;
  if (operator_ == "^") result.integer ^= right.integer;
  if (operator_ == "<<" || operator_ == ">>") {
    if (right.integer < 0 || right.integer > 62) fail(at, "a shift is by 0 to 62 places");
    const auto value = static_cast<std::uint64_t>(left.integer);
    result.integer =
        operator_ == ">>" ? left.integer >> right.integer : static_cast<std::int64_t>(value << right.integer);
    const bool wraps = left.width > 0 && left.width <= 63;
    if (operator_ == "<<" && !wraps && result.integer >> right.integer != left.integer) {
      fail(at, "the integer is too large");
    }
  }
  result.integer = wrapped(result.integer, result.kind, result.width, at);
  return result;
}

struct Function {
  std::string_view name;
  double (*value)(double);
};

constexpr Function functions[] = {
    {"sin", [](double x) { return std::sin(x); }},     {"cos", [](double x) { return std::cos(x); }},
    {"tan", [](double x) { return std::tan(x); }},     {"arcsin", [](double x) { return std::asin(x); }},
    {"arccos", [](double x) { return std::acos(x); }}, {"arctan", [](double x) { return std::atan(x); }},
    {"asin", [](double x) { return std::asin(x); }},   {"acos", [](double x) { return std::acos(x); }},
    {"atan", [](double x) { return std::atan(x); }},   {"exp", [](double x) { return std::exp(x); }},
    {"ln", [](double x) { return std::log(x); }},      {"log", [](double x) { return std::log(x); }},
    {"sqrt", [](double x) { return std::sqrt(x); }},
};

/// Bits that leave at one end come in at the other. @param sign 1: upwards
Value rotated(const Value& value, const Value& by, int sign, Location at) {
  const int width = value.width;
  const bool has_bits = value.kind == TypeKind::bits || value.kind == TypeKind::unsigned_integer;
  if (!has_bits || width == 0 || width > most_value_bits || !by.whole())
    fail(at, fmt::format("rotl and rotr take bits or a uint with a width of up to {}, and an integer",
                         most_value_bits));
  const auto places = ((sign * (by.integer % width)) % width + width) % width;
  const auto all = (std::uint64_t{1} << width) - 1, bits = static_cast<std::uint64_t>(value.integer);
  Value result = value;
  result.integer = static_cast<std::int64_t>(((bits << places) | (bits >> (width - places))) & all);
  return result;
}

Value rounded(double real, Location at) {
  if (!(std::abs(real) < 9e18)) fail(at, "the integer is too large");
  return Value::of(static_cast<std::int64_t>(real));
}

/// Bits are copied, and a whole number of one type with a width becomes one of another as in C: modulo
/// 2^width.
bool keeps_bits(const Value& value, Type type) {
  if (value.width == 0 || type.width == 0) return false;
  return value.kind == TypeKind::bits ? value.width == type.width : value.kind != type.kind;
}

Value cast_to_integer(const Value& value, Type type, Location at) {
  auto integer = value.whole() ? value : rounded(std::trunc(value.real), at);
  if (keeps_bits(integer, type)) integer.integer = wrapped(integer.integer, type.kind, type.width, at);
  const bool is_signed = type.kind == TypeKind::integer;
  const int bits = type.width == 0 || type.width > 63 ? 63 : is_signed ? type.width - 1 : type.width;
  const auto most = bits == 63 ? std::numeric_limits<std::int64_t>::max() : (std::int64_t{1} << bits) - 1;
  const auto least = is_signed ? -most - 1 : 0;
  if (integer.integer < least || integer.integer > most) {
    fail(at, fmt::format("{} does not fit: the type holds {} to {}", integer.integer, least, most));
  }
  return {type.kind, integer.integer, 0, type.width};
}

Value cast_to_bits(const Value& value, int width, Location at) {
  if (!value.whole()) fail(at, "bits are made from bits, integers or booleans");
  if (value.kind == TypeKind::bits && value.width != width) {
    fail(at, fmt::format("{} bits given for {}", value.width, width));
  }
  const auto bits = value.width == width ? wrapped(value.integer, TypeKind::bits, width, at) : value.integer;
  if (width < 63 && (bits >> width) != 0) fail(at, fmt::format("{} has more than {} bits", bits, width));
  return {TypeKind::bits, bits, 0, width};
}

/// The nearest multiple, of two equally near ones the even one; bits are copied.
Value cast_to_angle(const Value& value, int width, Location at) {
  const double step = angle_step(width);
  const bool copied = value.kind == TypeKind::bits && step > 0;
  if (copied && value.width != width) fail(at, fmt::format("{} bits given for {}", value.width, width));
  const double multiple = copied ? static_cast<double>(value.integer) : std::nearbyint(value.number() / step);
  auto angle = finite(step == 0 ? value.number() : multiple * step, TypeKind::angle, at);
  angle.width = width;
  return angle;
}

}  // namespace

Value unary(std::string_view operator_, const Value& operand, Location at) {
  if (operator_ == "!") return Value::of(!to_truth(operand, at));
  if (operator_ == "-") {
    const Value zero = operand.kind == TypeKind::unsigned_integer ? Value{operand.kind, 0, 0, operand.width}
                                                                  : Value::of(std::int64_t{0});
    return arithmetic('-', zero, operand, Version::three, at);
  }
  if (!operand.whole()) fail(at, "~ takes integers or bits");
  Value result = operand;
  result.integer = wrapped(~operand.integer, operand.kind, operand.width, at);
  if (operand.kind == TypeKind::boolean) result.integer &= 1;
  return result;
}

Value binary(std::string_view operator_, const Value& left, const Value& right, Version version,
             Location at) {
  if (operator_ == "**" || (operator_ == "^" && version == Version::two)) return power(left, right, at);
  if (operator_.size() == 1 && std::string_view("+-*/%").find(operator_[0]) != std::string_view::npos) {
    return arithmetic(operator_[0], left, right, version, at);
  }
  if (operator_ == "&&") return Value::of(to_truth(left, at) && to_truth(right, at));
  if (operator_ == "||") return Value::of(to_truth(left, at) || to_truth(right, at));
  if (operator_[0] == '=' || operator_[0] == '!' || operator_ == "<" || operator_ == ">" ||
      operator_ == "<=" || operator_ == ">=") {
    return comparison(operator_, left, right, at);
  }
  return bitwise(operator_, left, right, at);
}

Value call(std::string_view function, std::span<const Value> arguments, Location at) {
  const auto require = [&](std::size_t count) {
    if (arguments.size() != count) {
      fail(at, fmt::format("{} takes {} argument{}, not {}", function, count, count == 1 ? "" : "s",
                           arguments.size()));
    }
  };
  const auto* const found = std::ranges::find(functions, function, &Function::name);
  if (found != std::end(functions)) {
    require(1);
    require_constant(arguments[0], function, at);
    return finite(found->value(arguments[0].number()), TypeKind::real, at);
  }
  if (function == "floor" || function == "ceiling") {
    require(1);
    require_constant(arguments[0], function, at);
    if (arguments[0].whole()) return Value::of(arguments[0].integer);
    return rounded(function == "floor" ? std::floor(arguments[0].real) : std::ceil(arguments[0].real), at);
  }
  if (function == "mod" || function == "pow") {
    require(2);
    return function == "mod" ? arithmetic('%', arguments[0], arguments[1], Version::three, at)
                             : power(arguments[0], arguments[1], at);
  }
  if (function == "popcount") {
    require(1);
    if (!arguments[0].whole()) fail(at, "popcount takes bits or integers");
    return Value::of(std::int64_t{std::popcount(static_cast<std::uint64_t>(arguments[0].integer))});
  }
  if (function == "rotl" || function == "rotr") {
    require(2);
    return rotated(arguments[0], arguments[1], function == "rotl" ? 1 : -1, at);
  }
  fail(at, fmt::format("\"{}\" is not a function; there are sin, cos, tan, arcsin, arccos, arctan, exp, log, "
                       "sqrt, pow, mod, floor, ceiling, popcount, rotl, rotr",
                       function));
}

Value cast(const Value& value, Type type, Location at) {
  if (value.linear() && type.kind == TypeKind::real) return value;
  require_constant(value, "a conversion", at);
  switch (type.kind) {
    case TypeKind::boolean:
      return Value::of(to_truth(value, at));
    case TypeKind::bits:
      return cast_to_bits(value, std::max(type.width, 1), at);
    case TypeKind::integer:
    case TypeKind::unsigned_integer:
      return cast_to_integer(value, type, at);
    case TypeKind::real:
      return Value::of(type.width == 32 ? static_cast<double>(static_cast<float>(value.number()))
                                        : value.number());
    case TypeKind::angle:
      break;
  }
  return cast_to_angle(value, type.width, at);
}

Angle to_angle(const Value& value) { return {value.scale, value.slot, value.number()}; }

std::int64_t to_integer(const Value& value, std::string_view what, Location at) {
  if (!value.whole()) fail(at, fmt::format("{} is an integer, not a real number", what));
  return value.integer;
}

bool to_truth(const Value& value, Location at) {
  require_constant(value, "a condition", at);
  return value.number() != 0;
}

}  // namespace qupel::qasm
