#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "qupel/circuit/qasm/interpreter.h"

// Comparisons of measured bits with constants.
namespace qupel::qasm {
namespace {

using Relation = Condition::Relation;
constexpr std::size_t most_compared_bits = most_value_bits;  // at a time

// The relation with its sides exchanged.
Relation mirrored(Relation relation) {
  switch (relation) {
    case Relation::less:
      return Relation::greater;
    case Relation::less_equal:
      return Relation::greater_equal;
    case Relation::greater:
      return Relation::less;
    case Relation::greater_equal:
      return Relation::less_equal;
    default:
      return relation;
  }
}

// The binary digits of a decimal number, the lowest first.
std::vector<bool> binary_digits(std::string_view decimal) {
  std::string digits(decimal);
  std::erase(digits, '_');
  std::vector<bool> bits;
  while (!digits.empty()) {
    int rest = 0;
    for (char& digit : digits) {
      const int value = 10 * rest + (digit - '0');
      digit = static_cast<char>('0' + value / 2);
      rest = value % 2;
    }
    bits.push_back(rest != 0);
    digits.erase(0, digits.find_first_not_of('0'));
  }
  return bits;
}

std::vector<bool> binary_digits(std::int64_t value) {
  std::vector<bool> bits;
  for (; value > 0; value >>= 1) bits.push_back((value & 1) != 0);
  return bits;
}

// As many as a number in two's complement has.
std::vector<bool> binary_digits(std::int64_t value, std::size_t count) {
  std::vector<bool> bits;
  for (std::size_t k = 0; k < count; ++k) bits.push_back(((value >> std::min(k, std::size_t{63})) & 1) != 0);
  return bits;
}

}  // namespace

// A register, or what is 0 or 1, with a constant.
Decision Interpreter::comparison(const Expression& expression) {
  const auto at = expression.at;
  auto relation = relation_of(expression.text);
  const bool on_the_left = evaluate_.depends_on_measurement(expression.parts[0]);
  const Expression* measured = &expression.parts[on_the_left ? 0 : 1];
  const Expression& constant = expression.parts[on_the_left ? 1 : 0];
  if (!relation || evaluate_.depends_on_measurement(constant)) {
    fail(at,
         fmt::format(
             "\"{}\" of measured bits is not supported: they may be compared, joined by &, |, ^, ~, <<, >>, "
             "+ and -, and multiplied by constants",
             expression.text));
  }
  if (!on_the_left) relation = mirrored(*relation);
  if (const auto cast = cast_bits(*measured)) return compared(*cast, *relation, constant);
  const Expression* inner = measured;  // of conversions, which change no single bit
  while (inner->kind == Expression::Kind::cast && !holds_angles(inner->type)) inner = &inner->parts[0];
  if (!is_one_bit(*inner)) {
    if (auto each = digits(*measured))
      return compared(std::move(*each), *relation,
                      evaluate_.integer(constant, "what measured bits are compared with"), at);
  } else {
    measured = inner;
  }
  const auto made = decision(*measured);
  if (!is_one_bit(*measured)) fail(at, "only a register or a condition can be compared with a constant");
  if (!made.known) return compared({kept(made.all, at).bits}, *relation, constant);
  const auto result = compared({{0}}, *relation, constant);  // of a bit whose value is known
  return result.known ? result : Decision::of(result.all[0].holds({*made.known}));
}

// The bits of a register, or of one that is cast to whole numbers: uint[2](c) has the two lowest ones of c,
// and int[3](c) of three bits has a sign. Nothing for what is no register.
std::optional<Interpreter::CastBits> Interpreter::cast_bits(const Expression& expression) const {
  using Kind = Expression::Kind;
  if (const auto number = measured_number_in(expression))
    return CastBits{number->bits, holds_sign(number->type, number->bits.size())};
  if (expression.kind == Kind::name || expression.kind == Kind::index || expression.kind == Kind::bits)
    return CastBits{evaluate_.bits(expression)};
  if (expression.kind != Kind::cast || holds_angles(expression.type) ||
      expression.type == Type::Kind::boolean)
    return std::nullopt;
  auto inner = cast_bits(expression.parts[0]);
  if (!inner) return inner;
  const bool is_signed = expression.type == Type::Kind::integer;
  auto width = static_cast<std::int64_t>(most_compared_bits);
  if (expression.parts.size() > 1) {
    width = evaluate_.integer(expression.parts[1], "a width");
    if (width < 1) fail(expression.parts[1].at, "a type's width is at least 1");
    const auto bits = static_cast<std::int64_t>(inner->bits.size());
    if (width < bits) inner->bits.resize(static_cast<std::size_t>(width));
    if (width <= bits) return CastBits{std::move(inner->bits), is_signed};
  }
  // A wider type repeats the sign, which changes no value but those that are negative and lose it.
  if (!inner->has_sign) return inner;
  width = std::min(width, static_cast<std::int64_t>(most_compared_bits));
  const bool wraps = inner->wraps_at > 0;
  if (is_signed && width <= inner->wraps_at) inner->wraps_at = 0;
  if (!is_signed)
    inner->wraps_at = wraps ? std::min(inner->wraps_at, static_cast<int>(width)) : static_cast<int>(width);
  return inner;
}

// Measured bits with a constant of the program.
Decision Interpreter::compared(const CastBits& measured, Relation relation, const Expression& constant) {
  const auto& bits = measured.bits;
  if (constant.kind == Expression::Kind::large_integer) {
    auto value = binary_digits(constant.text);
    if (measured.has_sign && value.size() >= bits.size())  // more than they hold
      return Decision::of(relation == Relation::not_equal || relation == Relation::less ||
                          relation == Relation::less_equal);
    return compared(bits, relation, std::move(value), constant.at);
  }
  const auto value = evaluate_.integer(constant, "what measured bits are compared with");
  if (measured.wraps_at > 0) return compared_wrapped(measured, relation, value, constant.at);
  if (measured.has_sign && bits.size() <= most_compared_bits)
    return compared_with_sign(bits, relation, value, constant.at);
  if (measured.has_sign) {
    if (relation != Relation::equal && relation != Relation::not_equal)
      fail(constant.at, fmt::format("measured bits with a sign are compared by size up to {} of them",
                                    most_compared_bits));
    return compared(bits, relation, binary_digits(value, bits.size()), constant.at);
  }
  if (value >= 0) return compared(bits, relation, binary_digits(value), constant.at);
  return Decision::of(relation == Relation::not_equal || relation == Relation::greater ||
                      relation == Relation::greater_equal);
}

// Measured bits with a sign in a wider type without one: negative numbers are at its upper end.
Decision Interpreter::compared_wrapped(const CastBits& measured, Relation relation, std::int64_t value,
                                       Location at) {
  const auto lowest_negative =
      (std::int64_t{1} << measured.wraps_at) - (std::int64_t{1} << (measured.bits.size() - 1));
  const auto highest = (std::int64_t{1} << (measured.bits.size() - 1)) - 1;
  if (relation == Relation::equal || relation == Relation::not_equal) {
    if (value > highest && value < lowest_negative) return Decision::of(relation == Relation::not_equal);
    if (value < 0) return Decision::of(relation == Relation::not_equal);
    const auto with_sign = value > highest ? value - (std::int64_t{1} << measured.wraps_at) : value;
    return compared_with_sign(measured.bits, relation, with_sign, at);
  }
  if (relation == Relation::less || relation == Relation::greater_equal) --value;  // x < v is x <= v - 1
  const bool upwards = relation == Relation::greater || relation == Relation::greater_equal;
  if (value < 0) return Decision::of(upwards);
  if (value < highest || value >= lowest_negative)
    fail(at, "measured bits with a sign are compared by == and !=, and by size with 0 alone");
  return compared(std::vector{measured.bits.back()}, upwards ? Relation::not_equal : Relation::equal, {}, at);
}

// Measured bits as a number in two's complement.
Decision Interpreter::compared_with_sign(const std::vector<int>& bits, Relation relation, std::int64_t value,
                                         Location at) {
  const auto end = std::int64_t{1} << (bits.size() - 1);  // one more than the highest number
  if (relation == Relation::equal || relation == Relation::not_equal) {
    if (value < -end || value >= end) return Decision::of(relation == Relation::not_equal);
    return compared(bits, relation, binary_digits(value < 0 ? value + 2 * end : value), at);
  }
  value = std::clamp(value, -end - 2, end + 2);
  if (relation == Relation::less || relation == Relation::greater_equal) --value;  // x < v is x <= v - 1
  const bool upwards = relation == Relation::greater || relation == Relation::greater_equal;
  if (value < -end) return Decision::of(upwards);
  if (value >= end - 1) return Decision::of(!upwards);
  if (value != -1) {
    auto all = digits_of(bits);
    all.has_sign = true;
    return compared(std::move(all), upwards ? Relation::greater : Relation::less_equal, value, at);
  }
  return compared(std::vector{bits.back()}, upwards ? Relation::equal : Relation::not_equal, {}, at);
}

// Bits with a number of any size, both the lowest first.
Decision Interpreter::compared(std::span<const int> bits, Relation relation, std::vector<bool> value,
                               Location at) {
  if (relation == Relation::not_equal)
    return negated(compared(bits, Relation::equal, std::move(value), at), at);
  const bool beyond =
      std::find(value.begin() + static_cast<std::ptrdiff_t>(std::min(bits.size(), value.size())), value.end(),
                true) != value.end();
  if (beyond) return Decision::of(relation == Relation::less || relation == Relation::less_equal);
  if (relation != Relation::equal && bits.size() == 1) {
    const Condition asked{{0}, relation, value.empty() || !value[0] ? 0U : 1U};
    const bool zero = asked.holds({false}), one = asked.holds({true});
    if (zero == one) return Decision::of(one);
    return Decision::of(Condition{{bits[0]}, Relation::equal, one ? 1U : 0U});
  }
  if (relation != Relation::equal && bits.size() > most_compared_bits)
    fail(at, fmt::format("measured bits are compared by size up to {} of them", most_compared_bits));
  if (relation != Relation::equal && !is_register(bits)) {
    std::int64_t number = 0;
    for (std::size_t k = 0; k < std::min(bits.size(), value.size()); ++k)
      number |= std::int64_t{value[k]} << k;
    return compared(digits_of(bits), relation, number, at);
  }
  value.resize(bits.size());
  Decision all = Decision::of(true);
  for (std::size_t first = 0; first < bits.size(); first += most_compared_bits) {
    const auto count = std::min(most_compared_bits, bits.size() - first);
    Condition part{{bits.begin() + static_cast<std::ptrdiff_t>(first),
                    bits.begin() + static_cast<std::ptrdiff_t>(first + count)},
                   relation,
                   0};
    for (std::size_t k = 0; k < count; ++k) part.value |= std::uint64_t{value[first + k]} << k;
    all = both(std::move(all), Decision::of(std::move(part)));
  }
  return all;
}

bool Interpreter::is_register(std::span<const int> bits) const {
  return std::ranges::any_of(registers_, [&](const BitRegister& each) {
    return static_cast<std::size_t>(each.size) == bits.size() && each.first == bits[0] &&
           bits.back() - bits.front() + 1 == each.size && std::ranges::is_sorted(bits);
  });
}

}  // namespace qupel::qasm
