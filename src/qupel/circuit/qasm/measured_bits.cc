#include <fmt/format.h>

#include <algorithm>

#include "qupel/circuit/qasm/decision.h"
#include "qupel/circuit/qasm/interpreter.h"

// Numbers that are made of measured bits by &, |, ^, ~, << and >>, as one decision a binary digit, the lowest
// first.
namespace qupel::qasm {
namespace {

constexpr std::size_t most_digits = most_value_bits;

bool is_bitwise(std::string_view text) {
  return text == "&" || text == "|" || text == "^" || text == "<<" || text == ">>";
}

bool is_sum(std::string_view text) { return text == "+" || text == "-" || text == "*"; }

// Above the 64 bits that hold the number its sign goes on.
bool digit(std::int64_t value, std::size_t k) { return ((value >> std::min(k, std::size_t{63})) & 1) != 0; }

bool is_number(const Type& type) { return is_whole_number(type.kind); }

// A negative literal is as wide as the unsigned number that it is joined with.
void fit_literal(auto& literal, const auto& number) {
  const bool is_unsigned = number.type.kind == Type::Kind::unsigned_integer && number.type.width > 0;
  if (is_number(literal.type) || !literal.has_sign || !is_unsigned ||
      literal.each.size() > number.each.size())
    return;
  literal.each.resize(number.each.size(), literal.each.back());
  literal.has_sign = false;
}

Type type_of_and(const auto& left, const auto& right) {
  return is_number(left.type) ? left.type : right.type;
}

// Of two numbers, one of which may be a register or a literal: that of the other, if it holds it.
Type joined_type(const auto& left, const auto& right) {
  const bool literal_left = !is_number(left.type), literal_right = !is_number(right.type);
  if (left.type == right.type) return left.type;
  if (literal_right && !right.has_sign && right.each.size() <= left.each.size()) return left.type;
  if (literal_left && !left.has_sign && left.each.size() <= right.each.size()) return right.type;
  const bool no_sign = !left.has_sign && !right.has_sign;
  const bool sized = left.type.width > 0 && right.type.width > 0;
  return no_sign && sized ? Type{Type::Kind::unsigned_integer, std::max(left.type.width, right.type.width)}
                          : Type{Type::Kind::integer, 0};
}

}  // namespace

std::optional<Interpreter::MeasuredNumber> Interpreter::measured_number_in(
    const Expression& expression) const {
  if (expression.kind == Expression::Kind::bits && is_whole_number(expression.type))
    return MeasuredNumber{{expression.type, expression.value.width}, expression.listed};
  const auto* symbol = expression.kind == Expression::Kind::name ? scope_.find(expression.text) : nullptr;
  if (symbol == nullptr || symbol->kind != Symbol::Kind::bits || !is_whole_number(symbol->type.kind))
    return std::nullopt;
  return MeasuredNumber{symbol->type, symbol->bits};
}

Interpreter::Digits Interpreter::digits_of(std::span<const int> bits) const {
  Digits made;
  for (const int bit : bits) made.each.push_back(decided(bit));
  return made;
}

std::optional<Interpreter::Digits> Interpreter::digits(const Expression& expression) {
  using Kind = Expression::Kind;
  if (expression.kind == Kind::unary && expression.text == "~") {
    auto made = digits(expression.parts[0]);
    if (!made) return made;
    complete(*made);
    for (auto& decided : made->each) decided = negated(std::move(decided), expression.at);
    return made;
  }
  if (expression.kind == Kind::binary && is_bitwise(expression.text)) return digits_of_binary(expression);
  if (expression.kind == Kind::binary && is_sum(expression.text)) return digits_of_sum(expression);
  if (expression.kind == Kind::unary && expression.text == "-") return negative(expression);
  const auto cast = cast_bits(expression);
  if (!cast && expression.kind == Kind::cast && is_whole_number(expression.type))
    return digits_of_cast(expression);
  if (!cast || cast->wraps_at > 0 || (cast->has_sign && cast->bits.size() > most_digits)) return std::nullopt;
  auto made = digits_of(cast->bits);
  made.has_sign = cast->has_sign;
  if (const auto number = measured_number_in(expression)) made.type = number->type;
  if (expression.kind == Kind::cast && is_whole_number(expression.type)) made.type = type_of_cast(expression);
  if (!made.has_sign) complete(made);
  return made;
}

void Interpreter::complete(Digits& digits) {
  if (!is_number(digits.type) || digits.each.size() > most_digits) return;
  const bool is_signed = digits.type.kind == Type::Kind::integer;
  auto width = static_cast<std::size_t>(whole_width(digits.type));
  if (digits.type.width == 0)
    width = std::max(width, digits.each.size() + (is_signed && !digits.has_sign ? 1 : 0));
  width = std::min(width, most_digits);
  resize(digits, width);
  digits.has_sign = is_signed;
}

Type Interpreter::type_of_cast(const Expression& cast) const {
  Type type{cast.type, 0};
  if (cast.parts.size() > 1)
    type.width = static_cast<int>(std::clamp<std::int64_t>(evaluate_.integer(cast.parts[1], "a width"), 1,
                                                           static_cast<std::int64_t>(most_digits)));
  return type;
}

// Of what is no register. A narrower type drops the highest digits, a wider one repeats the sign.
std::optional<Interpreter::Digits> Interpreter::digits_of_cast(const Expression& expression) {
  const auto& inner = expression.parts[0];
  auto made = is_one_bit(inner) ? std::optional(Digits{{decision(inner)}}) : digits(inner);
  if (!made) return made;
  const auto type = type_of_cast(expression);
  const auto width = std::min(static_cast<std::size_t>(whole_width(type)), most_digits);
  resize(*made, width);
  made->has_sign = type.kind == Type::Kind::integer;
  made->type = type;
  return made;
}

void Interpreter::resize(Digits& digits, std::size_t width) {
  const auto above = digits.has_sign ? digits.each.back() : Decision::of(false);
  digits.each.resize(width, above);
}

std::optional<Interpreter::Digits> Interpreter::digits_for(Type::Kind type, const Expression& value) {
  if (type == Type::Kind::boolean) return Digits{{decision(value)}};
  auto made = digits(value);
  if (!made && is_one_bit(value)) made = Digits{{decision(value)}};
  if (made) trim(*made);
  return made;
}

// A constant has a type, too, if it is a variable with a width.
std::optional<Interpreter::Digits> Interpreter::operand(const Expression& expression) {
  if (evaluate_.depends_on_measurement(expression)) {
    auto made = is_one_bit(expression) ? std::optional(Digits{{decision(expression)}}) : digits(expression);
    if (made) complete(*made);
    return made;
  }
  const auto value = evaluate_.value(expression);
  auto made = constant_digits(to_integer(value, "what measured bits are joined with", expression.at));
  if (is_whole_number(value.kind) && value.width > 0) {
    made.type = {value.kind, value.width};
    complete(made);
  }
  return made;
}

// A constant as bits of a register: without a sign, and no wider.
Interpreter::Digits Interpreter::joined_with_register(const Expression& expression, std::size_t width) {
  const auto value = evaluate_.integer(expression, "what measured bits are joined with");
  const auto beyond = width <= most_digits ? value >> width : 0;
  if (beyond != 0 && beyond != -1)
    fail(expression.at,
         fmt::format("{} does not fit into the {} measured bits that it is joined with", value, width));
  Digits made;
  for (std::size_t bit = 0; bit < width; ++bit) made.each.push_back(Decision::of(digit(value, bit)));
  return made;
}

std::optional<Interpreter::Digits> Interpreter::digits_of_binary(const Expression& expression) {
  const auto& [text, parts] = std::tie(expression.text, expression.parts);
  if (text == "<<" || text == ">>") return shifted(expression);
  auto left = operand(parts[0]), right = operand(parts[1]);
  if (!left || !right) return std::nullopt;
  const bool numbers = is_number(left->type) || is_number(right->type);
  if (numbers) {
    fit_literal(*left, *right);
    fit_literal(*right, *left);
  } else if (text != "&") {
    if (!evaluate_.depends_on_measurement(parts[0]))
      left = joined_with_register(parts[0], right->each.size());
    if (!evaluate_.depends_on_measurement(parts[1]))
      right = joined_with_register(parts[1], left->each.size());
  }
  Digits made;
  if (numbers) made.type = text == "&" ? type_of_and(*left, *right) : joined_type(*left, *right);
  const auto width = match(*left, *right);
  made.has_sign = left->has_sign;
  for (std::size_t bit = 0; bit < width; ++bit) {
    auto one = std::move(left->each[bit]), other = std::move(right->each[bit]);
    made.each.push_back(text == "&"   ? both(std::move(one), std::move(other))
                        : text == "|" ? either(std::move(one), std::move(other), expression.at)
                                      : different(std::move(one), std::move(other), expression.at));
  }
  return made;
}

std::optional<Interpreter::Digits> Interpreter::shifted(const Expression& expression) {
  auto given = digits(expression.parts[0]);
  if (!given) return given;
  complete(*given);
  const auto by = evaluate_.integer(expression.parts[1], "a shift");
  if (by < 0) fail(expression.parts[1].at, "a shift is 0 or more");
  const auto width = given->each.size();
  // A number with a sign keeps it when it is shifted to the right.
  const auto filling = given->has_sign && expression.text == ">>" ? given->each.back() : Decision::of(false);
  Digits made{std::vector(width, filling), given->has_sign, false, given->type};
  const auto shift = std::min(static_cast<std::size_t>(by), width);
  for (std::size_t k = shift; k < width; ++k)
    expression.text == "<<" ? made.each[k] = std::move(given->each[k - shift])
                            : made.each[k - shift] = std::move(given->each[k]);
  return made;
}

Decision Interpreter::compared(Digits digits, Condition::Relation relation, std::int64_t value, Location at) {
  using Relation = Condition::Relation;
  if (relation == Relation::not_equal || relation == Relation::greater || relation == Relation::greater_equal)
    return negated(compared(std::move(digits), negation(Condition{{}, relation}).relation, value, at), at);
  auto& each = digits.each;
  if (digits.has_sign) {  // from the lowest number on
    if (each.size() > most_digits)
      fail(at, fmt::format("measured bits with a sign are joined up to {} of them", most_digits));
    each.back() = negated(std::move(each.back()), at);
    if (__builtin_add_overflow(value, std::int64_t{1} << (each.size() - 1), &value))
      return Decision::of(relation != Relation::equal);
  }
  const bool beyond = each.size() <= most_digits && (value >> each.size()) != 0;
  if (value < 0 || beyond) return Decision::of(value >= 0 && relation != Relation::equal);
  auto holds = Decision::of(relation != Relation::less);  // of the digits so far, the lowest ones
  for (std::size_t k = 0; k < each.size(); ++k) {
    auto zero = negated(each[k], at);
    if (relation == Relation::equal)
      holds = both(digit(value, k) ? std::move(each[k]) : std::move(zero), std::move(holds));
    else if (digit(value, k))
      holds = either(std::move(zero), std::move(holds), at);
    else
      holds = both(std::move(zero), std::move(holds));
  }
  return holds;
}

}  // namespace qupel::qasm
