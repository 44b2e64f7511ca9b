#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "qupel/circuit/qasm/decision.h"
#include "qupel/circuit/qasm/interpreter.h"

// Sums, differences and multiples of numbers that are made of measured bits, digit by digit as on paper, and
// which of two is less.
namespace qupel::qasm {
namespace {

bool is_sized_unsigned(const Type& type) {
  return type.kind == Type::Kind::unsigned_integer && type.width > 0;
}

}  // namespace

// Digits above the highest that is not surely 0 are dropped, so that few are added.
void Interpreter::trim(Digits& digits) {
  auto& each = digits.each;
  while (each.size() > 1 && each.back().known == false) {
    each.pop_back();
    digits.has_sign = false;
  }
}

Interpreter::Digits Interpreter::constant_digits(std::int64_t value) {
  Digits made{{}, value < 0};
  for (auto rest = value; rest != 0 && rest != -1; rest >>= 1)
    made.each.push_back(Decision::of((rest & 1) != 0));
  if (value < 0 || made.each.empty()) made.each.push_back(Decision::of(value < 0));
  return made;
}

std::optional<Interpreter::Digits> Interpreter::summand(const Expression& expression) {
  auto made = operand(expression);
  if (made) trim(*made);
  return made;
}

// So wide that both have a sign if one of them has.
std::size_t Interpreter::match(Digits& left, Digits& right) {
  const bool has_sign = left.has_sign || right.has_sign;
  const auto needed = [=](const Digits& digits) {
    return digits.each.size() + (has_sign && !digits.has_sign ? 1 : 0);
  };
  const auto width = std::max(needed(left), needed(right));
  resize(left, width);
  resize(right, width);
  left.has_sign = right.has_sign = has_sign;
  return width;
}

Interpreter::Digits Interpreter::sum(Digits left, Digits right, bool subtracts, Location at) {
  if (subtracts && !left.has_sign) {
    left.each.push_back(Decision::of(false));
    left.has_sign = true;
  }
  const auto width = match(left, right) + 1;
  if (width > static_cast<std::size_t>(most_value_bits))
    fail(at, fmt::format("a sum of measured bits has up to {} binary digits", most_value_bits));
  resize(left, width);
  resize(right, width);
  Digits made{{}, left.has_sign, true};
  auto carry = Decision::of(subtracts);
  for (std::size_t k = 0; k < width; ++k) {
    const auto& one = left.each[k];
    const auto other = subtracts ? negated(right.each[k], at) : right.each[k];
    const auto differ = different(one, other, at);
    made.each.push_back(different(differ, carry, at));
    if (k + 1 < width) carry = either(both(one, other), both(differ, carry), at);
  }
  made.type = {Type::Kind::integer, 0};
  if (is_sized_unsigned(left.type) && is_sized_unsigned(right.type)) {
    made.type = {Type::Kind::unsigned_integer, std::max(left.type.width, right.type.width)};
    resize(made, static_cast<std::size_t>(made.type.width));
    made.has_sign = false;
  }
  trim(made);
  return made;
}

// 0 - x
std::optional<Interpreter::Digits> Interpreter::negative(const Expression& expression) {
  auto digits = summand(expression.parts[0]);
  if (!digits) return digits;
  auto zero = constant_digits(0);
  if (is_sized_unsigned(digits->type)) zero.type = digits->type;
  return sum(std::move(zero), std::move(*digits), true, expression.at);
}

std::optional<Interpreter::Digits> Interpreter::digits_of_sum(const Expression& expression) {
  const auto& [text, parts] = std::tie(expression.text, expression.parts);
  if (text == "*") return multiple(expression);
  auto left = summand(parts[0]), right = summand(parts[1]);
  if (!left || !right) return std::nullopt;
  return sum(std::move(*left), std::move(*right), text == "-", expression.at);
}

// Of a constant.
std::optional<Interpreter::Digits> Interpreter::multiple(const Expression& expression) {
  const bool on_the_left = evaluate_.depends_on_measurement(expression.parts[0]);
  const auto& measured = expression.parts[on_the_left ? 0 : 1];
  const auto& constant = expression.parts[on_the_left ? 1 : 0];
  if (evaluate_.depends_on_measurement(constant))
    fail(expression.at, "measured bits are multiplied by constants only");
  const auto factor = evaluate_.integer(constant, "a factor of measured bits");
  auto shifted = summand(measured);
  if (!shifted) return shifted;
  if (factor < -(std::int64_t{1} << most_value_bits)) fail(constant.at, "the factor is too large");
  auto made = constant_digits(0);
  for (auto rest = factor < 0 ? -factor : factor; rest > 0; rest >>= 1) {
    if ((rest & 1) != 0) made = sum(std::move(made), *shifted, false, expression.at);
    shifted->each.insert(shifted->each.begin(), Decision::of(false));
  }
  if (factor < 0) made = sum(constant_digits(0), std::move(made), true, expression.at);
  made.may_wrap = true;
  made.type = {Type::Kind::integer, 0};
  return made;
}

Decision Interpreter::equal(Digits left, Digits right, Location at) {
  const auto width = match(left, right);
  auto all = Decision::of(true);
  for (std::size_t k = 0; k < width; ++k)
    all = both(std::move(all), negated(different(std::move(left.each[k]), std::move(right.each[k]), at), at));
  return all;
}

Decision Interpreter::less(Digits left, Digits right, Location at) {
  const auto width = match(left, right);
  if (left.has_sign) {  // negative numbers come first
    for (auto* digits : {&left, &right}) digits->each.back() = negated(digits->each.back(), at);
  }
  auto holds = Decision::of(false);  // of the digits so far, the lowest ones
  for (std::size_t k = 0; k < width; ++k) {
    const auto &one = left.each[k], &other = right.each[k];
    auto equal = negated(different(one, other, at), at);
    holds = either(both(negated(one, at), other), both(std::move(equal), std::move(holds)), at);
  }
  return holds;
}

}  // namespace qupel::qasm
